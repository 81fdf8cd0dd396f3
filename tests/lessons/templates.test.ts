/** The playground's templates: short, typed as the editor types, and true to what they say. */
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../components/play/scenario-text.ts";
import { readTemplates, type Template } from "../../server/templates.ts";
import type { Scenario } from "../../workers/kernel/scenario.ts";
import { KIND, SIGNAL, type Trace } from "../../workers/kernel/trace.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { complaintsOf } from "../engine/editor-complaints.ts";
import { compileFiles } from "../engine/room.ts";

const templates = readTemplates();

/** A line that a process wrote: virtual ms, its label, the text. */
interface Line {
  readonly ms: number;
  readonly who: string;
  readonly text: string;
}

interface Told {
  readonly scenario: Scenario;
  readonly trace: Trace;
  readonly lines: readonly Line[];
  /** Labels of the processes that ended by an error. */
  readonly crashed: readonly string[];
}

function codeOf({ files }: Template): Record<string, string> {
  return Object.fromEntries(
    files.filter(({ path }) => path.endsWith(".ts")).map(({ path, text }) => [path, text]),
  );
}

function run(template: Template, seed = 1): Told {
  const code = codeOf(template);
  const text = template.files.find(({ path }) => path === "scenario.json")?.text ?? "";
  const parsed = parseScenario(text, Object.keys(code));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  const { scenario } = parsed;
  const crashed: string[] = [];
  const trace = simulate({
    program: compileFiles(code),
    scenario,
    seed,
    onCrash: ({ label }) => crashed.push(label),
  });
  return { scenario, trace, crashed, lines: linesOf(trace) };
}

function linesOf(trace: Trace): Line[] {
  const labels = new Map<number, string>();
  const lines: Line[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    const [kind, process] = [trace.kindOf(row), trace.processOf(row)];
    if (kind === KIND.spawn || kind === KIND.register)
      labels.set(process, String(trace.payloadOf(row)));
    if (kind !== KIND.log) continue;
    const who = labels.get(process) ?? "?";
    lines.push({ ms: trace.atOf(row) / 1_000, who, text: String(trace.payloadOf(row)) });
  }
  return lines;
}

/** How many rows are of a kind. */
function count({ trace }: Told, kind: number, signal?: number): number {
  let found = 0;
  for (let row = 0; row < trace.rowCount; row++) {
    const isIt = signal === undefined || trace.signalOf(row) === signal;
    if (trace.kindOf(row) === kind && isIt) found++;
  }
  return found;
}

