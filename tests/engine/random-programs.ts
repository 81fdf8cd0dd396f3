/**
 * Programs and worlds drawn from a seed, written as a learner would write them: processes that
 * spawn, link, watch, wait for some messages and not for others, set timers, work, call a server
 * with too little patience, fail and end one another, on one to four nodes with wires that lose,
 * delay and double messages, nodes that are killed and come back, and partitions.
 *
 * Every program ends by the scenario's horizon and stays small: a function starts only those after
 * it, loops turn at most three times, and no receive waits for ever.
 */
import { type FaultSpec, RandomStream, type Scenario } from "../../workers/kernel/index.ts";

/** Processes' functions in a program: `actor0` is what a scenario starts. */
const ACTORS = 4;
const DEPTH_MAX = 2;
const HORIZON_US = 1_000_000;

export interface Drawn {
  /** The text of main.ts. */
  readonly text: string;
  readonly scenario: Scenario;
}

/** The program and the world of a seed. */
export function drawProgram(seed: number): Drawn {
  const drawing = new Drawing(seed);
  return { text: drawing.program(), scenario: drawing.scenario(`drawn ${seed}`) };
}

const IMPORTS = `import {
  call, cancelTimer, cast, demonitor, Exit, exit, genServer, link, log, monitor, monitorNode, monotonic,
  node, nodes, ping, processInfo, random, receive, register, reply, self, send, sendAfter, sleep, spawn,
  spawnLink, spawnMonitor, startLink, supervisor, trapExit, unlink, when, whereis, work,
} from "otp";`;

/** What all programs have: a way to say what came of something, and to pick without failing. */
const COMMON = `
const pick = (list: any[]): any => list[Math.floor(random() * list.length)];
const other = (list: any[]): any => pick(list.filter((pid) => pid !== self())) ?? whereis("desk") ?? self();
const brief = (value: any) => log(JSON.stringify(value) ?? "nothing");
const why = (error: any) => (error instanceof Exit ? error.reason : String(error));
let visits = 0;
export const visitor = (_n: number) => actor2({ name: "desk", node: node() });
`;

class Drawing {
  readonly #random: RandomStream;
  readonly #nodes: readonly string[];
  #count = 0;

  constructor(seed: number) {
    this.#random = new RandomStream(seed, 41);
    this.#nodes = ["n1", "n2", "n3", "n4"].slice(0, 1 + this.#below(4));
  }

  // The program.

