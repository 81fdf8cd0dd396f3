/**
 * A scenario as somebody writes it, parsed strictly: every field is known, typed and bounded, every
 * node that is named exists. Nothing is mended; what is wrong is said with the path of the field,
 * what was seen there, and what is allowed. So whatever gets through, from the editor or from a
 * link, is a world that the engine can run.
 *
 * Friendlier than the type in two things: times may be written "2 s", "150 ms" or "50 us", and what
 * has a natural default may be left out.
 */
import type {
  ClockSpec,
  Distribution,
  DistributionSpec,
  FaultSpec,
  LoadSpec,
  NodeSpec,
  OperationsSpec,
  Scenario,
  StartSpec,
  WireSpec,
} from "../../workers/kernel/scenario.ts";
import type { EditorProblem } from "../editor/exercise-file.ts";
import {
  anything,
  either,
  everyOf,
  type Fields,
  type Found,
  fields,
  listOf,
  number,
  oneOf,
  optional,
  or,
  pairOf,
  type Reader,
  type Report,
  recordOf,
  seen,
  tagged,
  text,
  whole,
} from "./field-readers.ts";
import { type Places, parseJsonText } from "./json-text.ts";

export type ScenarioText =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

/** What is wrong with a field. `path` is "" where the text is no JSON at all. */
export interface ScenarioProblem {
  readonly path: string;
  /** Begins with the path; says what was seen and what is allowed. */
  readonly message: string;
  /** Where in the text, in characters from 0. */
  readonly from: number;
  readonly to: number;
}

/** What a scenario written by hand may be at most. The engine could do more; a page could not show it. */
export const SCENARIO_BOUNDS = {
  characters: 100_000,
  nodes: 20,
  wires: 60,
  starts: 100,
  loads: 10,
  faults: 100,
  horizonUs: 600_000_000,
  arrivalsPerSecond: 10_000,
  users: 1_000,
} as const;

/** Told of one text. */
const PROBLEMS_MAX = 20;

/**
 * Parses the text of scenario.json. With `paths`, the names of the files, processes and loads must
 * name one of them.
 */
export function parseScenario(source: string, paths?: readonly string[]): ScenarioText {
  if (source.length > SCENARIO_BOUNDS.characters) {
    const message = `A scenario has at most ${count(SCENARIO_BOUNDS.characters)} characters; this one has ${count(source.length)}.`;
    return { ok: false, problems: [{ path: "", message, from: 0, to: 1 }] };
  }
  const json = parseJsonText(source);
  if (!json.ok) return { ok: false, problems: [{ path: "", message: json.message, ...json.at }] };
  const found: Found[] = [];
  const report: Report = (path, says) => void found.push({ path, says });
  const scenario = readScenario(json.value, "", report);
  if (scenario !== undefined) for (const says of strangersIn(scenario, paths)) found.push(says);
  if (scenario !== undefined && found.length === 0) return { ok: true, scenario };
  const problems = found.slice(0, PROBLEMS_MAX).map((one) => placed(one, json));
  return { ok: false, problems };
}

/** Faults on their own, as a link carries them; `nodes` are those that there are. */
export function parseFaults(
  value: unknown,
  nodes?: readonly string[],
): readonly FaultSpec[] | undefined {
  const found: Found[] = [];
  const faults = listOf(fault, SCENARIO_BOUNDS.faults)(
    value,
    "faults",
    (path, says) => void found.push({ path, says }),
  );
  if (faults === undefined || found.length > 0) return undefined;
  const isKnown = (name: string) => nodes === undefined || nodes.includes(name);
  return faults.every((one) => nodesOf(one).every(({ name }) => isKnown(name)))
    ? faults
    : undefined;
}

