/**
 * How nodes claim the partitions of a ring, so that each gets its share and partitions of one node
 * are at least n apart, also around the end. Rules in SPEC.md, RG.
 *
 * A new ring is dealt out round by round, like cards. Where the partitions do not come out even, some
 * nodes have to sit out a round; who does is chosen so that no two turns of one node come
 * closer than n: the rounds share the sitters-out evenly, those with the highest numbers in the first round, those
 * just below them in the second, and so on. Between two turns of a node lie then at most those of
 * one round. It can be done at all when floor(partitions / n) turns for every node are enough (the
 * chromatic number of a power of a cycle), and then this does it.
 *
 * riak_core deals out plainly and mends the violations at the ring's end afterwards, which succeeds
 * often but not always (its docs/claim-fixes.md); here rings are small enough to search.
 */
/** Owner of each partition. */
export type Owners = readonly string[];

/** How many places the search for a newcomer's partitions may begin at; each has 4 steps for each of them. */
const BEGINNINGS_MAX = 256;

/** Steps that a search for a leaver's heirs may take for each of its partitions. */
const STEPS_PER_HEIR = 20;

/** How many partitions more than its share an heir may get so that nothing else need move. */
const UNFAIR = [0, 1, 2, 4, 8];

/** The claim of a new ring. */
export function claim(nodes: readonly string[], partitions: number): Owners {
  const rounds = Math.ceil(partitions / nodes.length);
  // How many turns too many there are: so many nodes sit out one round each.
  const spare = rounds * nodes.length - partitions;
  const owners: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const to = spare - Math.floor((spare * round) / rounds);
    const from = spare - Math.floor((spare * (round + 1)) / rounds);
    owners.push(...nodes.slice(0, from), ...nodes.slice(to));
  }
  return owners;
}

/** The least distance between two partitions of one node; Infinity when none has two. */
export function spacingOf(owners: Owners): number {
  const last = new Map<string, number>();
  let least = Number.POSITIVE_INFINITY;
  // Twice around, so that the distance over the end is seen as well.
  for (let i = 0; i < 2 * owners.length; i++) {
    const owner = owners[i % owners.length] as string;
    const before = last.get(owner);
    if (before !== undefined && i - before < owners.length) least = Math.min(least, i - before);
    last.set(owner, i);
  }
  return least;
}

/** True when nodes that many can keep any n partitions in a row apart. */
function canBeSpaced(nodeCount: number, partitions: number, n: number): boolean {
  return nodeCount * Math.floor(partitions / n) >= partitions;
}

/** The claim after the last of `nodes` has joined. */
export function claimForNewcomer(before: Owners, nodes: readonly string[], n: number): Owners {
  const newcomer = nodes.at(-1) as string;
  const gap = canBeSpaced(nodes.length, before.length, n) ? n : 1;
  if (spacingOf(before) < gap) return claimAnew(before, nodes);
  const taken = new Taking(before, Math.floor(before.length / nodes.length), gap).partitions();
  if (taken === undefined) return claimAnew(before, nodes);
  return before.map((owner, partition) => (taken.has(partition) ? newcomer : owner));
}

/** A search for a newcomer's partitions: evenly around the ring, from those who have most. */
class Taking {
  readonly #before: Owners;
  readonly #count: number;
  readonly #gap: number;
  /** How many each owner has still to give. */
  readonly #quotas: Map<string, number>;
  readonly #taken: number[] = [];
  #stepsLeft = 0;

  constructor(before: Owners, count: number, gap: number) {
    this.#before = before;
    this.#count = count;
    this.#gap = gap;
    this.#quotas = quotasOf(before, count);
  }

