/**
 * hashRing: many points of each node on a circle; a key belongs to the first point from its own place
 * on. Karger 1997. Who owns a key is asked with `ownerOf` and `ownersOf` of ring.ts. Rules in SPEC.md, RG.
 *
 * The points are kept as two rows of numbers, not as a list of pairs: a circle of the largest size
 * still fits into a message.
 */
import { ErlangError } from "../kernel/index.ts";
import { hash, RANGE_MAX } from "./hash.ts";

/** A circle of points and whose they are. Plain data, to be sent and stored; made by `hashRing`. */
export interface HashRing {
  /** Members, in the order given. */
  readonly nodes: readonly string[];
  /** Places of the points on the circle, 0 to 2 ** 32 − 1, in order. */
  readonly points: readonly number[];
  /** Whose point each is, as a number in `nodes`. */
  readonly holders: readonly number[];
}

/** How a circle of points is made. */
export interface HashRingOptions {
  /** Members, at least one, each once. */
  readonly nodes: readonly string[];
  /** Points of each node, 1 to 4,096, default 128; at most 30,000 points in all. More of them, less spread: about 1 / √points. */
  readonly points?: number;
}

const POINTS = 128;
const POINTS_EACH_MAX = 4096;
const POINTS_MAX = 30_000;

/**
 * Puts `points` points of each node on a circle, at `hash([node, i], 2 ** 32)`. A key belongs to the
 * first point at or after `hash(key, 2 ** 32)`, and on from the end to the beginning. With a node
 * more or less only its own keys change hands. `hash_ring`, `libring`, `ex_hash_ring`.
 */
export function hashRing({ nodes, points = POINTS }: HashRingOptions): HashRing {
  const members = checkNodes(nodes, "hashRing");
  checkCount(points, POINTS_EACH_MAX, "hashRing's points");
  if (points * members.length > POINTS_MAX) {
    throw new ErlangError(
      "badarg",
      `${members.length} nodes with ${points} points each are more than 30,000 points: give each fewer`,
    );
  }
  const all = members.flatMap((node, holder) =>
    Array.from({ length: points }, (_, i) => ({ at: hash([node, i], RANGE_MAX), holder })),
  );
  // Two points at one place: the node with the lesser name is first, whatever the order of the members.
  all.sort((a, b) => a.at - b.at || order(members[a.holder], members[b.holder]));
  return Object.freeze({
    nodes: Object.freeze(members),
    points: Object.freeze(all.map(({ at }) => at)),
    holders: Object.freeze(all.map(({ holder }) => holder)),
  });
}

function order(a: string | undefined, b: string | undefined): number {
  return String(a) < String(b) ? -1 : 1;
}

/** The number of the first point at or after a key's place; the first of all past the last. */
export function firstPoint({ points }: HashRing, key: unknown): number {
  const at = hash(key, RANGE_MAX);
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low % points.length;
}

// What is refused.

/** Refuses what is no count from 1 to `max`. */
export function checkCount(count: number, max: number, of: string): void {
  if (!Number.isInteger(count) || count < 1 || count > max)
    throw new ErlangError("badarg", `${of} is a number from 1 to ${max}, not ${String(count)}`);
}

/** The members of a ring; refuses none, and one twice. */
export function checkNodes(nodes: readonly string[], of: string): string[] {
  const isList = Array.isArray(nodes) && nodes.every((node) => typeof node === "string");
  if (!isList || nodes.length === 0)
    throw new ErlangError("badarg", `${of} takes the names of its nodes, at least one`);
  if (new Set(nodes).size !== nodes.length)
    throw new ErlangError("badarg", `${of} was given a node twice: ${nodes.join(", ")}`);
  return [...nodes];
}
