/**
 * dynamicSupervisor: a supervisor that begins without children. Each is started by `startChild`
 * with a specification of its own and known by its pid. As in Elixir's DynamicSupervisor, whose
 * defaults these are (3 restarts in 5 s), every child is restarted alone, and all are stopped at
 * the same time. Rules in SPEC.md, letter U.
 */
import { isPid, type Pid, reasonOf } from "../kernel/index.ts";
import type { Eventually } from "./call.ts";
import {
  argsOf,
  attempt,
  callStart,
  noteChild,
  type Running,
  runningOrError,
  type Steps,
  stopProcess,
  stopTogether,
} from "./child-process.ts";
import {
  type Checked,
  type CheckedSpec,
  checkFlags,
  checkSpec,
  isRestarted,
  nameOf,
  portable,
} from "./child-spec.ts";
import {
  type ChildCounts,
  type ChildRow,
  type Children,
  type Outcome,
  tryAgain,
} from "./children.ts";
import type { InitResult } from "./gen-server.ts";
import { here, steps, wait } from "./here.ts";
import { trapExit } from "./processes.ts";
import { addRestart, type Restarts } from "./restart-window.ts";
import { noClause, type Supervisor, superviseWith } from "./supervisor.ts";

/** How many children, and how many restarts, a dynamic supervisor allows. `DynamicSupervisor.init/1`. */
export interface DynamicSupervisorOptions {
  /** The only one there is, and the default. */
  readonly strategy?: "one_for_one";
  /** Restarts allowed within the period; one more ends the supervisor with `shutdown`. Default 3. */
  readonly intensity?: number;
  /** Whole seconds in which restarts are counted. Default 5. */
  readonly period?: number;
  /** Past it startChild gives `["error", "max_children"]`. Default Infinity. */
  readonly maxChildren?: number;
  /** Come before the arguments of every child's start. Default none. */
  readonly extraArguments?: readonly unknown[];
}

/** A dynamic supervisor that finds out its options in its own process. */
export interface DynamicSupervisorModule {
  init(...args: never[]): Eventually<readonly ["ok", DynamicSupervisorOptions] | "ignore">;
}

/**
 * Makes a dynamic supervisor, started by `startLink`. Its children are started with `startChild`,
 * stopped with `terminateChild(dest, pid)` and listed with `whichChildren` and `countChildren`.
 * A child that says ignore is not kept, and startChild gives `"ignore"`. Elixir's `DynamicSupervisor`.
 */
export function dynamicSupervisor(
  definition: DynamicSupervisorOptions | DynamicSupervisorModule = {},
): Supervisor {
  const init =
    "init" in definition ? definition.init.bind(definition) : () => ["ok", definition] as const;
  const made: Supervisor = superviseWith(
    (...args) => steps(() => begin(init, args, nameOf(made))),
    "ignore",
  );
  return made;
}

function* begin(
  init: (...args: never[]) => unknown,
  args: readonly unknown[],
  name: string,
): Steps<InitResult<Children>> {
  trapExit(true);
  const result = yield* wait(init(...(args as never[])));
  if (result === "ignore") return "ignore";
  const isOk = Array.isArray(result) && result.length === 2 && result[0] === "ok";
  const given: unknown = isOk ? result[1] : undefined;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return ["stop", ["bad_return", [name, "init", result]]];
  const options = checkOptions(given);
  return options.ok
    ? ["ok", new DynamicChildren(options.value)]
    : ["stop", ["supervisor_data", options.reason]];
}

/** Options with their defaults, or Elixir's refusal, as `["invalid_max_children", -1]`. */
function checkOptions(
  given: DynamicSupervisorOptions,
): Checked<Readonly<Required<DynamicSupervisorOptions>>> {
  const { strategy = "one_for_one", intensity = 3, period = 5 } = given;
  const { maxChildren = Number.POSITIVE_INFINITY, extraArguments = [] } = given;
  const flags = checkFlags({ strategy, intensity, period });
  if (!flags.ok) return flags;
  if (strategy !== "one_for_one") return { ok: false, reason: ["invalid_strategy", strategy] };
  const isCount = Number.isInteger(maxChildren) || maxChildren === Number.POSITIVE_INFINITY;
  if (!isCount || maxChildren < 0)
    return { ok: false, reason: ["invalid_max_children", maxChildren] };
  if (!Array.isArray(extraArguments))
    return { ok: false, reason: ["invalid_extra_arguments", extraArguments] };
  return { ok: true, value: { strategy, intensity, period, maxChildren, extraArguments } };
}

