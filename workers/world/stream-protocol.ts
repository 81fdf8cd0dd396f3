/**
 * What a stream's broker is asked and what it answers: plain calls, so that appends, polls and
 * commits are seen on their way and meet the faults of the wires. And the bounds of all that.
 */
import type { Ref } from "../kernel/index.ts";

/** The largest key and event together, in bytes as messages are counted. Kafka's default is 1 MB. */
export const EVENT_BYTES_MAX = 100_000;

/** Bytes of records that one poll brings at most; the first record always comes. */
export const POLL_BYTES_MAX = 500_000;

/** Partitions of a stream. */
export const PARTITIONS_MAX = 64;

/** Records that a partition keeps when its stream does not say, and the most that it may say. */
export const RETAINED = 10_000;
export const RETAINED_MAX = 100_000;

/** Records of one poll when it does not say, as `max_poll_records` is 500 in Kafka; and the most. */
export const BATCH = 100;
export const BATCH_MAX = 10_000;

/** Milliseconds without a poll after which a member is taken for dead. */
export const SESSION_MS = 10_000;

/** Groups of a stream, members of a group, and what may wait for the disk at once. */
export const GROUPS_MAX = 100;
export const MEMBERS_MAX = 1_000;
export const WRITES_WAITING_MAX = 10_000;

/** What has been appended, as consumers get it. */
export interface StreamRecord<Event = unknown> {
  readonly partition: number;
  /** Number within its partition, from 0, without gaps. */
  readonly offset: number;
  readonly key: unknown;
  readonly value: Event;
  /** Milliseconds of virtual time at which the broker took it. */
  readonly at: number;
  /** So many records right before it were thrown away before the group read them; absent when none. */
  readonly missed?: number;
}

/** Where an event stands: its partition, and its number there. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** Pairs of a partition and the offset of the next record. */
export type Offsets = readonly (readonly [partition: number, offset: number])[];

/** Where a group without a commit begins. */
export type From = "earliest" | "latest";

/** How far a group is behind: what it has not committed. */
export interface StreamLag {
  /** Records in all partitions. */
  readonly records: number;
  /** Age of the oldest of them in ms; 0 when there is none. */
  readonly ms: number;
  readonly partitions: readonly {
    readonly partition: number;
    readonly records: number;
    readonly ms: number;
  }[];
}

export interface PollRequest {
  readonly group: string;
  readonly member: Ref;
  /** Counts a member's polls, so that a double of an old one is known for what it is. */
  readonly turn: number;
  /** The generation that `positions` are of; 0 before the first. */
  readonly generation: number;
  readonly positions: Offsets;
  readonly from: From;
  readonly batch: number;
  readonly ms: number;
}

export interface CommitRequest {
  readonly group: string;
  readonly member: Ref;
  readonly generation: number;
  readonly offsets: Offsets;
}

/** Positions live with the consumer, not here: an answer that gets lost on its way has moved nothing. */
export interface PollAnswer {
  readonly generation: number;
  /** Set when the generation is new to the member: its partitions, and where it begins in each. */
  readonly starts?: Offsets;
  readonly records: readonly StreamRecord[];
}

export type StreamRequest =
  | readonly ["append", key: unknown, event: unknown]
  | readonly ["poll", PollRequest]
  | readonly ["commit", CommitRequest]
  | readonly ["leave", group: string, member: Ref]
  | readonly ["lag", group: string];

/** Why a broker refuses. */
export type Refusal =
  /** The event is larger than EVENT_BYTES_MAX. */
  | "too_large"
  /** The disk is full. */
  | "enospc"
  /** WRITES_WAITING_MAX appends and commits wait for the disk already. */
  | "busy"
  | "too_many_groups"
  | "too_many_members"
  /** A commit beyond the end of the partition. */
  | "out_of_range"
  /** The generation is over, or the broker does not know the member. */
  | "rebalanced"
  | "unknown_request";

export type StreamAnswer<Value> = readonly ["ok", Value] | readonly ["error", Refusal];