  /** `count` partitions that are at least `gap` apart, or undefined when none were found. */
  partitions(): ReadonlySet<number> | undefined {
    const total = this.#before.length;
    if (this.#count === 0) return new Set();
    for (let first = 0; first < Math.min(total, BEGINNINGS_MAX); first++) {
      this.#stepsLeft = 4 * this.#count;
      if (this.#take(first)) return new Set(this.#taken.map((place) => place % total));
    }
    return undefined;
  }

  /** Takes one place and goes on with the next; places count on over the end of the ring. */
  #take(place: number): boolean {
    const owner = this.#before[place % this.#before.length] as string;
    const quota = this.#quotas.get(owner) ?? 0;
    if (quota === 0 || this.#stepsLeft-- <= 0) return false;
    this.#quotas.set(owner, quota - 1);
    this.#taken.push(place);
    if (this.#taken.length === this.#count) return true;
    if (this.#nextPlaces().some((next) => this.#take(next))) return true;
    this.#taken.pop();
    this.#quotas.set(owner, quota);
    return false;
  }

  /** Where the next may lie: nearest first to where it would be if all were as far apart as they can. */
  #nextPlaces(): readonly number[] {
    const total = this.#before.length;
    const done = this.#taken.length;
    const first = this.#taken[0] as number;
    const ideal = first + Math.round((done * total) / this.#count);
    const reach = Math.floor(total / this.#count) + this.#gap;
    const from = Math.max((this.#taken[done - 1] as number) + this.#gap, ideal - reach);
    const to = Math.min(first + total - (this.#count - done) * this.#gap, ideal + reach);
    const places = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
    return places.sort((a, b) => Math.abs(a - ideal) - Math.abs(b - ideal));
  }
}

/** How many each owner gives when `count` are taken one after the other from whoever has most. */
function quotasOf(owners: Owners, count: number): Map<string, number> {
  const left = countsOf(owners);
  const quotas = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const [richest, has] = [...left].reduce((most, next) => (next[1] > most[1] ? next : most));
    left.set(richest, has - 1);
    quotas.set(richest, (quotas.get(richest) ?? 0) + 1);
  }
  return quotas;
}

/** The claim after `leaver` has left; `nodes` are the rest. */
export function claimOfLeaver(
  before: Owners,
  leaver: string,
  nodes: readonly string[],
  n: number,
): Owners {
  const gap = canBeSpaced(nodes.length, before.length, n) ? n : 1;
  const kept = before.map((owner) => (owner === leaver ? undefined : owner));
  const fair = Math.ceil(before.length / nodes.length);
  // With so many left, a partition's neighbours cannot be all of them: somebody can always take it.
  const isEasy = nodes.length >= 2 * n - 1;
  for (const unfair of isEasy ? [...UNFAIR, Number.POSITIVE_INFINITY] : UNFAIR) {
    const owners = new Filling(kept, nodes, gap, fair + unfair).owners();
    if (owners !== undefined && spacingOf(owners) >= gap) return owners;
  }
  return claimAnew(before, nodes);
}

/** A search for new owners of open partitions: the hardest partition first, and whoever has least. */
class Filling {
  readonly #owners: (string | undefined)[];
  readonly #open: Set<number>;
  readonly #nodes: readonly string[];
  readonly #gap: number;
  readonly #most: number;
  readonly #counts: Map<string, number>;
  #stepsLeft: number;

  constructor(
    kept: readonly (string | undefined)[],
    nodes: readonly string[],
    gap: number,
    most: number,
  ) {
    this.#owners = [...kept];
    this.#open = new Set(
      kept.flatMap((owner, partition) => (owner === undefined ? [partition] : [])),
    );
    this.#stepsLeft = STEPS_PER_HEIR * this.#open.size;
    this.#nodes = nodes;
    this.#gap = gap;
    this.#most = most;
    const counts = countsOf(kept);
    this.#counts = new Map(nodes.map((node) => [node, counts.get(node) ?? 0]));
  }

  /** The owners with nothing open, or undefined when none were found. */
  owners(): Owners | undefined {
    return this.#fill() ? (this.#owners as string[]) : undefined;
  }

  #fill(): boolean {
    const hardest = this.#hardest();
    if (hardest === undefined) return true;
    const { partition, candidates } = hardest;
    this.#open.delete(partition);
    for (const node of candidates) {
      if (this.#stepsLeft-- <= 0) return false;
      const has = this.#counts.get(node) as number;
      this.#owners[partition] = node;
      this.#counts.set(node, has + 1);
      if (this.#fill()) return true;
      this.#owners[partition] = undefined;
      this.#counts.set(node, has);
    }
    this.#open.add(partition);
    return false;
  }

  #hardest(): { partition: number; candidates: readonly string[] } | undefined {
    let hardest: { partition: number; candidates: readonly string[] } | undefined;
    for (const partition of this.#open) {
      const candidates = this.#candidates(partition);
      if (hardest === undefined || candidates.length < hardest.candidates.length)
        hardest = { partition, candidates };
      if (candidates.length === 0) break;
    }
    return hardest;
  }

  #candidates(partition: number): readonly string[] {
    const total = this.#owners.length;
    const near = new Set<string | undefined>();
    for (let away = 1; away < this.#gap; away++) {
      near.add(this.#owners[(partition + away) % total]);
      near.add(this.#owners[(partition - away + total) % total]);
    }
    const has = (node: string) => this.#counts.get(node) as number;
    return this.#nodes
      .filter((node) => !near.has(node) && has(node) < this.#most)
      .sort((a, b) => has(a) - has(b));
  }
}

/** A new claim in which each node has the turns that it had most of before, as far as others do not. */
function claimAnew(before: Owners, nodes: readonly string[]): Owners {
  const turns = claim(nodes, before.length);
  const common = new Map<string, number>();
  turns.forEach((turn, partition) => {
    const pair = JSON.stringify([turn, before[partition]]);
    common.set(pair, (common.get(pair) ?? 0) + 1);
  });
  const pairs = [...common].sort((a, b) => b[1] - a[1]).map(([pair]) => JSON.parse(pair));
  const takers = new Map<string, string>();
  const free = new Set(nodes);
  for (const [turn, node] of [...pairs, ...nodes.flatMap((a) => nodes.map((b) => [a, b]))]) {
    if (!takers.has(turn) && free.delete(node)) takers.set(turn, node);
  }
  return turns.map((turn) => takers.get(turn) as string);
}

function countsOf(owners: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const owner of owners)
    if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return counts;
}
