/**
 * ring: who owns which part of the keys, agreed on without a master. Two kinds, both plain frozen
 * data that can be sent: `ring`, a fixed number of equal partitions, each claimed by a node, as in
 * riak_core (how stands in ring-claim.ts); and `hashRing` (hash-ring.ts), many points a node on a
 * circle, as in Karger 1997 and Dynamo. Rules in SPEC.md, RG.
 *
 * Functions take the ring and return another; nobody changes one. Left out: weights, and zones as
 * riak_core's locations; a preference list that minds them is a lesson's exercise.
 */
import { ErlangError } from "../kernel/index.ts";
import { hash } from "./hash.ts";
import { checkCount, checkNodes, firstPoint, type HashRing } from "./hash-ring.ts";
import { claim, claimForNewcomer, claimOfLeaver, type Owners, spacingOf } from "./ring-claim.ts";

/** Partitions and who owns them. Plain data, to be sent and stored; made by `ring`, `joinRing`, `leaveRing`. */
export interface Ring {
  /** How many equal parts the keys are divided into. */
  readonly partitions: number;
  /** How long a preference list is: owners for each key. */
  readonly n: number;
  /** Members, in the order in which they joined. */
  readonly nodes: readonly string[];
  /** Owner of each partition, by its number. */
  readonly owners: readonly string[];
}

/** How a ring is made. */
export interface RingOptions {
  /** Number of partitions for good, 1 to 4,096; default 64, as in riak_core. It caps the number of nodes that own something. */
  readonly partitions?: number;
  /** Members, at least one, each once. */
  readonly nodes: readonly string[];
  /** Length of a preference list; default 3. Any n partitions in a row lie on n different nodes if they can. `target_n_val`. */
  readonly n?: number;
}

/** A partition that has to go from one node to another. */
export interface Move {
  readonly partition: number;
  readonly from: string;
  readonly to: string;
}

/** A changed ring, and what has to be handed over for it. */
export interface RingChange {
  readonly ring: Ring;
  readonly moves: readonly Move[];
}

const PARTITIONS = 64;
const PARTITIONS_MAX = 4096;

/**
 * Divides the keys among nodes: each gets as many partitions as any other, or one more. Any `n`
 * partitions in a row, also around the end, lie on n different nodes whenever that can be done, which
 * is when nodes × floor(partitions / n) ≥ partitions; otherwise nodes repeat in some preference
 * lists, and `meetsTargetN` says so. `riak_core_ring`.
 */
export function ring({ partitions = PARTITIONS, nodes, n = 3 }: RingOptions): Ring {
  checkCount(partitions, PARTITIONS_MAX, "ring's partitions");
  checkCount(n, partitions, "ring's n");
  const members = checkNodes(nodes, "ring");
  return made({ partitions, n, nodes: members, owners: claim(members, partitions) });
}

/** The partition of a key: `hash(key, ring.partitions)`. `riak_core_util:chash_key/1`. */
export function partitionIn(ring: Ring, key: unknown): number {
  return hash(key, ring.partitions);
}

/** The node that is responsible for a key, on either kind of ring. `riak_core_ring:index_owner/2`. */
export function ownerOf(ring: Ring | HashRing, key: unknown): string {
  if ("owners" in ring) return ring.owners[partitionIn(ring, key)] as string;
  return ring.nodes[ring.holders[firstPoint(ring, key)] as number] as string;
}

/**
 * The partition of a key and those that follow it, with their owners: `[[partition, node], …]`,
 * `ring.n` of them, around the end if need be. `riak_core_apl:get_primary_apl/3`.
 */
export function preflist(ring: Ring, key: unknown): readonly (readonly [number, string])[] {
  const { partitions, owners, n } = ring;
  const first = partitionIn(ring, key);
  return Array.from({ length: n }, (_, i) => {
    const partition = (first + i) % partitions;
    return [partition, owners[partition] as string] as const;
  });
}

/**
 * The first `count` different nodes from a key's place on, on either kind of ring: fewer only when the
 * ring has fewer. Unlike a preflist it never names a node twice. Dynamo's preference list.
 */
export function ownersOf(ring: Ring | HashRing, key: unknown, count: number): readonly string[] {
  checkCount(count, PARTITIONS_MAX, "ownersOf's count");
  const isClaimed = "owners" in ring;
  const length = isClaimed ? ring.partitions : ring.points.length;
  const first = isClaimed ? partitionIn(ring, key) : firstPoint(ring, key);
  const found = new Set<string>();
  for (let i = 0; i < length && found.size < count; i++) {
    const place = (first + i) % length;
    const owner = isClaimed ? ring.owners[place] : ring.nodes[ring.holders[place] as number];
    found.add(owner as string);
  }
  return [...found];
}

/** True when any `n` partitions in a row lie on n different nodes. `riak_core_claim:meets_target_n/2`. */
export function meetsTargetN({ owners, n }: Ring): boolean {
  return spacingOf(owners) >= n;
}

/**
 * The ring with one node more, and the moves to it. Partitions go to the newcomer alone, its share
 * (about 1 in m for m nodes) and no more; except when there were too few nodes for `n` different
 * owners and now there are enough: then the ring is claimed anew and more moves. `riak_core:join/1`.
 */
export function joinRing(ring: Ring, node: string): RingChange {
  const { nodes, n } = ring;
  if (nodes.includes(node))
    throw new ErlangError("badarg", `"${node}" is a member of this ring already`);
  const members = checkNodes([...nodes, node], "joinRing");
  return changed(ring, members, claimForNewcomer(ring.owners, members, n));
}

/**
 * The ring without a node, and the moves from it. Only what it owned moves, except when the rest
 * cannot take that and keep `n` different owners, and a ring claimed anew can. The last node cannot
 * leave: badarg. `riak_core:leave/0`.
 */
export function leaveRing(ring: Ring, node: string): RingChange {
  const { nodes, n } = ring;
  if (!nodes.includes(node))
    throw new ErlangError("badarg", `"${node}" is not a member of this ring`);
  const members = nodes.filter((member) => member !== node);
  if (members.length === 0)
    throw new ErlangError("badarg", `"${node}" is the only member of this ring: it cannot leave`);
  return changed(ring, members, claimOfLeaver(ring.owners, node, members, n));
}

/** What has to be handed over to get from one ring to another of as many partitions. `riak_core_ring:pending_changes/1`. */
export function moves(from: Ring, to: Ring): readonly Move[] {
  if (from.partitions !== to.partitions) {
    throw new ErlangError(
      "badarg",
      `moves compares rings of as many partitions, not ${from.partitions} with ${to.partitions}`,
    );
  }
  return to.owners.flatMap((owner, partition) => {
    const before = from.owners[partition] as string;
    return before === owner ? [] : [{ partition, from: before, to: owner }];
  });
}

function changed(before: Ring, nodes: readonly string[], owners: Owners): RingChange {
  const { partitions, n } = before;
  const after = made({ partitions, n, nodes, owners });
  return Object.freeze({ ring: after, moves: moves(before, after) });
}

function made(ring: Ring): Ring {
  const { partitions, n, nodes, owners } = ring;
  return Object.freeze({
    partitions,
    n,
    nodes: Object.freeze([...nodes]),
    owners: Object.freeze([...owners]),
  });
}
