/**
 * The broker of a stream: a server whose requests are in stream-protocol.ts. It keeps partitions
 * (stream-partition.ts) and groups (stream-group.ts), and acts on nothing that a crash could take
 * back (stream-journal.ts).
 *
 * It knows a group's commits and not where its members are reading: they say so with every poll.
 * An answer that is lost has therefore moved nothing, and the records come again.
 */
import { copy, type Ref, US_PER_MS } from "../kernel/index.ts";
import type { From as Caller } from "../otp/call.ts";
import { genServer, type InitResult } from "../otp/gen-server.ts";
import { here, steps, wait } from "../otp/here.ts";
import type { Definition } from "../otp/start.ts";
import { hash } from "./hash.ts";
import { BrokerCore, type StreamSettings } from "./stream-core.ts";
import { ConsumerGroup } from "./stream-group.ts";
import {
  DiskJournal,
  type Found,
  type GroupNote,
  memoryJournal,
  type Write,
} from "./stream-journal.ts";
import { PartitionLog, type StoredRecord } from "./stream-partition.ts";
import { Polls } from "./stream-polls.ts";
import {
  type CommitRequest,
  EVENT_BYTES_MAX,
  type Offsets,
  type Place,
  type StreamLag,
  type StreamRequest,
} from "./stream-protocol.ts";

/** The server that runs a stream. */
export function streamBroker(settings: StreamSettings): Definition {
  const { begin } = genServer<Broker, StreamRequest, never, unknown>({
    init: () => open(settings),
    handleCall(request, from, broker) {
      broker.answer(request, from);
      return ["noreply", broker];
    },
    handleInfo(message, broker) {
      const { tag, ref } = (message ?? {}) as { readonly tag?: string; readonly ref?: Ref };
      if (tag === "DOWN" && ref !== undefined) broker.polls.lost(ref);
      return ["noreply", broker];
    },
  });
  return { kind: "stream", begin };
}

/** A durable stream reads first what it has on its node's disk. */
function open(settings: StreamSettings): InitResult<Broker> | Promise<InitResult<Broker>> {
  const process = here();
  if (!settings.isDurable)
    return ["ok", new Broker(new BrokerCore(process, settings, () => memoryJournal))];
  const { name, node } = process;
  if (name === undefined) return ["stop", NEEDS_NAME];
  return steps(function* (): Generator<unknown, InitResult<Broker>, unknown> {
    const core = new BrokerCore(
      process,
      settings,
      (own) => new DiskJournal(process, name, own.logs.length, () => notesOf(own)),
    );
    const journal = core.journal as DiskJournal;
    yield* wait(node.sleep(process, journal.recoverUntil() - node.now));
    recall(core, journal.recover());
    return ["ok", new Broker(core)];
  }) as PromiseLike<InitResult<Broker>> as Promise<InitResult<Broker>>;
}

const NEEDS_NAME =
  "a durable stream is found on its node's disk by its name: start it under one, or make it with durable: false";

/** All that the groups' file has to say. */
function notesOf({ groups }: BrokerCore): readonly GroupNote[] {
  return [...groups.values()].map((group) => group.note());
}

/** Takes over what an earlier broker has left. */
function recall(core: BrokerCore, { partitions, notes }: Found): void {
  core.logs = partitions.map(({ first, records }) => new PartitionLog(first, records));
  for (const note of notes) {
    // A group that was to begin with the latest has commits for all partitions by now.
    const group =
      core.groups.get(note.group) ?? new ConsumerGroup(note.group, "earliest", core.logs.length);
    core.groups.set(note.group, group);
    group.recall(note);
  }
}

class Broker {
  readonly polls: Polls;
  readonly #core: BrokerCore;

  constructor(core: BrokerCore) {
    this.#core = core;
    this.polls = new Polls(core);
  }

  answer(request: StreamRequest, from: Caller): void {
    switch (request[0]) {
      case "append":
        this.#append(request[1], request[2], from);
        break;
      case "poll":
        this.polls.poll(request[1], from);
        break;
      case "commit":
        this.#commit(request[1], from);
        break;
      case "leave":
        this.polls.leave(request[1], request[2]);
        this.#core.reply(from, ["ok", undefined]);
        break;
      case "lag":
        this.#core.reply(from, ["ok", this.#lag(request[1])]);
        break;
      default:
        this.#core.refuse(from, "unknown_request");
    }
  }

  #append(key: unknown, event: unknown, from: Caller): void {
    const core = this.#core;
    const value = { key, value: event, at: core.nowMs };
    const { bytes } = copy(value);
    if (bytes > EVENT_BYTES_MAX) {
      core.refuse(from, "too_large");
      return;
    }
    const partition = hash(key, core.logs.length);
    this.#write(partition, value, from, () => this.#appended(partition, { ...value, bytes }, from));
  }

  /** The record is there for good: it counts from now on. */
  #appended(partition: number, record: StoredRecord, from: Caller): void {
    const core = this.#core;
    const offset = core.log(partition).append(record);
    core.record("append", offset, { partition });
    core.reply(from, ["ok", { partition, offset } satisfies Place]);
    core.expire(partition);
    for (const group of core.groups.values()) {
      core.measure(group, partition);
      const owner = group.ownerOf(partition);
      if (owner !== undefined) this.polls.serve(group, owner);
    }
  }

  #commit({ group: name, member, generation, offsets }: CommitRequest, from: Caller): void {
    const core = this.#core;
    const group = core.groups.get(name);
    if (group === undefined || !group.accepts(member, generation)) {
      core.refuse(from, "rebalanced");
    } else if (
      offsets.some(([partition, offset]) => !(offset <= (core.logs[partition]?.end ?? -1)))
    ) {
      core.refuse(from, "out_of_range");
    } else {
      const note: GroupNote = { group: name, generation, offsets };
      this.#write("groups", note, from, () => this.#committed(group, generation, offsets, from));
    }
  }

  #committed(group: ConsumerGroup, generation: number, offsets: Offsets, from: Caller): void {
    group.commit(offsets);
    for (const [partition, offset] of offsets) {
      this.#core.record("commit", offset, { partition, group: group.name, generation });
      this.#core.measure(group, partition);
    }
    this.#core.reply(from, ["ok", undefined]);
  }

  #write(to: Write["to"], value: unknown, from: Caller, done: () => void): void {
    const { bytes } = copy(value);
    const refuse = () => this.#core.refuse(from, "enospc");
    const isTaken = this.#core.journal.write({ to, value, bytes, done, refuse });
    if (!isTaken) this.#core.refuse(from, "busy");
  }

  #lag(name: string): StreamLag {
    const core = this.#core;
    const committed = core.groups.get(name)?.committed;
    const partitions = core.logs.map((log, partition) => {
      core.expire(partition);
      const from = Math.max(committed?.get(partition) ?? 0, log.first);
      const ageUs =
        from < log.end ? core.node.now - (log.at(from) as StoredRecord).at * US_PER_MS : 0;
      return { partition, records: log.end - from, ms: Math.round(ageUs) / US_PER_MS };
    });
    return {
      records: partitions.reduce((sum, { records }) => sum + records, 0),
      ms: Math.max(...partitions.map(({ ms }) => ms)),
      partitions,
    };
  }
}