/** A specification as Elixir checks it: the id must be there but means nothing. */
function checkDynamic(spec: unknown): Checked<CheckedSpec> {
  const plain = typeof spec === "object" && spec !== null && !Array.isArray(spec);
  const result = checkSpec(plain ? { ...spec, significant: false } : spec, undefined);
  if (result.ok) {
    const { shutdown } = result.value;
    return shutdown === 0 ? { ok: false, reason: ["invalid_shutdown", 0] } : result;
  }
  return result.reason === "missing_id" || result.reason === "missing_start"
    ? { ok: false, reason: ["invalid_child_spec", portable(spec)] }
    : result;
}

/** A child that runs, or could not be started again yet. */
interface DynamicChild {
  readonly spec: CheckedSpec;
  readonly isRestarting: boolean;
}

/** The children of one dynamic supervisor. It belongs to its process. */
class DynamicChildren implements Children {
  readonly #options: Readonly<Required<DynamicSupervisorOptions>>;
  /** By pid; one that is restarting by the pid it had. At most `maxChildren`. */
  readonly #children = new Map<Pid, DynamicChild>();
  #restarts: Restarts = [];

  constructor(options: Readonly<Required<DynamicSupervisorOptions>>) {
    this.#options = options;
  }

  // When a child has ended.

  *ended(pid: Pid, reason: unknown): Steps<Outcome> {
    const child = this.#children.get(pid);
    if (child === undefined || child.isRestarting) return "ok";
    if (isRestarted(child.spec.restart, reason)) return yield* this.#restartEnded(pid, child.spec);
    this.#children.delete(pid);
    return "ok";
  }

  *retry(pid: unknown): Steps<Outcome> {
    const child = this.#children.get(pid as Pid);
    return child?.isRestarting ? yield* this.#restartEnded(pid as Pid, child.spec) : "ok";
  }

  *#restartEnded(pid: Pid, spec: CheckedSpec): Steps<Outcome> {
    const { intensity, period } = this.#options;
    this.#restarts = addRestart(this.#restarts, here().node.now, period);
    if (this.#restarts.length > intensity) {
      this.#children.delete(pid);
      return "shutdown";
    }
    const result = yield* this.#begin(spec, pid);
    if (result === "ignore") {
      this.#children.delete(pid);
    } else if (result[0] === "ok") {
      this.#children.delete(pid);
      this.#children.set(result[1], { spec, isRestarting: false });
    } else {
      this.#children.set(pid, { spec, isRestarting: true });
      tryAgain(pid);
    }
    return "ok";
  }

  *#begin(spec: CheckedSpec, before?: Pid): Steps<Running | "ignore"> {
    const { extraArguments } = this.#options;
    const args = [...extraArguments, ...argsOf(spec.start)];
    const done = yield* attempt(() => callStart(spec.start, args));
    if (done.kind === "thrown") return ["error", reasonOf(done.thrown)];
    if (done.value === "ignore") return "ignore";
    const result = runningOrError(done.value);
    if (result[0] === "ok") noteChild("undefined", result[1], before);
    return result;
  }

  /** All at the same time, each with its own time to end in. */
  stopAll(): Steps<void> {
    const running = [...this.#children].flatMap(([pid, { spec, isRestarting }]) =>
      isRestarting ? [] : [{ pid, shutdown: spec.shutdown }],
    );
    return stopTogether(running);
  }

  // What is asked from outside.

  *start(request: unknown): Steps<unknown> {
    const checked = checkDynamic(request);
    if (!checked.ok) return ["error", checked.reason];
    if (this.#children.size >= this.#options.maxChildren) return ["error", "max_children"];
    const result = yield* this.#begin(checked.value);
    if (result !== "ignore" && result[0] === "ok")
      this.#children.set(result[1], { spec: checked.value, isRestarting: false });
    return result;
  }

  *terminate(pid: unknown): Steps<unknown> {
    const child = isPid(pid) ? this.#children.get(pid) : undefined;
    if (child === undefined || !isPid(pid)) return ["error", "not_found"];
    if (!child.isRestarting) yield* stopProcess(pid, child.spec.shutdown);
    this.#children.delete(pid);
    return "ok";
  }

  restart(id: unknown): Steps<unknown> {
    throw noClause(["restart_child", id]);
  }

  delete(id: unknown): unknown {
    throw noClause(["delete_child", id]);
  }

  specOf(id: unknown): unknown {
    throw noClause(["get_childspec", id]);
  }

  rows(): readonly ChildRow[] {
    return [...this.#children].map(
      ([pid, { spec, isRestarting }]): ChildRow => [
        "undefined",
        isRestarting ? "restarting" : pid,
        spec.type,
        spec.modules,
      ],
    );
  }

  counts(): ChildCounts {
    const all = [...this.#children.values()];
    const supervisors = all.filter(({ spec }) => spec.type === "supervisor").length;
    return {
      specs: all.length,
      active: all.filter(({ isRestarting }) => !isRestarting).length,
      supervisors,
      workers: all.length - supervisors,
    };
  }
}