  program(): string {
    const actors = Array.from({ length: ACTORS }, (_, index) => this.#actor(index));
    return [IMPORTS, COMMON, this.#server(), this.#supervisor(), ...actors].join("\n");
  }

  #actor(index: number): string {
    const first =
      index === 0
        ? `brief(["begins", node(), random()]); ${this.#maybe("await startLink(watch, []);")}`
        : this.#maybe(`send(boss, { tag: "hello", from: self(), n: ${index} });`);
    const body = Array.from({ length: 5 + this.#below(6) }, () => this.#statement(index, 0));
    return `export async function actor${index}(boss: any, known: any[] = []) {
  const timers: any[] = []; let ref: any; known = [...known, self()]; visits++;
  ${[first, ...body].join("\n  ")}
}`;
  }

  #statement(actor: number, depth: number): string {
    if (depth < DEPTH_MAX && this.#below(4) === 0) return this.#compound(actor, depth + 1);
    const ms = () => this.#ms();
    const next = `actor${actor + 1 + this.#below(ACTORS - actor - 1)}`;
    const canSpawn = actor + 1 < ACTORS;
    const spawning = (how: string) =>
      canSpawn ? `known.push(${how}(${next}, [self(), known.slice(-3)]));` : `visits++;`;
    const choices = [
      () => spawning("spawn"),
      () => spawning("spawn"),
      () => spawning("spawnLink"),
      () =>
        canSpawn
          ? `{ const [pid, watch] = spawnMonitor(${next}, [self()]); known.push(pid); ref = watch; }`
          : `ref = monitor(other(known));`,
      () => `send(other(known), ${this.#message()});`,
      () => `send(boss, ${this.#message()});`,
      () => `send(${this.#name()}, ${this.#message()});`,
      () => `cast(${this.#name()}, ${this.#message()});`,
      () => `await ${this.#receive()};`,
      () => `await ${this.#receive()};`,
      () => `brief(await ${this.#receive()});`,
      () => `brief(await ${this.#call()});`,
      () => `brief(await ${this.#call()});`,
      () => `brief(await Promise.all([${this.#call()}, sleep(${ms()})]));`,
      () => `link(other(known));`,
      () => `{ const pid = other(known); trapExit(true); link(pid); ${this.#wait()} unlink(pid); }`,
      () => `ref = monitor(${this.#pick(["other(known)", this.#name()])});`,
      () =>
        `ref ??= monitor(other(known)); brief(demonitor(ref, { flush: ${this.#flag()} })); ref = undefined;`,
      () => `brief(trapExit(${this.#flag()}));`,
      () =>
        `timers.push(sendAfter(${ms()}, ${this.#message()}${this.#pick(["", ", boss", ', "desk"'])}));`,
      () => `brief(cancelTimer(timers.pop() ?? sendAfter(${ms()}, "never")));`,
      () => `await sleep(${ms()});`,
      () => `await work(${ms()}${this.#pick(["", ', { kind: "io" }'])});`,
      () => `if (random() < 0.5) exit(other(known), ${this.#reason()});`,
      () => `if (random() < 0.2) exit(${this.#reason()});`,
      () => `if (random() < 0.2) throw new RangeError("drawn ${this.#next()}");`,
      () => `brief([${this.#next()}, random(), monotonic(), visits]);`,
      () => `brief(processInfo(pick(known))?.messageQueueLen);`,
      () =>
        `try { register("name${this.#below(2)}"); } catch (error) { brief(String(why(error))); }`,
      () => `brief(whereis("name${this.#below(2)}") !== undefined);`,
      () => `brief([nodes(), await ping("${this.#node()}")]);`,
      () => `monitorNode("${this.#node()}", ${this.#flag()});`,
    ];
    return (choices[this.#below(choices.length)] as () => string)();
  }

  #compound(actor: number, depth: number): string {
    const one = () => this.#statement(actor, depth);
    switch (this.#below(5)) {
      case 0:
        return `if (random() < 0.5) { ${one()} } else { ${one()} ${one()} }`;
      case 1:
        return `for (let i = 0; i < ${1 + this.#below(3)}; i++) { ${one()} ${one()} }`;
      case 2:
        return `try { ${one()} ${one()} } catch (error) { brief(why(error)); } finally { visits++; }`;
      case 3:
        return `await Promise.all([(async () => { ${this.#wait()} brief(${this.#next()}); })(), (async () => { ${this.#wait()} ${this.#wait()} visits++; })()]);`;
      default:
        return `for await (const n of (async function* () { yield random(); ${this.#wait()} yield ${this.#next()}; })()) { brief(n); ${one()} }`;
    }
  }

  #wait(): string {
    return this.#pick(["await null;", `await sleep(${this.#ms()});`, `await work(${this.#ms()});`]);
  }

  #receive(): string {
    const after = `{ after: ${this.#ms() * 2}${this.#maybe(', otherwise: () => "late"')} }`;
    const all = `when(() => true, (m: any) => m)`;
    const clauses = this.#pick([
      all,
      `when({ tag: "hello" }, (m: any) => m.n)`,
      `when({ tag: "DOWN" }, (m: any) => m.reason), when({ tag: "EXIT" }, (m: any) => m.reason)`,
      `when({ k: ${this.#below(3)} }, async (m: any) => { await sleep(${this.#ms()}); return m.k; }), ${all}`,
      `when((m: any) => m?.tag === undefined, (m: any) => m)`,
    ]);
    return `receive([${clauses}], ${after})`;
  }