/** The text of a scenario with other faults, and nothing else changed; undefined when it is no JSON. */
export function withFaults(source: string, faults: readonly FaultSpec[]): string | undefined {
  const json = parseJsonText(source);
  const whole = json.ok ? json.places.get("") : undefined;
  if (!json.ok || whole === undefined || source[whole.from] !== "{") return undefined;
  const lines = faults.map((one) => `\n    ${lineOf(one)}`).join(",");
  const list = faults.length === 0 ? "[]" : `[${lines}\n  ]`;
  const there = json.places.get("faults");
  if (there !== undefined) return source.slice(0, there.from) + list + source.slice(there.to);
  const before = source.slice(0, whole.to - 1).trimEnd();
  const comma = before.endsWith("{") ? "" : ",";
  return `${before}${comma}\n  "faults": ${list}\n}${source.slice(whole.to)}`;
}

/** A fault on one line, whole milliseconds written as such. */
function lineOf(one: FaultSpec): string {
  const readable = Object.fromEntries(
    Object.entries(one).map(([name, value]: [string, unknown]) => {
      if (!name.endsWith("Us") || typeof value !== "number") return [name, value];
      const us = Math.round(value);
      return [name, us % 1_000 === 0 && us >= 0 ? `${us / 1_000} ms` : us];
    }),
  );
  return JSON.stringify(readable, null, 1).replace(/\n\s*/g, " ");
}

/** The problems as the editor marks them, in the file `path`. */
export function markedProblems(
  problems: readonly ScenarioProblem[],
  source: string,
  path: string,
): EditorProblem[] {
  return problems.map(({ message, from, to }) => {
    const start = placeOf(source, from);
    const end = placeOf(source, Math.max(to, from + 1));
    // A whole object is marked by its first line only.
    const isLong = end.line > start.line;
    return {
      file: path,
      ...start,
      endLine: start.line,
      endColumn: isLong ? start.column + 1 : end.column,
      message,
    };
  });
}

function placed({ path, says }: Found, { places }: { readonly places: Places }): ScenarioProblem {
  // What is missing has no place of its own: its nearest parent has.
  let near = path;
  while (!places.has(near) && near !== "") near = near.replace(/(\.|^)[^.[\]]*$|\[\d+\]$/, "");
  const { from, to } = places.get(near) ?? { from: 0, to: 1 };
  const name = path === "" ? "The scenario" : path;
  return { path, message: `${name}: ${says}`, from, to };
}

function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

// The words of a scenario, smallest first.

const UNITS: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1_000, s: 1_000_000 };

/** µs as a number, or a time with its unit, between two bounds. */
function time(least: number, most: number = SCENARIO_BOUNDS.horizonUs): Reader<number> {
  const allowed = `whole µs from ${count(least)} to ${count(most)}, or a text like "150 ms" or "2 s"`;
  return (value, path, report) => {
    const us = typeof value === "string" ? inUs(value) : value;
    const isGood = typeof us === "number" && Number.isSafeInteger(us) && us >= least && us <= most;
    if (isGood) return us;
    report(path, seen(value, allowed));
    return undefined;
  };
}

function inUs(words: string): number | undefined {
  const [, figure, unit = ""] = /^(-?\d{1,9}(?:\.\d{1,6})?) ?([a-zµ]{1,2})$/.exec(words) ?? [];
  const factor = UNITS[unit];
  if (figure === undefined || factor === undefined) return undefined;
  // 0.3 ms times 1,000 is not quite 300.
  const us = Number(figure) * factor;
  return Math.abs(us - Math.round(us)) < 1e-6 ? Math.round(us) : undefined;
}

const at = time(0);
const duration = time(0);
const share = number(0, 1);
const nodeName = text(
  /^[a-z][a-z0-9-]{0,23}$/,
  "lower-case letters, digits and dashes, a letter first, at most 24",
);
const fileName = text(/^[a-z][a-z0-9-]{0,39}\.ts$/, 'a file like "main.ts"');
const exportName = text(/^[A-Za-z_$][\w$]{0,59}$/, "the name of an export");
const plainName = text(/^[^\p{C}]{1,60}$/u, "a name of 1 to 60 characters");
const args = listOf(anything(20_000), 20);

