/**
 * Worlds drawn from a seed: two to seven nodes in a line, a ring, a star, a full mesh or wired at
 * random, wires of every latency that lose, double and delay, and faults of every kind at any
 * time: overlapping, of no length, on nodes that are dead.
 *
 * One program runs in all of them. Its chatterers number everything that they say, so that an
 * account of the run needs nothing but the trace: `{ n }` in a payload counts what its sender has
 * said. Trouble and talk end by `TALK_MS`; then all is quiet for longer than a connection takes to
 * be given up, and from `PROBE_MS` on everybody says one thing more to everybody.
 */
import {
  type Distribution,
  type FaultSpec,
  RandomStream,
  type Scenario,
  type WireSpec,
} from "../../workers/kernel/index.ts";

export const TALK_MS = 2_000;
export const PROBE_MS = 9_500;
const PROBE_LATEST_MS = 10_000;
const HORIZON_MS = 14_000;
const MS = 1_000;

/** Short, so that a silence may last for many of them. */
const TICK_TIME_US = 200 * MS;

/** Registered on every node. */
const TALKERS = ["ann", "bob"] as const;
const PROCESSES = [...TALKERS, "porter", "scribe", "nobody"];

/** What all these worlds run: main.ts. */
export const CHATTER = `
import { call, cast, exit, link, log, monitor, monotonic, random, receive, register, reply, self, send, sleep, spawn, spawnMonitor, trapExit, when } from "otp";
import { disk, socket } from "world";

const pick = (list: any[]): any => list[Math.floor(random() * list.length)];
const tell = (...what: any[]) => log(JSON.stringify(what));

/** Keeps a chatterer of a name alive. */
export async function house(name: string, nodes: string[]) {
  for (;;) {
    spawnMonitor(chatter as any, [name, nodes], {});
    for (let isOver = false; !isOver; ) isOver = (await receive() as any).tag === "DOWN";
    await sleep(1 + 30 * random());
  }
}

async function chatter(name: string, nodes: string[]) {
  register(name); trapExit(true);
  const known: any[] = [];
  let n = 0;
  const say = () => ({ n: ++n, who: self() });
  const hear = async (ms: number) => {
    if (ms === 0) return;
    for (const until = monotonic() + ms; monotonic() < until; ) {
      const m: any = await receive([when(() => true, (one: any) => one)], { after: Math.max(1, until - monotonic()) });
      if (Array.isArray(m) && m[0] === "$gen_call" && random() < 0.9) reply(m[1], say());
      const who = m?.who ?? m?.[2]?.who;
      if (who !== undefined && !known.includes(who)) { known.push(who); if (known.length > 6) known.shift(); }
    }
  };
  while (monotonic() < ${TALK_MS}) {
    const to = random() < 0.5 || known.length === 0 ? { name: pick(["ann", "bob"]), node: pick(nodes) } : pick(known);
    const how = random();
    try {
      if (how < 0.5) for (let i = 0; i < pick([1, 1, 3]); i++) send(to, say());
      else if (how < 0.7) cast(to, say());
      else if (how < 0.86) await call(to, say(), { timeout: pick([5, 30, 100]) });
      else if (how < 0.93) spawn(watcher as any, [to]);
      else if (how < 0.98) spawn(caller as any, [pick(nodes)]);
      else if (random() < 0.3) exit(pick(["tired", "normal"]));
    } catch (thrown: any) { if (thrown.reason === "tired" || thrown.reason === "normal") throw thrown; }
    await hear(pick([0, 5, 20, 60]) * random());
  }
  while (monotonic() < ${PROBE_MS}) await hear(50);
  await hear(${PROBE_LATEST_MS - PROBE_MS} * random());
  for (const node of nodes) for (const other of ["ann", "bob"])
    try { send({ name: other, node }, { ...say(), probe: other + "@" + node }); } catch {}
  for (;;) await hear(1000);
}

/** Watches, or is linked with, one process and says what it hears of it. */
async function watcher(to: any) {
  trapExit(true);
  if (typeof to === "string" && random() < 0.4) link(to); else monitor(to);
  for (;;) { const { tag, reason } = await receive() as any; tell("heard", tag, reason); }
}

/** Takes channels, and answers what comes over them. */
export async function porter() {
  socket.listen("door");
  const counts = new Map<number, number>();
  for (;;) {
    const m: any = await receive();
    if (m.tag === "socket") {
      const n = (counts.get(m.socket) ?? 0) + 1;
      counts.set(m.socket, n);
      socket.send(m.socket, { n, channel: m.socket });
    }
    if (m.tag === "socket_closed") tell("left", m.socket, m.reason);
  }
}

async function caller(node: string) {
  const [outcome, channel] = await socket.connect({ node, port: "door" }, { timeout: 200 }) as any;
  tell("opened", outcome, channel, node);
  if (outcome !== "ok") return;
  for (let n = 1; n <= 12; n++) {
    if (socket.send(channel, { n, channel }) !== "ok") break;
    await receive([when(() => true, () => true)], { after: 20 * random() });
  }
  if (random() < 0.5) socket.close(channel);
}

/** Writes a book, and says what of it is lasting. */
export async function scribe() {
  const book = disk.log("book");
  const pages = await book.read();
  tell("found", pages.length, pages.every(([at, page], i) => at === i && page === i));
  for (let i = book.end; monotonic() < ${TALK_MS}; i = book.end) {
    if ((await book.append(i))[0] !== "ok") { await sleep(20); continue; }
    if (random() < 0.5) { const end = book.end; await book.fsync(); tell("lasting", end); }
    await sleep(10 * random());
  }
}
`;

