/**
 * A consumer of a stream, on the side of the process that reads. It keeps where it reads, and tells
 * the broker with every poll; the broker tells it when a new generation begins, and where.
 */
import { CoPromise, ErlangError, type Pid, type Ref } from "../kernel/index.ts";
import { checkMs, here } from "../otp/here.ts";
import type { ServerRef } from "../otp/naming.ts";
import type { Term } from "../otp/term.ts";
import {
  BATCH,
  BATCH_MAX,
  type CommitRequest,
  type From,
  type Offsets,
  PARTITIONS_MAX,
  type Place,
  type PollAnswer,
  type PollRequest,
  type StreamLag,
  type StreamRecord,
} from "./stream-protocol.ts";
import { ask, refuse, TIMEOUT_MS, tell } from "./stream-request.ts";

/** Milliseconds that a poll waits when nothing is said. */
const POLL_MS = 1_000;

/** How a consumer reads. */
export interface ConsumerOptions {
  /** Consumers of one group share the partitions; each group gets everything. */
  readonly group: string;
  /**
   * Where the group begins when it has committed nothing: with the oldest record that is there
   * (the default), or after the newest. The group's first consumer decides.
   */
  readonly from?: From;
  /** Records of one poll at most, 1 to 10,000; default 100. */
  readonly batch?: number;
  /** Milliseconds that the broker may take to answer; default 5,000. Then the caller exits, as from `call`. */
  readonly timeout?: number;
}

/** A process's hand in a stream. It belongs to the process that made it, which alone may use it. */
export interface Consumer<Event = Term> {
  /**
   * The next records of its partitions, each partition in order; `[]` when none come in `ms`
   * (default 1,000). The first poll joins the group, each is a sign of life, and each says that
   * what came before is done with as far as it will be: a partition that is to go to another member
   * is let go by it. `KafkaConsumer.poll`.
   */
  poll(options?: { readonly ms?: number }): Promise<readonly StreamRecord<Event>[]>;
  /**
   * Says that everything polled is done, or with a record everything in its partition up to it and
   * including it. Waits until that is kept. `["error", "rebalanced"]`: too late, the group was
   * divided anew meanwhile, and whoever has the partition now gets the records again.
   * `brod_group_coordinator:commit_offsets/2`.
   */
  commit(upTo?: Place): Promise<"ok" | readonly ["error", "rebalanced"]>;
  /**
   * Reads on from `offset`: back, to get records again, or ahead. For this generation; before the
   * first poll for its first. `["error", "not_assigned"]` when another member has the partition.
   * `KafkaConsumer.seek`.
   */
  seek(partition: number, offset: number): "ok" | readonly ["error", "not_assigned"];
  /** The partitions that it has, as far as the last poll told; none before. `KafkaConsumer.assignment`. */
  assigned(): readonly number[];
  /** The number of the generation that it reads in: higher at each rebalance; 0 before the first. `ConsumerGroupMetadata.generationId`. */
  generation(): number;
  /** How far its whole group is behind. `KafkaConsumer.currentLag`. */
  lag(): Promise<StreamLag>;
  /** Leaves the group, whose other members share what it had; uncommitted records go to them. `KafkaConsumer.close`. */
  close(): Promise<"ok">;
}

/** A consumer of the running process. Sends nothing yet: the first poll joins the group. */
export function createConsumer<Event>(
  broker: ServerRef,
  options: ConsumerOptions,
): Consumer<Event> {
  const reader = new Reader(broker, checkOptions(options));
  return Object.freeze({
    poll: ({ ms = POLL_MS }: { readonly ms?: number } = {}) =>
      reader.poll(checkMs(ms, "poll's ms")) as Promise<readonly StreamRecord<Event>[]>,
    commit: (upTo?: Place) => reader.commit(upTo),
    seek: (partition: number, offset: number) => reader.seek(partition, offset),
    assigned: () => reader.assigned(),
    generation: () => reader.generation,
    lag: () => reader.lag(),
    close: () => reader.close(),
  });
}

function checkOptions(options: ConsumerOptions): Required<ConsumerOptions> {
  const { group, from = "earliest", batch = BATCH, timeout = TIMEOUT_MS } = options ?? {};
  if (typeof group !== "string" || group === "")
    throw new ErlangError("badarg", `a consumer needs a group, a text, not ${String(group)}`);
  if (from !== "earliest" && from !== "latest")
    throw new ErlangError("badarg", `from is "earliest" or "latest", not ${String(from)}`);
  if (!Number.isInteger(batch) || batch < 1 || batch > BATCH_MAX)
    throw new ErlangError("badarg", `batch is a number from 1 to 10,000, not ${String(batch)}`);
  return { group, from, batch, timeout: checkMs(timeout, "the consumer's timeout") };
}

