/**
 * fuse: circuit breakers of a node, by name, in the manner of jlouis/fuse. Whoever uses a service asks
 * its fuse first, and melts it a little with each failure; a fuse that melts too often within a
 * period is blown, until it is reset when some time has passed. Rules in SPEC.md, RE.
 *
 * As there, one server on the node owns the fuses and hears of installs, melts and resets, so these
 * cost a message there and back, while asking only reads a table. There is no half-open state: after the
 * reset everyone tries again. Left out: the alarm that its fuse_monitor raises while a fuse is blown;
 * what stands in its place is a row of the kind metric, 1 for blown and 0 for mended.
 */
import {
  brief,
  copy,
  ErlangError,
  KIND,
  microseconds,
  type Node,
  type Pid,
  type Ref,
} from "../kernel/index.ts";
import { call } from "../otp/call.ts";
import { genServer } from "../otp/gen-server.ts";
import { checkMs, here, steps, wait } from "../otp/here.ts";
import { cancelTimer, random, sendAfter } from "../otp/processes.ts";
import { definitionBody } from "../otp/start.ts";

/** The name of the server that owns a node's fuses. */
export const FUSE_SERVER = "fuse_server";

/**
 * When a fuse blows: at more than `maxR` melts within `maxT` ms, so at the one after `maxR`. With
 * `fault_injection` it also says blown for that share of the times when it is asked, to see who bears it.
 */
export type FuseStrategy =
  | readonly ["standard", maxR: number, maxT: number]
  | readonly ["fault_injection", rate: number, maxR: number, maxT: number];

/** How a fuse is made. */
export interface FuseOptions {
  readonly strategy: FuseStrategy;
  /** Milliseconds from the blow to the reset. */
  readonly refresh: readonly ["reset", ms: number];
}

const NOT_FOUND = ["error", "not_found"] as const;

type NotFound = readonly ["error", "not_found"];

type Request =
  | readonly ["install", string, FuseOptions]
  | readonly ["melt" | "reset" | "remove", string]
  | readonly ["circuit", string, "enable" | "disable"];

interface Fuse {
  readonly options: FuseOptions;
  /** Share of the times when asking says blown though it is not. */
  readonly faultRate: number;
  readonly maxR: number;
  readonly periodUs: number;
  /** When it melted, µs, newest first; those within the period. At most `maxR` + 1 matter, and no more are kept. */
  melts: readonly number[];
  /** Until the reset. */
  timer: Ref | undefined;
  isBlown: boolean;
  isEnabled: boolean;
}

/** Fuses by name, and the server that owns them: when that has ended there are none. */
interface Table {
  readonly owner: Pid;
  readonly fuses: Map<string, Fuse>;
}

/** Fuses on a node; more are refused. */
const FUSES_MAX = 10_000;

const tables = new WeakMap<Node, Table>();

/**
 * Circuit breakers of a node, by name: each `melt` is a failure, and too many in a time blow the fuse,
 * so that nobody tries until it is reset. Half-open it is never, as in the original. `fuse`.
 */