const distribution: Reader<Distribution> = tagged("kind", {
  det: fields<Distribution & { kind: "det" }>({ kind: either("det"), us: duration }),
  uniform: everyOf(
    fields<Distribution & { kind: "uniform" }>({
      kind: either("uniform"),
      fromUs: duration,
      toUs: duration,
    }),
    ({ fromUs, toUs }) => (toUs < fromUs ? ["toUs", "is before fromUs"] : undefined),
  ),
  exponential: fields<Distribution & { kind: "exponential" }>({
    kind: either("exponential"),
    meanUs: duration,
  }),
  normal: fields<Distribution & { kind: "normal" }>({
    kind: either("normal"),
    meanUs: duration,
    sdUs: duration,
  }),
  lognormal: fields<Distribution & { kind: "lognormal" }>({
    kind: either("lognormal"),
    medianUs: duration,
    sigma: number(0, 5),
  }),
  pareto: fields<Distribution & { kind: "pareto" }>({
    kind: either("pareto"),
    leastUs: time(1),
    alpha: number(0.1, 100),
  }),
  mix: everyOf(
    fields<Distribution & { kind: "mix" }>({
      kind: either("mix"),
      parts: listOf(
        fields<{ readonly share: number; readonly of: Distribution }>({
          share,
          of: (value, path, report) => distribution(value, path, report),
        }),
        8,
        1,
      ),
    }),
    ({ parts }) => {
      const sum = parts.reduce((all, part) => all + part.share, 0);
      return Math.abs(sum - 1) > 1e-9
        ? ["parts", `the shares add up to ${sum}, not to 1`]
        : undefined;
    },
  ),
});

const node: Reader<NodeSpec> = fields<NodeSpec>({
  name: nodeName,
  cores: or(whole(1, 64), 1),
  hidden: optional(either(true, false)),
  role: optional(plainName),
  standby: optional(either(true, false)),
  version: optional(plainName),
  disk: optional(
    fields<NonNullable<NodeSpec["disk"]>>({
      appendUs: optional(duration),
      syncUs: optional(duration),
      readUs: optional(duration),
      bytes: optional(whole(0, 1024 ** 3)),
    }),
  ),
  clock: optional(
    fields<ClockSpec>({
      skewUs: optional(time(-SCENARIO_BOUNDS.horizonUs)),
      driftPpm: optional(number(-100_000, 100_000)),
    }),
  ),
});

const between = everyOf(pairOf(nodeName), ([one, other]) =>
  one === other ? ["", "a wire has two different ends"] : undefined,
);

const reorder = fields<NonNullable<WireSpec["reorder"]>>({ share, extra: distribution });

const wire: Reader<WireSpec> = fields<WireSpec>({
  between,
  latency: distribution,
  loss: or(share, 0),
  dup: optional(share),
  reorder: optional(reorder),
  bytesPerSecond: optional(whole(1, 1e12)),
  bufferBytes: optional(whole(1, 1024 ** 3)),
});

const start: Reader<StartSpec> = fields<StartSpec>({
  atUs: or(at, 0),
  node: nodeName,
  file: fileName,
  run: exportName,
  args: or(args, []),
  name: optional(plainName),
  version: optional(plainName),
});

const isLater = ({ atUs, untilUs }: { readonly atUs: number; readonly untilUs?: number }) =>
  untilUs !== undefined && untilUs <= atUs
    ? (["untilUs", "must be later than atUs"] as const)
    : undefined;

const since = { atUs: at, untilUs: optional(at) };
type Fault<Kind extends FaultSpec["kind"]> = Extract<FaultSpec, { readonly kind: Kind }>;
const factor = number(1, 1_000);

