/**
 * Backpressure over random topologies: nobody is sent more than was asked for, nobody has more than
 * maxDemand events that it has not handled, and what arrives is what was emitted. The trace is read
 * by a second, naive account of every subscription.
 */
import { describe, expect, it } from "vitest";
import { BOUNDS, KIND, type Trace } from "../../workers/kernel/index.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { compileFiles, scenarioOf } from "../engine/room.ts";

const EVENT_COUNT = 60;

/** Numbers that are the same in every run, from a seed. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed * 2_654_435_761;
  }

  /** A whole number from `least` to `most`. */
  roll(least: number, most: number): number {
    this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return least + ((this.#state >>> 8) % (most - least + 1));
  }

  pick<T>(values: readonly T[]): T {
    return values[this.roll(0, values.length - 1)] as T;
  }
}

interface Topology {
  readonly dispatcher: "demand" | "broadcast" | "partition";
  /** What each event becomes between. */
  readonly copies: number;
  readonly consumers: readonly {
    readonly max: number;
    readonly min: number;
    readonly ms: number;
  }[];
  /** The producer emits at least so many at once, more than it is asked for or not. */
  readonly batch: number;
}

function drawTopology(seed: number): Topology {
  const dice = new Dice(seed);
  const dispatcher = dice.pick(["demand", "broadcast", "partition"] as const);
  // GenStage's broadcast can stand still over a buffer that was filled while the consumers'
  // first demands differed, so there they ask alike and nothing is emitted unasked.
  const isBroadcast = dispatcher === "broadcast";
  const common = dice.roll(1, 9);
  const consumers = Array.from({ length: dice.roll(1, 4) }, () => {
    const max = isBroadcast ? common : dice.roll(1, 9);
    return { max, min: dice.roll(0, max - 1), ms: dice.roll(0, 4) };
  });
  return {
    dispatcher,
    copies: dice.roll(0, 2),
    consumers,
    batch: isBroadcast ? 0 : dice.roll(0, 12),
  };
}

/** A producer of numbers, one stage between if there are copies to make, and the consumers. */
const PROGRAM = compileFiles({
  "main.ts": `
    import { genStage, log, random, sleep, stage, startLink, work } from "otp";

    const optionOf = ({ dispatcher, consumers }) => dispatcher === "partition"
      ? { partition: consumers.length, hash: (event) => [event, event % consumers.length] }
      : dispatcher;
    const say = (who, handled, from) => log(JSON.stringify({ who, handled, tag: from[1] }));

    const numbers = stage({
      kind: "producer",
      init(topology) {
        const dispatcher = topology.copies === 0 ? optionOf(topology) : "demand";
        return ["ok", { next: 0, batch: topology.batch }, { dispatcher, demand: "accumulate", bufferSize: Infinity }];
      },
      handleDemand(demand, { next, batch }) {
        const last = Math.min(${EVENT_COUNT}, next + Math.max(demand, batch));
        return ["noreply", Array.from({ length: last - next }, (_, i) => next + i), { next: last, batch }];
      },
    });
    const copier = stage({
      kind: "producerConsumer",
      init: (topology) => ["ok", topology.copies, { dispatcher: optionOf(topology) }],
      async handleEvents(events, from, copies) {
        await work(1);
        say("copier", events, from);
        return ["noreply", events.flatMap((event) => Array.from({ length: copies }, (_, i) => copies * event + i)), copies];
      },
    });
    const consumer = stage({
      kind: "consumer",
      init: (id, ms) => ["ok", { id, ms }],
      async handleEvents(events, from, state) {
        await sleep(random() * state.ms);
        say(state.id, events, from);
        return ["noreply", [], state];
      },
    });
    export async function main(topology) {
      const [, first] = await startLink(numbers, [topology]);
      let last = first;
      if (topology.copies > 0) {
        [, last] = await startLink(copier, [topology]);
        await genStage.syncSubscribe(last, { to: first, maxDemand: 5, minDemand: 2 });
      }
      for (let partition = 0; partition < topology.consumers.length; partition++) {
        const { max, min, ms } = topology.consumers[partition];
        const [, pid] = await startLink(consumer, [partition, ms]);
        await genStage.syncSubscribe(pid, { to: last, maxDemand: max, minDemand: min, partition });
      }
      // Everybody's subscription has arrived.
      await sleep(1);
      genStage.demand(first, "forward");
      await sleep(10000);
    }`,
});

function run(topology: Topology, seed: number): Trace {
  const start = { atUs: 0, node: "n1", file: "main.ts", run: "main", args: [topology] };
  const scenario = scenarioOf({ schedule: "shuffled", starts: [start] });
  return simulate({ program: PROGRAM, scenario, seed, bounds: BOUNDS });
}

/** What a stage says when it has handled events. */
interface Saying {
  readonly who: number | "copier";
  readonly handled: readonly number[];
  readonly tag: string;
}

function sayingIn(trace: Trace, row: number): Saying | undefined {
  const text = trace.kindOf(row) === KIND.log ? String(trace.payloadOf(row)) : "";
  return text.startsWith("{") ? (JSON.parse(text) as Saying) : undefined;
}

/** What a subscription has come to, counted row by row. */
interface Account {
  max: number;
  asked: number;
  sent: number;
  handled: number;
}

/** Reads every subscription out of the trace and says what was wrong, if anything. */
function audit(trace: Trace): { readonly wrong: readonly string[]; readonly tags: number } {
  const accounts = new Map<string, Account>();
  const wrong: string[] = [];
  const of = (tag: string) => {
    const found = accounts.get(tag) ?? { max: 0, asked: 0, sent: 0, handled: 0 };
    accounts.set(tag, found);
    return found;
  };
  const check = (tag: string, row: number) => {
    const { max, asked, sent, handled } = of(tag);
    if (sent > asked) wrong.push(`row ${row}: ${tag} was sent ${sent} of ${asked}`);
    if (sent - handled > max) wrong.push(`row ${row}: ${tag} has ${sent - handled} of ${max}`);
    if (asked - handled > max) wrong.push(`row ${row}: ${tag} has ${asked - handled} to come`);
  };
  for (let row = 0; row < trace.rowCount; row++) {
    const payload = trace.payloadOf(row);
    const saying = sayingIn(trace, row);
    if (saying !== undefined) of(saying.tag).handled += saying.handled.length;
    if (trace.kindOf(row) !== KIND.send || !Array.isArray(payload)) continue;
    const [word, from, told] = payload as [string, [string, string], readonly unknown[]];
    if (word === "$gen_producer" && told[0] === "ask") {
      const account = of(from[1]);
      account.asked += told[1] as number;
      // The first demand is all of it.
      if (account.max === 0) account.max = told[1] as number;
    }
    if (word === "$gen_consumer" && Array.isArray(told)) of(from[1]).sent += told.length;
    if (word === "$gen_consumer" || word === "$gen_producer") check(from[1], row);
  }
  return { wrong, tags: accounts.size };
}

/** What each consumer has handled, in order. */
function handledBy(trace: Trace, consumerCount: number): readonly (readonly number[])[] {
  const handled = Array.from({ length: consumerCount }, (): number[] => []);
  for (let row = 0; row < trace.rowCount; row++) {
    const saying = sayingIn(trace, row);
    if (typeof saying?.who === "number") handled[saying.who]?.push(...saying.handled);
  }
  return handled;
}

/** What each consumer should have got, worked out without demand; with "demand", what all should together. */
function expected({ dispatcher, copies, consumers }: Topology): readonly (readonly number[])[] {
  const events = Array.from({ length: EVENT_COUNT * Math.max(1, copies) }, (_, event) => event);
  if (dispatcher === "demand") return [events];
  return consumers.map((_, id) =>
    dispatcher === "broadcast" ? events : events.filter((event) => event % consumers.length === id),
  );
}

function sorted(events: readonly number[]): readonly number[] {
  return events.toSorted((a, b) => a - b);
}

describe("backpressure", () => {
  it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
    "seed %i: nobody gets more than asked for, nothing is lost or doubled. Rule E20",
    (seed) => {
      const topology = drawTopology(seed);
      const trace = run(topology, seed);
      const { wrong, tags } = audit(trace);
      expect(wrong).toEqual([]);
      expect(tags).toBe(topology.consumers.length + (topology.copies > 0 ? 1 : 0));
      const handled = handledBy(trace, topology.consumers.length);
      // Events emitted unasked may be overtaken, as in GenStage, while demand that was kept back is let through.
      const isOrdered = topology.dispatcher !== "demand" && topology.batch === 0;
      const together = topology.dispatcher === "demand" ? [handled.flat()] : handled;
      expect(isOrdered ? together : together.map(sorted)).toEqual(expected(topology));
    },
  );
});