function templateOf(id: string): Template {
  const found = templates.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no template ${id}`);
  return found;
}

describe.each(templates)("$id", (template) => {
  it("runs to its horizon, and nobody crashes who should not, whatever the seed", () => {
    for (const seed of [1, 2, 3]) {
      const told = run(template, seed);
      expect(new Set(told.crashed), `seed ${seed}`).toEqual(new Set(template.crashes));
      expect(count(told, KIND.cut)).toBe(0);
      expect(count(told, KIND.send)).toBeGreaterThanOrEqual(10);
      expect(told.lines.length).toBeGreaterThan(3);
      // Every name that the scenario gives is taken: no start came to nothing.
      const names = told.scenario.starts.flatMap(({ name }) => name ?? []);
      const taken = new Set<unknown>();
      for (let row = 0; row < told.trace.rowCount; row++)
        if (told.trace.kindOf(row) === KIND.register) taken.add(told.trace.payloadOf(row));
      expect(names.filter((name) => !taken.has(name))).toEqual([]);
    }
  });

  it("is short, and every line of it can be read without scrolling", () => {
    const lines = Object.values(codeOf(template)).flatMap((text) => text.trimEnd().split("\n"));
    expect(lines.length).toBeGreaterThanOrEqual(15);
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(template.about.length).toBeLessThanOrEqual(100);
    expect(template.about).toMatch(/^\p{Lu}.*[.?]$/u);
    expect(template.files[0]?.path).toBe("main.ts");
    expect(template.files.at(-1)?.path).toBe("scenario.json");
    expect(template.files[0]?.text).toMatch(/^\/\/ /);
  });

  it("has nothing that TypeScript complains about in the editor", () => {
    expect([...complaintsOf(codeOf(template))]).toEqual([]);
  });
});

describe("what they show", () => {
  it("ping and pong: ten hits, each a wire's length and a tenth of a second after the other", () => {
    const { lines } = run(templateOf("ping-pong"));
    expect(lines.map(({ ms }) => ms)).toEqual([900, 1_900, 2_900, 3_900, 4_900]);
    expect(lines.at(-1)?.text).toBe("hit 10 came back");
  });

  it("a till and a rush: the line grows by what is too many, and is gone long after", () => {
    const told = run(templateOf("rush"));
    const served = (until: number) => told.lines.filter(({ ms }) => ms <= until).length * 50;
    // 20 a second at most, however many come: 100 in the five seconds of the rush, not 175.
    expect(served(10_000) - served(5_000)).toBeLessThanOrEqual(100);
    const lastOut = told.lines.at(-1)?.ms ?? 0;
    expect(lastOut).toBeGreaterThan(13_000);
    let waiting = 0;
    let longest = 0;
    for (let row = 0; row < told.trace.rowCount; row++) {
      const isCall = told.trace.signalOf(row) === SIGNAL.call;
      if (isCall && told.trace.kindOf(row) === KIND.arrive) longest = Math.max(longest, ++waiting);
      if (told.trace.kindOf(row) === KIND.receive && told.trace.processOf(row) > 0) {
        const isTill = told.trace.payloadOf(row) !== undefined;
        if (isTill || isCall) waiting = Math.max(0, waiting - 1);
      }
    }
    expect(longest).toBeGreaterThan(40);
  });

  it("let it crash: a fresh oven for every stone, and a counter that never forgets", () => {
    const { lines, crashed } = run(templateOf("let-it-crash"));
    const fresh = lines.filter(({ text }) => text === "a fresh oven").length;
    expect(crashed.length).toBeGreaterThanOrEqual(3);
    expect(fresh).toBe(crashed.length + 1);
    const numbers = lines.flatMap(({ text }) => Number(/number (\d+)/.exec(text)?.[1] ?? []));
    expect(numbers.filter(Boolean)).toEqual(numbers.filter(Boolean).map((_, i) => i + 1));
  });

  it("retries: messages die, and payments come again and are booked once", () => {
    const told = run(templateOf("retries"));
    expect(count(told, KIND.lose)).toBeGreaterThan(10);
    expect(told.lines.some(({ text }) => /took [3-8] tries/.test(text))).toBe(true);
    expect(told.lines.some(({ text }) => text.endsWith("is booked once"))).toBe(true);
  });

  it("a partition: two bosses while the cluster is in two, and one of them goes", () => {
    const told = run(templateOf("cluster"));
    const bosses = told.lines.filter(({ text }) => text === "I am boss");
    expect(bosses.map(({ ms }) => ms > 8_000 && ms < 24_000)).toEqual([false, true]);
    const killed: unknown[] = [];
    for (let row = 0; row < told.trace.rowCount; row++)
      if (told.trace.kindOf(row) === KIND.exit) killed.push(told.trace.payloadOf(row));
    expect(killed.filter((reason) => reason === "killed")).toHaveLength(1);
    for (const who of ["member-a", "member-b", "member-c"]) {
      const said = told.lines.filter((line) => line.who === who).map(({ text }) => text[0]);
      expect(said.at(0), who).toBe("3");
      expect(said, who).toContain(who === "member-c" ? "1" : "2");
      expect(said.at(-1), who).toBe("3");
    }
  });

  it("a stream: every order is packed, some twice, and all by Ann once Bob is gone", () => {
    const { lines } = run(templateOf("stream"));
    const packed = lines.flatMap(({ ms, text }) => {
      const [, who, order] = /^(\w+) packed order (\d+)$/.exec(text) ?? [];
      return who === undefined ? [] : [{ ms, who, order: Number(order) }];
    });
    expect(new Set(packed.map(({ order }) => order)).size).toBe(300);
    expect(packed.length).toBeGreaterThan(300);
    const before = new Set(packed.filter(({ ms }) => ms < 6_000).map(({ who }) => who));
    const after = new Set(packed.filter(({ ms }) => ms > 6_000).map(({ who }) => who));
    expect([...before].sort()).toEqual(["Ann", "Bob"]);
    expect([...after]).toEqual(["Ann"]);
    expect(lines.findLast(({ text }) => text.includes("has partitions"))?.text).toBe(
      "Ann has partitions 0,1,2,3",
    );
  });

  it("demand: the quick cook gets four times as many, and nothing lies about", () => {
    const { lines } = run(templateOf("demand"));
    const peeled = (who: string) =>
      Number(/peeled (\d+)/.exec(lines.findLast((line) => line.who === who)?.text ?? "")?.[1]);
    expect(peeled("quick") / peeled("slow")).toBeGreaterThan(3.5);
    expect(peeled("quick") / peeled("slow")).toBeLessThan(4.5);
    const kept = lines.filter(({ who }) => who === "inspector").map(({ text }) => text);
    expect(new Set(kept)).toEqual(new Set(["0 potatoes lie about"]));
  });

  it("disk: more was answered than is found again, and no more than was said to be safe is", () => {
    const { lines } = run(templateOf("disk"));
    const before = lines.filter(({ ms }) => ms < 4_000);
    const written = before.filter(({ text }) => text.endsWith(": written")).length;
    const safe = before.findLast(({ text }) => text.endsWith("are safe"))?.text;
    const found = lines.find(({ text }) => text.startsWith("found"))?.text;
    expect(found).toMatch(/^found \d+ lines again$/);
    expect(Number(/\d+/.exec(found ?? "")?.[0])).toBe(Number(/\d+/.exec(safe ?? "")?.[0]));
    expect(Number(/\d+/.exec(found ?? "")?.[0])).toBeLessThan(written);
  });
});