class Reader {
  generation = 0;
  readonly #broker: ServerRef;
  readonly #options: Required<ConsumerOptions>;
  readonly #owner: Pid;
  readonly #member: Ref;
  #turn = 0;
  /** Where it reads on, by partition, in this generation; before the first, where it wants to begin. */
  #positions = new Map<number, number>();
  /** Partitions that were polled or sought in since all of it was committed. */
  readonly #moved = new Set<number>();
  #isClosed = false;

  constructor(broker: ServerRef, options: Required<ConsumerOptions>) {
    const { node, pid } = here();
    this.#broker = broker;
    this.#options = options;
    this.#owner = pid;
    this.#member = node.makeRef();
  }

  poll(ms: number): Promise<readonly StreamRecord[]> {
    this.#check();
    const { group, from, batch, timeout } = this.#options;
    const { generation } = this;
    const member = this.#member;
    const positions = [...this.#positions];
    const turn = ++this.#turn;
    const request: PollRequest = { group, member, turn, generation, positions, from, batch, ms };
    return ask<PollAnswer>(this.#broker, ["poll", request], ms + timeout).then((answer) =>
      this.#take(answer),
    );
  }

  #take({ generation, starts, records }: PollAnswer): readonly StreamRecord[] {
    if (starts !== undefined) {
      this.generation = generation;
      this.#positions = new Map(starts);
      this.#moved.clear();
    }
    for (const { partition, offset } of records) this.#move(partition, offset + 1);
    return records;
  }

  #move(partition: number, offset: number): void {
    this.#positions.set(partition, offset);
    this.#moved.add(partition);
  }

  commit(upTo: Place | undefined): Promise<"ok" | readonly ["error", "rebalanced"]> {
    this.#check();
    const offsets = upTo === undefined ? this.#uncommitted() : [nextAfter(upTo)];
    if (offsets.length === 0) return CoPromise.resolve("ok" as const);
    const { generation } = this;
    if (generation === 0 || offsets.some(([partition]) => !this.#positions.has(partition)))
      return CoPromise.resolve(REBALANCED);
    const { group, timeout } = this.#options;
    const request: CommitRequest = { group, member: this.#member, generation, offsets };
    return tell(this.#broker, ["commit", request], timeout).then(([word, reason]) => {
      if (word === "error")
        return reason === "rebalanced" ? REBALANCED : refuse(this.#broker, reason);
      for (const [partition, offset] of offsets) {
        if (this.#positions.get(partition) === offset) this.#moved.delete(partition);
      }
      return "ok";
    });
  }

  #uncommitted(): Offsets {
    return [...this.#positions].filter(([partition]) => this.#moved.has(partition));
  }

  seek(partition: number, offset: number): "ok" | readonly ["error", "not_assigned"] {
    this.#check();
    checkPlace(partition, offset, "seek");
    if (this.generation > 0 && !this.#positions.has(partition)) return ["error", "not_assigned"];
    this.#move(partition, offset);
    return "ok";
  }

  assigned(): readonly number[] {
    this.#check();
    return this.generation === 0 ? [] : [...this.#positions.keys()];
  }

  lag(): Promise<StreamLag> {
    this.#check();
    return ask<StreamLag>(this.#broker, ["lag", this.#options.group], this.#options.timeout);
  }

  close(): Promise<"ok"> {
    this.#check();
    const { group, timeout } = this.#options;
    return ask(this.#broker, ["leave", group, this.#member], timeout).then(() => {
      this.#isClosed = true;
      return "ok";
    });
  }

  /** Refuses another process, which would move the first one's positions behind its back. */
  #check(): void {
    if (here().pid !== this.#owner)
      throw new ErlangError(
        "badarg",
        `a consumer belongs to the process that made it, ${this.#owner}: let each make its own`,
      );
    if (this.#isClosed) throw new ErlangError("badarg", "this consumer was closed: make another");
  }
}

const REBALANCED = Object.freeze(["error", "rebalanced"] as const);

function nextAfter({ partition, offset }: Place): Offsets[number] {
  checkPlace(partition, offset, "commit");
  return [partition, offset + 1];
}

function checkPlace(partition: number, offset: number, of: string): void {
  const isPlace = Number.isInteger(partition) && Number.isInteger(offset);
  if (isPlace && partition >= 0 && partition < PARTITIONS_MAX && offset >= 0) return;
  throw new ErlangError(
    "badarg",
    `${of} takes a partition and an offset, numbers from 0 on, not ${String(partition)} and ${String(offset)}`,
  );
}