const fault: Reader<FaultSpec> = tagged("kind", {
  crash: fields<Fault<"crash">>({ kind: either("crash"), node: nodeName, atUs: at }),
  restart: fields<Fault<"restart">>({ kind: either("restart"), node: nodeName, atUs: at }),
  pause: lasting<Fault<"pause">>({ kind: either("pause"), node: nodeName, ...since }),
  cut: lasting<Fault<"cut">>({ kind: either("cut"), between, ...since }),
  partition: everyOf(
    lasting<Fault<"partition">>({
      kind: either("partition"),
      groups: pairOf(listOf(nodeName, SCENARIO_BOUNDS.nodes, 1)),
      ...since,
    }),
    ({ groups: [one, other] }) => {
      const both = one.find((name) => other.includes(name));
      return both === undefined ? undefined : ["groups", `${both} is on both sides`];
    },
  ),
  oneWay: lasting<Fault<"oneWay">>({
    kind: either("oneWay"),
    from: nodeName,
    to: nodeName,
    ...since,
  }),
  hold: lasting<Fault<"hold">>({ kind: either("hold"), between, atUs: at, untilUs: at }),
  disturb: lasting<Fault<"disturb">>({
    kind: either("disturb"),
    between,
    loss: optional(share),
    dup: optional(share),
    reorder: optional(reorder),
    ...since,
  }),
  kill: fields<Fault<"kill">>({
    kind: either("kill"),
    node: nodeName,
    process: plainName,
    reason: optional(anything(2_000)),
    atUs: at,
  }),
  hang: lasting<Fault<"hang">>({
    kind: either("hang"),
    node: nodeName,
    process: plainName,
    atUs: at,
    untilUs: at,
  }),
  bug: lasting<Fault<"bug">>({
    kind: either("bug"),
    node: nodeName,
    process: plainName,
    on: anything(2_000),
    ...since,
  }),
  slow: lasting<Fault<"slow">>({ kind: either("slow"), node: nodeName, factor, ...since }),
  diskFull: lasting<Fault<"diskFull">>({ kind: either("diskFull"), node: nodeName, ...since }),
  slowDisk: lasting<Fault<"slowDisk">>({
    kind: either("slowDisk"),
    node: nodeName,
    factor,
    ...since,
  }),
  skew: fields<Fault<"skew">>({
    kind: either("skew"),
    node: nodeName,
    byUs: time(-SCENARIO_BOUNDS.horizonUs),
    atUs: at,
  }),
  outage: lasting<Fault<"outage">>({
    kind: either("outage"),
    node: nodeName,
    process: plainName,
    mode: either("down", "hang", "slow"),
    ...since,
  }),
});

/** A fault with a beginning and an end: the end comes later. */
function lasting<Spec extends { readonly atUs: number; readonly untilUs?: number }>(
  of: Fields<Spec>,
): Reader<Spec> {
  return everyOf(fields<Spec>(of), isLater);
}

const who = {
  name: plainName,
  node: nodeName,
  file: fileName,
  run: exportName,
  args: or(args, []),
};

const openLoad = everyOf(
  fields<Extract<LoadSpec, { readonly phases: unknown }>>({
    kind: optional(either("open")),
    ...who,
    phases: listOf(
      fields<{ readonly untilUs: number; readonly perSecond: number }>({
        untilUs: time(1),
        perSecond: number(0, SCENARIO_BOUNDS.arrivalsPerSecond),
      }),
      50,
      1,
    ),
    bursts: optional(
      listOf(
        fields<{ readonly atUs: number; readonly count: number }>({
          atUs: at,
          count: whole(1, 10_000),
        }),
        50,
      ),
    ),
  }),
  ({ phases }) =>
    isRising(phases.map(({ untilUs }) => untilUs))
      ? undefined
      : ["phases", "each ends later than the one before"],
);

const load: Reader<LoadSpec> = tagged(
  "kind",
  {
    open: openLoad,
    closed: fields<Extract<LoadSpec, { readonly kind: "closed" }>>({
      kind: either("closed"),
      ...who,
      users: whole(1, SCENARIO_BOUNDS.users),
      think: distribution,
      everyUs: optional(time(1)),
      fromUs: optional(at),
      untilUs: time(1),
    }),
    recorded: everyOf(
      fields<Extract<LoadSpec, { readonly kind: "recorded" }>>({
        kind: either("recorded"),
        ...who,
        atUs: listOf(at, 10_000),
      }),
      ({ atUs }) => (isRising(atUs, true) ? undefined : ["atUs", "earliest first"]),
    ),
  },
  "open",
);

