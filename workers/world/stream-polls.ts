/**
 * Polls, and what follows from them: who is a member of a group, whose which partition is, and what
 * each is given. The group decides (stream-group.ts); here it is carried out, told and timed.
 */
import { copy, microseconds, type Ref } from "../kernel/index.ts";
import type { From as Caller } from "../otp/call.ts";
import { demonitor, monitor } from "../otp/processes.ts";
import type { BrokerCore } from "./stream-core.ts";
import { ConsumerGroup, type Member } from "./stream-group.ts";
import type { GroupNote } from "./stream-journal.ts";
import type { StoredRecord } from "./stream-partition.ts";
import {
  GROUPS_MAX,
  MEMBERS_MAX,
  type Offsets,
  POLL_BYTES_MAX,
  type PollAnswer,
  type PollRequest,
  type StreamRecord,
} from "./stream-protocol.ts";

/** Why a member lost its partitions. */
type Loss = "rebalance" | "left" | "died" | "silent";

/** What a record takes in an answer besides its content: its place, and the names of all that. */
const RECORD_BYTES = 100;

export class Polls {
  readonly #core: BrokerCore;
  /** Members by the broker's monitor of their process. */
  readonly #watched = new Map<Ref, readonly [ConsumerGroup, Member]>();

  constructor(core: BrokerCore) {
    this.#core = core;
  }

  /** Answers now, or when there are records, or when the poll's time is up. */
  poll(request: PollRequest, caller: Caller): void {
    const group = this.#groupFor(request);
    if (group === undefined) return this.#core.refuse(caller, "too_many_groups");
    const known = group.members.get(request.member);
    if (known === undefined && group.members.size >= MEMBERS_MAX)
      return this.#core.refuse(caller, "too_many_members");
    const member = known ?? this.#join(group, request, caller);
    if (request.turn <= member.turn) return;
    member.turn = request.turn;
    this.#disarm(member);
    // A member that was forgotten meanwhile begins anew, wherever it believes to be.
    const generation = known === undefined ? 0 : request.generation;
    member.poll = { caller, request, generation };
    if (group.phase === "preparing") this.#release(group, member, "rebalance");
    this.#settle(group);
    this.serve(group, member);
    if (member.poll === undefined) return;
    if (request.ms === 0) this.#answerPoll(group, member, []);
    else if (request.ms < Number.POSITIVE_INFINITY)
      this.#arm(member, microseconds(request.ms), () => this.#answerPoll(group, member, []));
  }

  #groupFor({ group: name, from }: PollRequest): ConsumerGroup | undefined {
    const known = this.#core.groups.get(name);
    if (known !== undefined || this.#core.groups.size >= GROUPS_MAX) return known;
    const group = new ConsumerGroup(name, from, this.#core.logs.length);
    this.#core.groups.set(name, group);
    return group;
  }

  #join(group: ConsumerGroup, { member: id }: PollRequest, { pid }: Caller): Member {
    const member: Member = {
      id,
      pid,
      monitor: monitor(pid),
      turn: 0,
      isReady: true,
      starts: [],
      poll: undefined,
      armed: undefined,
    };
    this.#watched.set(member.monitor, [group, member]);
    group.add(member);
    this.#prepare(group);
    return member;
  }

  /** Gives a member that waits what there is for it. */
  serve(group: ConsumerGroup, member: Member): void {
    const { poll } = member;
    if (poll === undefined || group.phase !== "stable") return;
    const { request, generation } = poll;
    const positions =
      generation === group.generation
        ? request.positions.filter(([partition]) => group.ownerOf(partition) === member)
        : startsOf(member, request);
    const records = this.#read(positions, request.batch, request.turn);
    if (records.length > 0) this.#answerPoll(group, member, records);
  }