export const fuse = {
  /**
   * Installs a fuse on this node: `"ok"`. One of that name is replaced by a whole one, which is
   * disabled if that was. At most 10,000 on a node. `fuse:install/2`.
   */
  install(name: string, options: FuseOptions): Promise<"ok"> {
    checkOptions(name, options);
    const known = fusesOf(here().node);
    if (known !== undefined && known.size >= FUSES_MAX && !known.has(name))
      throw new ErlangError("system_limit", "this node has 10,000 fuses already: no more fit");
    return call(FUSE_SERVER, ["install", name, options], FOR_EVER);
  },

  /** Whether to go on: `"ok"`, `"blown"`, or `["error", "not_found"]`. Reads at once, without a message. `fuse:ask/2` with `async_dirty`. */
  ask(name: string): "ok" | "blown" | NotFound {
    const found = fusesOf(here().node)?.get(name);
    if (found === undefined) return NOT_FOUND;
    if (found.isBlown) return "blown";
    return found.faultRate > 0 && random() < found.faultRate ? "blown" : "ok";
  },

  /** Says that the service failed once. `"ok"`, also when there is no such fuse. `fuse:melt/1`. */
  melt(name: string): Promise<"ok"> {
    return call(FUSE_SERVER, ["melt", name], FOR_EVER);
  },

  /** Mends a fuse and forgets its melts; a disabled one stays blown. `fuse:reset/1`. */
  reset(name: string): Promise<"ok" | NotFound> {
    return call(FUSE_SERVER, ["reset", name], FOR_EVER);
  },

  /** Takes a fuse away. `fuse:remove/1`. */
  remove(name: string): Promise<"ok" | NotFound> {
    return call(FUSE_SERVER, ["remove", name], FOR_EVER);
  },

  /** Keeps a fuse blown, whatever happens, until `circuitEnable`: for work on the service. `fuse:circuit_disable/1`. */
  circuitDisable(name: string): Promise<"ok" | NotFound> {
    return call(FUSE_SERVER, ["circuit", name, "disable"], FOR_EVER);
  },

  /** Ends that: the fuse is whole. Nothing happens to one that was not disabled. `fuse:circuit_enable/1`. */
  circuitEnable(name: string): Promise<"ok" | NotFound> {
    return call(FUSE_SERVER, ["circuit", name, "enable"], FOR_EVER);
  },

  /**
   * Runs `action` unless the fuse is blown. It returns `["ok", result]`, or `["melt", result]` to
   * melt the fuse; either way this gives `["ok", result]`, else `"blown"` or `["error",
   * "not_found"]`. What it throws is not caught and melts nothing. `fuse:run/3`.
   */
  run<Result>(
    name: string,
    action: () => FuseResult<Result> | PromiseLike<FuseResult<Result>>,
  ): Promise<readonly ["ok", Result] | "blown" | NotFound> {
    return steps(function* (): Generator<
      unknown,
      readonly ["ok", Result] | "blown" | NotFound,
      unknown
    > {
      const answer = fuse.ask(name);
      if (answer !== "ok") return answer;
      const given: unknown = yield* wait(action());
      const [word, result] = Array.isArray(given) ? (given as unknown as FuseResult<Result>) : [];
      if (word !== "ok" && word !== "melt")
        throw new ErlangError(
          "badarg",
          `what fuse.run runs gives ["ok", result] or ["melt", result], not ${brief(given)}`,
        );
      if (word === "melt") yield* wait(fuse.melt(name));
      return ["ok", result as Result];
    });
  },
};

/** What a function that `fuse.run` runs gives. */
export type FuseResult<Result> = readonly ["ok" | "melt", Result];

const FOR_EVER = { timeout: Number.POSITIVE_INFINITY };

// The server.

const SERVER = genServer<Table, Request, never, unknown>({
  init() {
    const { node, pid } = here();
    const table: Table = { owner: pid, fuses: new Map() };
    tables.set(node, table);
    return ["ok", table];
  },

  handleCall(request, _from, table) {
    return ["reply", answer(table.fuses, request), table];
  },

  handleInfo(message, table) {
    const name = Array.isArray(message) && message[0] === "reset" ? String(message[1]) : "";
    const found = table.fuses.get(name);
    // Cancelled when it was on its way already: the fuse has been reset since.
    if (found?.timer !== undefined) reset(name, found);
    return ["noreply", table];
  },
});

/** The body of the server's process. */
export const fuseServerBody: () => unknown = definitionBody(SERVER, []);

function answer(fuses: Map<string, Fuse>, request: Request): unknown {
  const [what, name] = request;
  const found = fuses.get(name);
  if (what === "install") return install(fuses, name, request[2]);
  if (what === "melt") {
    if (found !== undefined) melt(name, found);
    return "ok";
  }
  if (found === undefined) return NOT_FOUND;
  if (what === "reset") reset(name, found);
  else if (what === "circuit") turn(name, found, request[2] === "enable");
  else {
    fuses.delete(name);
    stopTimer(found);
  }
  return "ok";
}

