/**
 * What the parts of a broker share: partitions, groups, the journal, and its hand in messages and
 * in the trace. It knows no part.
 */
import { copy, KIND, type Node, type Process, US_PER_MS } from "../kernel/index.ts";
import type { From as Caller } from "../otp/call.ts";
import { respond } from "../otp/raw-call.ts";
import type { ConsumerGroup } from "./stream-group.ts";
import type { Journal } from "./stream-journal.ts";
import { PartitionLog, type Retained } from "./stream-partition.ts";
import type { Refusal, StreamAnswer } from "./stream-protocol.ts";

/** What a stream was made with. */
export interface StreamSettings {
  readonly partitions: number;
  readonly retention: Retained;
  readonly isDurable: boolean;
  readonly sessionUs: number;
}

export class BrokerCore {
  readonly process: Process;
  readonly node: Node;
  readonly settings: StreamSettings;
  readonly journal: Journal;
  readonly groups = new Map<string, ConsumerGroup>();
  /** By number. */
  logs: readonly PartitionLog[];

  constructor(
    process: Process,
    settings: StreamSettings,
    journalOf: (core: BrokerCore) => Journal,
  ) {
    this.process = process;
    this.node = process.node;
    this.settings = settings;
    this.logs = Array.from({ length: settings.partitions }, () => new PartitionLog());
    this.journal = journalOf(this);
  }

  get nowMs(): number {
    return this.node.now / US_PER_MS;
  }

  log(partition: number): PartitionLog {
    return this.logs[partition] as PartitionLog;
  }

  /** Throws away what is past its time. Done whenever somebody looks: nobody sees what is not. */
  expire(partition: number): void {
    const log = this.log(partition);
    const count = log.expire(this.nowMs, this.settings.retention);
    if (count === 0) return;
    this.record("expire", log.first, { partition, count });
    this.journal.forget(partition, log.first);
  }

  reply(to: Caller, answer: StreamAnswer<unknown>): void {
    respond(this.process, to, answer);
  }

  refuse(to: Caller, reason: Refusal): void {
    this.reply(to, ["error", reason]);
  }

  /** Writes a row about a partition; `value` is an offset. */
  record(op: string, value: number, rest: object): void {
    this.node.record(this.process, KIND.stream, { value, payload: copy({ op, ...rest }) });
  }

  /** What is left to a group in one partition, as a metric. */
  measure(group: ConsumerGroup, partition: number): void {
    const { first, end } = this.log(partition);
    const value = end - Math.max(group.committed.get(partition) ?? 0, first);
    const { name = this.process.label } = this.process;
    const labels = { stream: name, group: group.name, partition };
    const payload = copy({ name: "stream.lag", type: "gauge", labels });
    this.node.record(this.process, KIND.metric, { value, payload });
  }
}
