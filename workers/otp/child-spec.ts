/**
 * Child specifications and supervisor flags: what may stand in them, their defaults, and the words
 * in which OTP refuses what is wrong. Pure: nothing is started here. Rules in SPEC.md, letter U.
 */
import { copy, ErlangError, exportName, type Pid } from "../kernel/index.ts";
import type { Eventually } from "./call.ts";
import { type Definition, isDefinition, type StartOptions, type StartResult } from "./start.ts";
import type { Term } from "./term.ts";
import { keyOf } from "./term-key.ts";

/** Which children are affected when one ends and is to be restarted. */
export type Strategy = "one_for_one" | "one_for_all" | "rest_for_one" | "simple_one_for_one";
/** After which ends a child is started again: all; all but normal, `shutdown` and `["shutdown", …]`; none. */
export type RestartType = "permanent" | "transient" | "temporary";
/** How a child is stopped: ms between `shutdown` and `kill`; without `shutdown`; without `kill`. */
export type Shutdown = number | "brutal_kill" | "infinity";
/** Which normal ends of significant children end the supervisor too. */
export type AutoShutdown = "never" | "any_significant" | "all_significant";

/** What a supervisor is told besides its children. `supervisor:sup_flags/0`. */
export interface SupervisorFlags {
  /** Default `"one_for_one"`. */
  readonly strategy?: Strategy;
  /** Restarts allowed within the period; one more ends the supervisor with `shutdown`. Default 1. */
  readonly intensity?: number;
  /** Whole seconds in which restarts are counted. Default 5. */
  readonly period?: number;
  /** Default `"never"`. */
  readonly autoShutdown?: AutoShutdown;
}

/** What the start of a child gives: as `startLink`, or with something to tell besides the pid. */
export type ChildStartResult = StartResult | readonly ["ok", Pid, unknown];

/**
 * How a child is started, in the supervisor's own process: a function, called with nothing but what
 * `startChild` adds; or a definition (started by `startLink`) or function with its arguments.
 * A plain function can stand in a supervisor's definition only, since messages carry no closures.
 */
export type ChildStart =
  | ((...extra: never[]) => Eventually<unknown>)
  | readonly [
      what: Definition | ((...args: never[]) => Eventually<unknown>),
      args?: readonly unknown[],
      options?: StartOptions,
    ];

/** What a supervisor knows of a child before it is started. `supervisor:child_spec/0`. */
export interface ChildSpec {
  /** Names the child among its siblings: text, or any plain data. */
  readonly id: Term;
  readonly start: ChildStart;
  /** Default `"permanent"`. */
  readonly restart?: RestartType;
  /** Default 5,000 ms for workers, `"infinity"` for supervisors. */
  readonly shutdown?: Shutdown;
  /** Default `"worker"`. */
  readonly type?: "worker" | "supervisor";
  /** Default false. See `autoShutdown`. */
  readonly significant?: boolean;
  /** For `whichChildren` only; default the name of what is started. */
  readonly modules?: readonly string[] | "dynamic";
}

/** A specification that was checked, with nothing left out. `start` is as it was given. */
export type CheckedSpec = Readonly<Required<ChildSpec>>;

/** What was checked, or why it was refused. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: unknown };

/** Flags with their defaults, or OTP's refusal, as `["invalid_strategy", "all"]`. */
export function checkFlags(flags: unknown): Checked<Readonly<Required<SupervisorFlags>>> {
  if (typeof flags !== "object" || flags === null) return refused(["invalid_type", flags]);
  if (Array.isArray(flags)) {
    if (flags.length !== 3) return refused(["invalid_type", flags]);
    const [strategy, intensity, period] = flags;
    return checkFlags({ strategy, intensity, period });
  }
  const {
    strategy = "one_for_one",
    intensity = 1,
    period = 5,
    autoShutdown = "never",
  } = flags as SupervisorFlags;
  if (!STRATEGIES.has(strategy)) return refused(["invalid_strategy", strategy]);
  if (!isCount(intensity)) return refused(["invalid_intensity", intensity]);
  if (!isCount(period) || period === 0) return refused(["invalid_period", period]);
  if (!AUTO_SHUTDOWNS.has(autoShutdown)) return refused(["invalid_auto_shutdown", autoShutdown]);
  return { ok: true, value: { strategy, intensity, period, autoShutdown } };
}

/**
 * All specifications, in order, each id once. Without `autoShutdown` it is not checked whether a
 * significant child fits it. As in OTP, what is no list at all is an error, not a refusal.
 */
export function checkSpecs(
  specs: unknown,
  autoShutdown: AutoShutdown | undefined,
): Checked<readonly CheckedSpec[]> {
  if (!Array.isArray(specs)) {
    throw new ErlangError(
      "function_clause",
      `a supervisor's children are a list of child specifications, not ${String(specs)}`,
    );
  }
  const checked = new Map<string, CheckedSpec>();
  for (const spec of specs as readonly unknown[]) {
    const result = checkSpec(spec, autoShutdown);
    if (!result.ok) return result;
    const key = keyOf(result.value.id);
    if (checked.has(key)) return refused(["duplicate_child_name", result.value.id]);
    checked.set(key, result.value);
  }
  return { ok: true, value: [...checked.values()] };
}