  #call(): string {
    return `call(${this.#name()}, ${this.#request()}, { timeout: ${5 * this.#ms()} }).catch((error: any) => why(error))`;
  }

  #request(): string {
    const how = this.#pick([
      "now",
      "now",
      "work",
      "later",
      "never",
      "idle",
      "next",
      "fail",
      "stop",
    ]);
    return `{ how: "${how}", n: ${this.#below(5)} }`;
  }

  #message(): string {
    return this.#pick([
      `{ k: ${this.#below(3)}, from: self() }`,
      `{ k: ${this.#below(3)}, data: [random(), "text", { deep: [${this.#below(9)}] }] }`,
      `["tuple", ${this.#below(9)}, known.slice(-2)]`,
      `new Map<any, any>([["k", ${this.#below(9)}], [${this.#below(9)}, new Set([1, 2])]])`,
      `"text ${this.#below(9)}"`,
      `visits`,
    ]);
  }

  #reason(): string {
    return this.#pick([
      `"normal"`,
      `"kill"`,
      `"shutdown"`,
      `["odd", ${this.#below(9)}]`,
      `"worn out"`,
    ]);
  }

  #server(): string {
    return `export const desk = genServer<any>({
  init: (start = 0) => ${this.#pick([`["ok", { sum: start, waiting: [] }]`, `["ok", { sum: start, waiting: [] }, { continue: "opened" }]`])},
  async handleCall(request: any, from: any, state: any) {
    const sum = state.sum + request.n;
    switch (request.how) {
      case "work": await work(random() * ${this.#ms()}); return ["reply", sum, { ...state, sum }];
      case "later": return ["noreply", { sum, waiting: [...state.waiting, from] }, ${this.#ms()}];
      case "never": return ["noreply", { ...state, sum }];
      case "idle": return ["reply", sum, { ...state, sum }, ${this.#ms()}];
      case "next": return ["reply", "soon", state, { continue: request.n }];
      case "fail": if (random() < 0.3) throw new TypeError("desk"); return ["reply", "lucky", state];
      case "stop": return random() < 0.3 ? ["stop", ${this.#reason()}, "stopping", state] : ["reply", "stays", state];
      default: return ["reply", { sum, at: node() }, { ...state, sum }];
    }
  },
  handleCast: (message: any, state: any) => ["noreply", { ...state, sum: state.sum + (message?.k ?? 1) }],
  ${this.#pick(["", "async "])}handleInfo(message: any, state: any) {
    if (message !== "timeout") return ["noreply", state];
    for (const from of state.waiting) reply(from, state.sum);
    return ["noreply", { ...state, waiting: [] }];
  },
  handleContinue: (what: any, state: any) => ["noreply", { ...state, sum: state.sum + 1 }],
  terminate(reason: any, state: any) { brief(["desk ends", reason, state.sum]); },
} as any);`;
  }

  #supervisor(): string {
    const strategy = this.#pick(["one_for_one", "one_for_all", "rest_for_one"]);
    const child = (id: string) =>
      `{ id: "${id}", start: () => startLink(desk, [${this.#below(9)}], { name: "${id}" }), restart: "${this.#pick(["permanent", "transient", "temporary"])}" }`;
    return `export const watch = supervisor({ strategy: "${strategy}", intensity: 2, period: 1, children: [${child("left")}, ${child("right")}] } as any);`;
  }

  /** A registered process, often one on another node, at times one that does not exist. */
  #name(): string {
    const name = this.#pick(["desk", "desk", "desk", "left", "right", "name0", "nobody"]);
    return `{ name: "${name}", node: "${this.#node()}" }`;
  }

  // The world.

  scenario(name: string): Scenario {
    const nodes = this.#nodes;
    const pairs = nodes.flatMap((a, i) => nodes.slice(i + 1).map((b) => [a, b] as const));
    return {
      name,
      horizonUs: HORIZON_US,
      nodes: nodes.map((node) => ({ name: node, cores: 1 + this.#below(2) })),
      wires: pairs.map((between) => ({
        between,
        latency: this.#latency(),
        loss: this.#below(2) * this.#random.uniform() * 0.3,
        dup: this.#below(3) === 0 ? 0.1 : 0,
      })),
      starts: nodes.flatMap((node) => [
        { atUs: 0, node, file: "main.ts", run: "desk", args: [1], name: "desk" },
        {
          atUs: this.#below(2) * 700,
          node,
          file: "main.ts",
          run: "actor0",
          args: [{ name: "desk", node }],
        },
      ]),
      loads: [
        {
          name: "visitor",
          node: nodes[0] as string,
          file: "main.ts",
          run: "visitor",
          args: [],
          phases: [{ untilUs: HORIZON_US / 4, perSecond: 20 }],
        },
      ],
      faults: this.#faults(),
      schedule: this.#below(2) === 0 ? "fifo" : "shuffled",
      distribution: { tickTimeUs: 100_000 },
    };
  }

  #latency(): Scenario["wires"][number]["latency"] {
    switch (this.#below(3)) {
      case 0:
        return { kind: "det", us: 1 + this.#below(2000) };
      case 1:
        return { kind: "uniform", fromUs: 20, toUs: 20 + this.#below(5000) };
      default:
        return { kind: "exponential", meanUs: 100 + this.#below(2000) };
    }
  }

  #faults(): FaultSpec[] {
    if (this.#nodes.length === 1) return [];
    const faults: FaultSpec[] = [];
    const atUs = 1000 + this.#below(200_000);
    const [a, b] = [this.#nodes[0] as string, this.#nodes.at(-1) as string];
    if (this.#below(2) === 0) faults.push({ kind: "crash", node: b, atUs });
    if (faults.length > 0 && this.#below(2) === 0)
      faults.push({ kind: "restart", node: b, atUs: atUs + 1 + this.#below(100_000) });
    const from = 1000 + this.#below(200_000);
    const untilUs = from + this.#below(300_000) + 1;
    switch (this.#below(8)) {
      case 0:
        faults.push({
          kind: "partition",
          groups: [[a], this.#nodes.slice(1)],
          atUs: from,
          untilUs,
        });
        break;
      case 1:
        faults.push({ kind: "oneWay", from: a, to: b, atUs: from, untilUs });
        break;
      case 2:
        faults.push({ kind: "hold", between: [a, b], atUs: from, untilUs });
        break;
      case 3:
        faults.push({ kind: "pause", node: a, atUs: from, untilUs });
        break;
      case 4:
        faults.push({ kind: "cut", between: [a, b], atUs: from, untilUs });
        break;
    }
    return faults;
  }

  // Draws.

  #node(): string {
    return this.#nodes[this.#below(this.#nodes.length)] as string;
  }

  #ms(): number {
    return [0, 1, 1, 2, 3, 5, 8, 20][this.#below(8)] as number;
  }

  #flag(): string {
    return this.#pick(["true", "false"]);
  }

  #maybe(text: string): string {
    return this.#below(2) === 0 ? text : "";
  }

  #next(): number {
    return this.#count++;
  }

  #below(count: number): number {
    return Math.floor(this.#random.uniform() * count);
  }

  #pick(choices: readonly string[]): string {
    return choices[this.#below(choices.length)] as string;
  }
}