function isRising(figures: readonly number[], mayRest = false): boolean {
  return figures.every((one, i) => {
    const before = figures[i - 1];
    return before === undefined || one > before || (mayRest && one === before);
  });
}

const readScenario: Reader<Scenario> = fields<Scenario>({
  name: or(plainName, "play"),
  horizonUs: time(1),
  nodes: listOf(node, SCENARIO_BOUNDS.nodes, 1),
  wires: or(listOf(wire, SCENARIO_BOUNDS.wires), []),
  starts: or(listOf(start, SCENARIO_BOUNDS.starts), []),
  loads: or(listOf(load, SCENARIO_BOUNDS.loads), []),
  faults: or(listOf(fault, SCENARIO_BOUNDS.faults), []),
  schedule: optional(either("fifo", "shuffled")),
  distribution: optional(
    fields<DistributionSpec>({
      connected: optional(either(true, false)),
      connectAll: optional(either(true, false)),
      preventOverlappingPartitions: optional(either(true, false)),
      tickTimeUs: optional(time(1_000)),
      groups: optional(recordOf(plainName, listOf(nodeName, SCENARIO_BOUNDS.nodes))),
    }),
  ),
  operations: optional(
    fields<OperationsSpec>({
      beginUs: optional(distribution),
      endUs: optional(distribution),
      failShare: optional(share),
    }),
  ),
});

/** Names that stand for nothing, or for two things. */
function strangersIn(scenario: Scenario, paths: readonly string[] | undefined): Found[] {
  const names = scenario.nodes.map(({ name }) => name);
  const found: Found[] = [];
  const known = (path: string, name: string) => {
    if (!names.includes(name)) found.push({ path, says: seen(name, oneOf(names)) });
  };
  const there = (path: string, file: string) => {
    if (paths !== undefined && !paths.includes(file))
      found.push({ path, says: seen(file, `a file that is there: ${paths.join(", ") || "none"}`) });
  };
  names.forEach((name, i) => {
    if (names.indexOf(name) < i)
      found.push({ path: `nodes[${i}].name`, says: `there are two nodes "${name}".` });
  });
  const wired = new Set<string>();
  scenario.wires.forEach(({ between: ends }, i) => {
    for (const [end, name] of ends.entries()) known(`wires[${i}].between[${end}]`, name);
    const pair = [...ends].sort().join(" ");
    if (wired.has(pair))
      found.push({ path: `wires[${i}].between`, says: "there is a wire between these already." });
    wired.add(pair);
  });
  for (const kind of ["starts", "loads"] as const) {
    scenario[kind].forEach((one: StartSpec | LoadSpec, i) => {
      known(`${kind}[${i}].node`, one.node);
      there(`${kind}[${i}].file`, one.file);
    });
  }
  scenario.faults.forEach((one, i) => {
    for (const { at: below, name } of nodesOf(one)) known(`faults[${i}].${below}`, name);
  });
  for (const [group, members] of Object.entries(scenario.distribution?.groups ?? {}))
    for (const [i, name] of members.entries()) known(`distribution.groups.${group}[${i}]`, name);
  return found;
}

/** The nodes that a fault names, and where in it. */
function nodesOf(one: FaultSpec): { readonly at: string; readonly name: string }[] {
  if ("node" in one) return [{ at: "node", name: one.node }];
  if ("between" in one) return one.between.map((name, i) => ({ at: `between[${i}]`, name }));
  if ("groups" in one)
    return one.groups.flatMap((side, s) =>
      side.map((name, i) => ({ at: `groups[${s}][${i}]`, name })),
    );
  return [
    { at: "from", name: one.from },
    { at: "to", name: one.to },
  ];
}

function count(figure: number): string {
  return figure.toLocaleString("en-US");
}