  /** Records from several positions, as many as an answer holds. Each turn begins with another partition. */
  #read(positions: Offsets, batch: number, turn: number): readonly StreamRecord[] {
    const records: StreamRecord[] = [];
    let bytes = 0;
    for (let i = 0; i < positions.length; i++) {
      const [partition, position] = positions[(turn + i) % positions.length] as Offsets[number];
      this.#core.expire(partition);
      const log = this.#core.log(partition);
      let offset = Math.max(position, log.first);
      let missed = offset - position;
      for (; offset < log.end && records.length < batch; offset++) {
        const { key, value, at, bytes: size } = log.at(offset) as StoredRecord;
        if (records.length > 0 && bytes + size > POLL_BYTES_MAX) return records;
        bytes += size + RECORD_BYTES;
        const record = { partition, offset, key, value, at };
        records.push(missed > 0 ? { ...record, missed } : record);
        missed = 0;
      }
    }
    return records;
  }

  #answerPoll(group: ConsumerGroup, member: Member, records: readonly StreamRecord[]): void {
    const { poll } = member;
    if (poll === undefined) return;
    this.#disarm(member);
    member.poll = undefined;
    const isNews = group.phase === "stable" && poll.generation !== group.generation;
    const answer: PollAnswer = isNews
      ? { generation: group.generation, starts: startsOf(member, poll.request), records }
      : { generation: poll.generation, records };
    this.#core.reply(poll.caller, ["ok", answer]);
    this.#noteDelivery(group, member, records);
    this.#arm(member, this.#core.settings.sessionUs, () => this.#remove(group, member, "silent"));
  }

  #noteDelivery(group: ConsumerGroup, { pid }: Member, records: readonly StreamRecord[]): void {
    for (const partition of new Set(records.map((record) => record.partition))) {
      const own = records.filter((record) => record.partition === partition);
      const offsets = own.map(({ offset }) => offset);
      const again = group.deliver(partition, offsets);
      const missed = own.reduce((sum, record) => sum + (record.missed ?? 0), 0);
      const { name, generation } = group;
      const row = { partition, group: name, generation, member: pid, count: own.length, again };
      this.#core.record("deliver", offsets[0] as number, missed > 0 ? { ...row, missed } : row);
    }
  }

  // Rebalancing.

  /** Members have come or gone: those who wait for records have nothing to finish, and are ready. */
  #prepare(group: ConsumerGroup): void {
    if (group.phase !== "preparing") return;
    for (const member of group.members.values()) {
      if (member.poll !== undefined) this.#release(group, member, "rebalance");
    }
  }

  #release(group: ConsumerGroup, member: Member, why: Loss): void {
    const { name, generation, committed } = group;
    for (const partition of group.release(member)) {
      const row = { partition, group: name, generation, member: member.pid, why };
      this.#core.record("revoke", committed.get(partition) ?? 0, row);
    }
  }

  #remove(group: ConsumerGroup, member: Member, why: Loss): void {
    this.#watched.delete(member.monitor);
    demonitor(member.monitor, { flush: true });
    this.#disarm(member);
    member.poll = undefined;
    this.#release(group, member, why);
    group.remove(member);
    this.#prepare(group);
    this.#settle(group);
  }

  /** Writes down the next generation when all are ready for it; it begins when that is done. */
  #settle(group: ConsumerGroup): void {
    if (!group.canSettle) return;
    group.phase = "settling";
    const generation = group.generation + 1;
    const offsets = group.from === "latest" ? this.#ends(group) : [];
    const value: GroupNote = { group: group.name, generation, offsets };
    const begin = () => this.#begin(group, generation, offsets);
    // On a full disk it begins all the same: only its number may be given again after a crash.
    const { bytes } = copy(value);
    const isTaken = this.#core.journal.write({
      to: "groups",
      value,
      bytes,
      done: begin,
      refuse: begin,
    });
    if (!isTaken) begin();
  }

  /** Where a group begins that only wants what is new: set down once, so that it then loses nothing. */
  #ends({ committed }: ConsumerGroup): Offsets {
    const ends = this.#core.logs.map(({ end }, partition) => [partition, end] as const);
    return ends.filter(([partition]) => !committed.has(partition));
  }

  #begin(group: ConsumerGroup, generation: number, offsets: Offsets): void {
    group.commit(offsets);
    group.begin(generation, (partition) => this.#startOf(group, partition));
    const { name } = group;
    for (const { pid, starts } of group.members.values()) {
      for (const [partition, offset] of starts) {
        this.#core.record("assign", offset, { partition, group: name, generation, member: pid });
      }
    }
    for (const member of [...group.members.values()]) this.serve(group, member);
  }

  #startOf(group: ConsumerGroup, partition: number): number {
    return group.committed.get(partition) ?? this.#core.log(partition).first;
  }

  /** A member leaves by itself. */
  leave(name: string, id: Ref): void {
    const group = this.#core.groups.get(name);
    const member = group?.members.get(id);
    if (group !== undefined && member !== undefined) this.#remove(group, member, "left");
  }

  /** A member's process has ended, or its node is out of reach. */
  lost(ref: Ref): void {
    const watched = this.#watched.get(ref);
    if (watched !== undefined) this.#remove(...watched, "died");
  }

  /** Lets something happen to a member in a while, unless it is disarmed before, or armed again. */
  #arm(member: Member, us: number, due: () => void): void {
    this.#disarm(member);
    const process = this.#core.process;
    const { node } = process;
    const entry = node.arm(process, node.now + us, () =>
      node.wake(process, () => {
        if (member.armed === entry) due();
      }),
    );
    member.armed = entry;
  }

  #disarm(member: Member): void {
    if (member.armed !== undefined) this.#core.node.disarm(this.#core.process, member.armed);
    member.armed = undefined;
  }
}

/** Where a member begins: as far as its group has committed, or where it wanted to before it had anything. */
function startsOf({ starts }: Member, { generation, positions }: PollRequest): Offsets {
  if (generation > 0) return starts;
  const sought = new Map(positions);
  return starts.map(([partition, offset]) => [partition, sought.get(partition) ?? offset]);
}