function install(fuses: Map<string, Fuse>, name: string, options: FuseOptions): "ok" {
  const before = fuses.get(name);
  if (before !== undefined) stopTimer(before);
  const { strategy } = options;
  const [maxR, maxT] = strategy.slice(-2) as [number, number];
  const isEnabled = before?.isEnabled ?? true;
  fuses.set(name, {
    options,
    faultRate: strategy[0] === "fault_injection" ? strategy[1] : 0,
    maxR,
    periodUs: microseconds(maxT),
    melts: [],
    timer: undefined,
    isBlown: !isEnabled,
    isEnabled,
  });
  if (before?.isBlown && isEnabled) show(name, false);
  return "ok";
}

function melt(name: string, found: Fuse): void {
  const { now } = here().node;
  const within = found.melts.filter((then) => now - then < found.periodUs);
  // A period of 0 holds not even this one: such a fuse never blows, as there.
  const all = found.periodUs > 0 ? [now, ...within] : [];
  found.melts = all.slice(0, found.maxR + 1);
  if (all.length <= found.maxR || !found.isEnabled) return;
  setBlown(name, found, true);
  found.timer ??= sendAfter(found.options.refresh[1], ["reset", name]);
}

function reset(name: string, found: Fuse): void {
  stopTimer(found);
  found.melts = [];
  if (found.isEnabled) setBlown(name, found, false);
}

function turn(name: string, found: Fuse, isEnabled: boolean): void {
  if (found.isEnabled === isEnabled) return;
  found.isEnabled = isEnabled;
  if (isEnabled) found.melts = [];
  else stopTimer(found);
  setBlown(name, found, !isEnabled);
}

function setBlown(name: string, found: Fuse, isBlown: boolean): void {
  if (found.isBlown === isBlown) return;
  found.isBlown = isBlown;
  show(name, isBlown);
}

function show(name: string, isBlown: boolean): void {
  const process = here();
  const payload = copy({ name: "fuse_blown", type: "gauge", labels: { fuse: name } });
  process.node.record(process, KIND.metric, { payload, value: isBlown ? 1 : 0 });
}

function stopTimer(found: Fuse): void {
  if (found.timer !== undefined) cancelTimer(found.timer);
  found.timer = undefined;
}

function fusesOf(node: Node): ReadonlyMap<string, Fuse> | undefined {
  const table = tables.get(node);
  return table !== undefined && node.find(table.owner) !== undefined ? table.fuses : undefined;
}

function checkOptions(name: string, options: FuseOptions): void {
  const { strategy, refresh } = options ?? {};
  if (typeof name !== "string") throw refusal(`a text as its name, not ${String(name)}`);
  if (!Array.isArray(strategy) || !Array.isArray(refresh) || refresh[0] !== "reset")
    throw refusal('{ strategy: ["standard", maxR, maxT], refresh: ["reset", ms] }');
  const rate: unknown = strategy[0] === "fault_injection" ? strategy[1] : undefined;
  const isKnown = strategy[0] === "standard" ? strategy.length === 3 : strategy.length === 4;
  if (!isKnown || (strategy[0] !== "standard" && strategy[0] !== "fault_injection"))
    throw refusal('the strategy ["standard", maxR, maxT] or ["fault_injection", rate, maxR, maxT]');
  if (strategy[0] === "fault_injection" && !(typeof rate === "number" && rate > 0 && rate <= 1))
    throw refusal(`a fault_injection rate above 0 and at most 1, not ${String(rate)}`);
  const [maxR, maxT] = strategy.slice(-2) as [number, number];
  if (!Number.isInteger(maxR) || maxR < 1 || maxR > MELTS_MAX)
    throw refusal(`a maxR from 1 to ${MELTS_MAX}, not ${String(maxR)}`);
  checkMs(maxT, "fuse.install's maxT");
  checkMs(refresh[1], "fuse.install's reset");
}

/** The largest `maxR`: so many melts a fuse remembers. */
const MELTS_MAX = 10_000;

function refusal(expected: string): ErlangError {
  return new ErlangError("badarg", `fuse.install takes ${expected}`);
}
