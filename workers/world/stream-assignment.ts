/** Which member of a group reads which partitions: all evenly, and as few as can be change hands. */

/** A member, in order of joining, and what it had before. */
export interface Candidate<Id> {
  readonly id: Id;
  readonly partitions: readonly number[];
}

/**
 * Gives every partition to exactly one member, if there is one; no member gets two more than
 * another. Each keeps of its own what is not above its share, as Kafka's sticky assignor lets it.
 */
export function assign<Id>(
  partitionCount: number,
  members: readonly Candidate<Id>[],
): ReadonlyMap<Id, readonly number[]> {
  const shares = sharesOf(partitionCount, members);
  const assigned = new Map<Id, number[]>();
  const free = new Set(Array.from({ length: partitionCount }, (_none, partition) => partition));
  for (const { id, partitions } of members) {
    const kept = partitions.filter((p) => free.has(p)).slice(0, shares.get(id));
    for (const partition of kept) free.delete(partition);
    assigned.set(id, kept);
  }
  const rest = [...free];
  for (const [id, own] of assigned) {
    own.push(...rest.splice(0, (shares.get(id) as number) - own.length));
    own.sort((a, b) => a - b);
  }
  return assigned;
}

/** How many partitions each member gets. One more, where they do not divide evenly, for those who have most. */
function sharesOf<Id>(
  partitionCount: number,
  members: readonly Candidate<Id>[],
): ReadonlyMap<Id, number> {
  const share = Math.floor(partitionCount / members.length);
  const larger = partitionCount % members.length;
  const byCount = [...members].sort((a, b) => b.partitions.length - a.partitions.length);
  return new Map(byCount.map(({ id }, i) => [id, i < larger ? share + 1 : share]));
}