/** The world of a seed. `gentle`: only faults that nobody is told of, each shorter than a tick. */
export function drawWorld(seed: number, { gentle = false } = {}): Scenario {
  return new WorldDrawing(seed).world(gentle);
}

/** What a fault may strike, and about when; default any time. */
interface Place {
  readonly names: readonly string[];
  readonly wires: readonly WireSpec[];
  readonly atUs?: number;
}

class WorldDrawing {
  readonly #seed: number;
  readonly #random: RandomStream;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new RandomStream(seed, 43);
  }

  world(isGentle: boolean): Scenario {
    const names = ["n1", "n2", "n3", "n4", "n5", "n6", "n7"].slice(0, 2 + this.#below(6));
    const wires = this.#pairs(names).map((between) => this.#wire(between));
    // Half of the faults strike in one place and at one time, so that they meet.
    const where = { names: [this.#pick(names)], wires: [this.#pick(wires)], atUs: this.#instant() };
    const faults = Array.from({ length: this.#below(16) }, () => {
      const place = this.#chance(0.5) ? where : { names, wires };
      return isGentle ? this.#gentleFault(place, names) : this.#fault(place, names);
    });
    return {
      name: `world ${this.#seed}`,
      horizonUs: HORIZON_MS * MS,
      nodes: names.map((name, i) => ({
        name,
        cores: 1 + this.#below(2),
        ...(i > 1 && this.#chance(0.1) ? { hidden: true } : undefined),
      })),
      wires,
      starts: names.flatMap((node) => [
        ...TALKERS.map((name) => ({
          ...start(node, "house", name, names),
          atUs: this.#below(30 * MS),
        })),
        { ...start(node, "porter"), name: "porter" },
        { ...start(node, "scribe"), name: "scribe" },
      ]),
      loads: [],
      faults: faults.flat(),
      schedule: this.#chance(0.4) ? "shuffled" : "fifo",
      distribution: {
        connected: this.#chance(0.8),
        connectAll: this.#chance(0.7),
        preventOverlappingPartitions: this.#chance(0.5),
        ...(isGentle ? undefined : { tickTimeUs: TICK_TIME_US }),
      },
    };
  }

  #pairs(names: readonly string[]): (readonly [string, string])[] {
    const all = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
    const line = names.slice(1).map((b, i) => [names[i] as string, b] as const);
    const ends = [names[0] as string, names.at(-1) as string] as const;
    switch (this.#below(5)) {
      case 0:
        return line;
      case 1:
        return names.length > 2 ? [...line, ends] : line;
      case 2:
        return names.slice(1).map((b) => [ends[0], b] as const);
      case 3:
        return all;
      default: {
        const some = all.filter(() => this.#chance(0.6));
        return some.length > 0 ? some : line;
      }
    }
  }

  #wire(between: readonly [string, string]): WireSpec {
    return {
      between,
      latency: this.#latency(0),
      loss: this.#chance(0.3) ? 0.3 * this.#random.uniform() : 0,
      ...(this.#chance(0.3) ? { dup: 0.3 * this.#random.uniform() } : undefined),
      ...(this.#chance(0.2) ? { reorder: this.#reorder() } : undefined),
      ...(this.#chance(0.2)
        ? { bytesPerSecond: 5_000 + this.#below(100_000), bufferBytes: 200 + this.#below(2_000) }
        : undefined),
    };
  }

  #reorder(): NonNullable<WireSpec["reorder"]> {
    return { share: 0.3 * this.#random.uniform(), extra: this.#latency(0) };
  }

  #latency(depth: number): Distribution {
    switch (this.#below(depth === 0 ? 7 : 6)) {
      case 0:
        return { kind: "det", us: this.#below(3_000) };
      case 1:
        return { kind: "uniform", fromUs: 20, toUs: 20 + this.#below(5_000) };
      case 2:
        return { kind: "exponential", meanUs: 1 + this.#below(2_000) };
      case 3:
        return { kind: "normal", meanUs: this.#below(2_000), sdUs: this.#below(1_000) };
      case 4:
        return { kind: "lognormal", medianUs: 1 + this.#below(2_000), sigma: 0.5 };
      case 5:
        return { kind: "pareto", leastUs: 1 + this.#below(1_000), alpha: 2.5 };
      default:
        return {
          kind: "mix",
          parts: [
            { share: 0.75, of: this.#latency(1) },
            { share: 0.25, of: this.#latency(1) },
          ],
        };
    }
  }

  /** Silences that nobody notices: in all they are shorter than 0.75 of the usual 60 s. */
  #gentleFault(place: Place, names: readonly string[]): FaultSpec[] {
    for (;;) {
      const faults = this.#fault(place, names);
      const kinds = ["partition", "oneWay", "pause", "hold", "disturb", "slow", "hang"];
      if (faults.every(({ kind }) => kinds.includes(kind)))
        return faults.map((fault) => ({ untilUs: TALK_MS * MS, ...fault }) as FaultSpec);
    }
  }

  #fault(place: Place, names: readonly string[]): FaultSpec[] {
    const atUs = place.atUs === undefined ? this.#instant() : place.atUs + this.#below(300 * MS);
    const node = this.#pick(place.names);
    const { between } = this.#pick(place.wires);
    const lengthUs = this.#pick([0, 1, 500, 5 * MS, 60 * MS, 200 * MS, 400 * MS, 900 * MS]);
    const untilUs = Math.min(TALK_MS * MS, atUs + lengthUs);
    // Some never end.
    const band = this.#chance(0.04) ? { atUs } : { atUs, untilUs };
    const process = this.#pick(PROCESSES);
    switch (this.#below(18)) {
      case 0:
        return [{ kind: "crash", node, atUs }];
      case 1:
        return [{ kind: "restart", node, atUs }];
      case 2:
        return [
          { kind: "crash", node, atUs },
          { kind: "restart", node, atUs: untilUs },
        ];
      case 3:
        return [{ kind: "pause", node, ...band }];
      case 4:
        return [{ kind: "cut", between, ...band }];
      case 5: {
        const left = names.filter(() => this.#chance(0.5));
        return [
          {
            kind: "partition",
            groups: [left, names.filter((name) => !left.includes(name))],
            ...band,
          },
        ];
      }
      case 6: {
        const [from, to] = this.#chance(0.5) ? between : ([between[1], between[0]] as const);
        return [{ kind: "oneWay", from, to, ...band }];
      }
      case 7:
        return [{ kind: "hold", between, atUs, untilUs }];
      case 8:
        return [{ kind: "disturb", between, loss: this.#random.uniform(), ...band }];
      case 9:
        return [{ kind: "disturb", between, dup: this.#random.uniform(), ...band }];
      case 10:
        return [{ kind: "disturb", between, reorder: this.#reorder(), ...band }];
      case 11:
        return [{ kind: "kill", node, process, atUs }];
      case 12:
        return [{ kind: "hang", node, process, atUs, untilUs }];
      case 13:
        return [{ kind: "bug", node, process, on: { n: this.#below(9) }, ...band }];
      case 14:
        return [{ kind: "slow", node, factor: 1 + this.#below(5), ...band }];
      case 15:
        return [{ kind: "diskFull", node, ...band }];
      case 16:
        return [{ kind: "slowDisk", node, factor: 1 + this.#below(9), ...band }];
      default:
        return this.#chance(0.5)
          ? [{ kind: "skew", node, byUs: this.#below(9) * MS - 4 * MS, atUs }]
          : [
              {
                kind: "outage",
                node,
                process,
                mode: this.#pick(["down", "hang", "slow"]),
                ...band,
              },
            ];
    }
  }

  // Draws.

  #instant(): number {
    return 50 * MS + this.#below((TALK_MS - 400) * MS);
  }

  #chance(share: number): boolean {
    return this.#random.uniform() < share;
  }

  #below(count: number): number {
    return Math.floor(this.#random.uniform() * count);
  }

  #pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.#below(choices.length)] as Choice;
  }
}

function start(node: string, run: string, ...args: readonly unknown[]) {
  return { atUs: 0, node, file: "main.ts", run, args };
}
