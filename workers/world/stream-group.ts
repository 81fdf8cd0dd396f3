/**
 * A group of consumers of a stream, as its broker keeps it: members, whose which partition is, and
 * how far the group has committed. Kafka's classic group protocol, with a poll in the place of its
 * joins and heartbeats.
 *
 * When members come or go the group prepares for a new generation. That begins when every member is
 * ready: it has polled since, so it has done with what it was given. Until then nobody is given
 * anything, and commits of the old generation still count; afterwards they do not. So a partition
 * never has two members in one generation, and none begins with it before the last has let go,
 * or was silent for too long. Nothing here sends or waits.
 */
import type { Node, Pid, Ref } from "../kernel/index.ts";
import type { From as Caller } from "../otp/call.ts";
import { assign } from "./stream-assignment.ts";
import type { GroupNote } from "./stream-journal.ts";
import type { From, Offsets, PollRequest } from "./stream-protocol.ts";

/** A poll that waits for records. */
export interface WaitingPoll {
  readonly caller: Caller;
  readonly request: PollRequest;
  /** The generation that its positions are of; 0 when they are worth nothing. */
  readonly generation: number;
}

export interface Member {
  readonly id: Ref;
  readonly pid: Pid;
  readonly monitor: Ref;
  turn: number;
  /** Has let go of its partitions, for the generation that is being prepared. */
  isReady: boolean;
  /** Its partitions in the generation under way, let go or not, and where it begins in each. */
  starts: Offsets;
  poll: WaitingPoll | undefined;
  /** When its poll has waited long enough or, while none waits, when it was silent for too long. */
  armed: ReturnType<Node["arm"]> | undefined;
}

/**
 * "preparing": waits until all are ready; also when there is nobody. "settling": all were, and the
 * new generation is being written down. "stable": everybody has what is theirs.
 */
export type Phase = "preparing" | "settling" | "stable";

export class ConsumerGroup {
  readonly name: string;
  /** Where it begins without a commit; of the first member. */
  readonly from: From;
  readonly partitionCount: number;
  readonly members = new Map<Ref, Member>();
  generation = 0;
  phase: Phase = "preparing";
  /** Offset of the next record, by partition, as committed. */
  readonly committed = new Map<number, number>();
  /** Records before this were given to somebody, by partition. Forgotten when the broker ends. */
  readonly #delivered = new Map<number, number>();
  readonly #owners = new Map<number, Member>();

  constructor(name: string, from: From, partitionCount: number) {
    this.name = name;
    this.from = from;
    this.partitionCount = partitionCount;
  }

  /** What was written down by a broker before. */
  recall({ generation, offsets }: GroupNote): void {
    this.generation = generation;
    this.commit(offsets);
  }

  /** What there would be to write down now. */
  note(): GroupNote {
    return { group: this.name, generation: this.generation, offsets: [...this.committed] };
  }

  commit(offsets: Offsets): void {
    for (const [partition, offset] of offsets) this.committed.set(partition, offset);
  }

  /** Who may be given records of a partition now. */
  ownerOf(partition: number): Member | undefined {
    return this.phase === "stable" ? this.#owners.get(partition) : undefined;
  }

  /** True when a commit of this member and generation counts. */
  accepts(member: Ref, generation: number): boolean {
    const isOfNow = generation > 0 && generation === this.generation && this.phase !== "settling";
    return isOfNow && this.members.has(member);
  }

  // Members come, let go, and leave.

  add(member: Member): void {
    this.members.set(member.id, member);
    if (this.phase === "stable") this.phase = "preparing";
  }

  remove({ id }: Member): void {
    this.members.delete(id);
    if (this.phase === "stable") this.phase = "preparing";
  }

  /** The member has none of its partitions any more. Returns them; none when it had let go before. */
  release(member: Member): readonly number[] {
    member.isReady = true;
    const released = [...this.#owners].filter(([, owner]) => owner === member);
    for (const [partition] of released) this.#owners.delete(partition);
    return released.map(([partition]) => partition);
  }

  /** True when a new generation can be written down. */
  get canSettle(): boolean {
    return (
      this.phase === "preparing" &&
      this.members.size > 0 &&
      [...this.members.values()].every(({ isReady }) => isReady)
    );
  }

  /** The next generation begins, of those who are members now; `startOf` says where each partition is begun. */
  begin(generation: number, startOf: (partition: number) => number): void {
    this.generation = generation;
    this.phase = this.members.size > 0 ? "stable" : "preparing";
    if (this.phase !== "stable") return;
    const candidates = [...this.members].map(([id, { starts }]) => ({
      id,
      partitions: starts.map(([partition]) => partition),
    }));
    for (const [id, partitions] of assign(this.partitionCount, candidates)) {
      const member = this.members.get(id) as Member;
      member.isReady = false;
      member.starts = partitions.map((partition) => [partition, startOf(partition)]);
      for (const partition of partitions) this.#owners.set(partition, member);
    }
  }

  /** Notes that records were given to a member, and returns how many of them had been given before. */
  deliver(partition: number, offsets: readonly number[]): number {
    const before = this.#delivered.get(partition) ?? 0;
    const last = offsets.at(-1) as number;
    this.#delivered.set(partition, Math.max(before, last + 1));
    return offsets.filter((offset) => offset < before).length;
  }
}