/**
 * One specification with its defaults, or OTP's refusal: the first field that is wrong. The old form
 * `[id, start, restart, shutdown, type, modules]` is understood as well.
 */
export function checkSpec(
  spec: unknown,
  autoShutdown: AutoShutdown | undefined,
): Checked<CheckedSpec> {
  if (Array.isArray(spec) && spec.length === 6) {
    const [id, start, restart, shutdown, type, modules] = spec;
    return checkSpec({ id, start, restart, shutdown, type, modules }, autoShutdown);
  }
  if (typeof spec !== "object" || spec === null || Array.isArray(spec))
    return refused(["invalid_child_spec", spec]);
  const { id, start, restart = "permanent", type = "worker", ...rest } = spec as ChildSpec;
  const { significant = false, modules = modulesOf(start) } = rest;
  const shutdown = plainShutdown(rest.shutdown ?? (type === "supervisor" ? "infinity" : 5000));
  if (id === undefined) return refused("missing_id");
  if (start === undefined) return refused("missing_start");
  if (!isStart(start)) return refused(["invalid_mfa", portable(start)]);
  if (!RESTART_TYPES.has(restart)) return refused(["invalid_restart_type", restart]);
  if (significant === true && autoShutdown === "never")
    return refused(badCombination(["auto_shutdown", "never"]));
  if (significant === true && restart === "permanent")
    return refused(badCombination(["restart", "permanent"]));
  if (typeof significant !== "boolean") return refused(["invalid_significant", significant]);
  if (type !== "worker" && type !== "supervisor") return refused(["invalid_child_type", type]);
  if (!isShutdown(shutdown)) return refused(["invalid_shutdown", shutdown]);
  if (modules !== "dynamic") {
    if (!Array.isArray(modules)) return refused(["invalid_modules", modules]);
    const wrong = modules.findIndex((name: unknown) => typeof name !== "string");
    if (wrong >= 0) return refused(["invalid_module", modules[wrong]]);
  }
  return { ok: true, value: { id, start, restart, shutdown, type, significant, modules } };
}

/** True for what may stand in a specification's `start`. */
export function isStart(start: unknown): start is ChildStart {
  if (typeof start === "function") return true;
  if (!Array.isArray(start) || start.length < 1 || start.length > 3) return false;
  const [what, args = [], options = {}] = start as readonly unknown[];
  const isWhat = typeof what === "function" || isDefinition(what);
  return isWhat && Array.isArray(args) && typeof options === "object" && options !== null;
}

/** True for the ways to stop a child: whole ms from 0 on, or one of the two words. */
function isShutdown(shutdown: unknown): shutdown is Shutdown {
  return isCount(shutdown) || shutdown === "infinity" || shutdown === "brutal_kill";
}

/** Infinity, as times are written everywhere else, means `"infinity"`. */
function plainShutdown(shutdown: Shutdown): Shutdown {
  return shutdown === Number.POSITIVE_INFINITY ? "infinity" : shutdown;
}

/** True when a child of this restart type is started again after this end. */
export function isRestarted(restart: RestartType, reason: unknown): boolean {
  if (restart !== "transient") return restart === "permanent";
  return reason !== "normal" && !isShutdownReason(reason);
}

function isShutdownReason(reason: unknown): boolean {
  return (
    reason === "shutdown" ||
    (Array.isArray(reason) && reason.length === 2 && reason[0] === "shutdown")
  );
}

/**
 * A value as it can be sent: itself when it is plain data or declared, else its name. The start of
 * a child may be a closure of the definition, which whoever asks for the specification cannot have.
 */
export function portable(value: unknown): unknown {
  try {
    return copy(value).value;
  } catch {
    if (Array.isArray(value)) return value.map(portable);
    return nameOf(value);
  }
}

function modulesOf(start: unknown): readonly string[] {
  return [nameOf(Array.isArray(start) ? start[0] : start)];
}

/** What a function or definition is called: as its file exports it, else by itself or its kind. */
export function nameOf(what: unknown): string {
  const exported = exportName(what);
  if (exported !== undefined) return exported[1];
  const named = what as { readonly name?: unknown; readonly kind?: unknown } | null | undefined;
  if (typeof named?.name === "string" && named.name !== "") return named.name;
  return typeof named?.kind === "string" ? named.kind : "fun";
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function badCombination(other: readonly [string, string]): unknown {
  return ["bad_combination", [other, ["significant", true]]];
}

function refused(reason: unknown): { readonly ok: false; readonly reason: unknown } {
  return { ok: false, reason };
}

const STRATEGIES: ReadonlySet<string> = new Set([
  "one_for_one",
  "one_for_all",
  "rest_for_one",
  "simple_one_for_one",
]);
const RESTART_TYPES: ReadonlySet<string> = new Set(["permanent", "transient", "temporary"]);
const AUTO_SHUTDOWNS: ReadonlySet<string> = new Set([
  "never",
  "any_significant",
  "all_significant",
]);
