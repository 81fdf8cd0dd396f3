/**
 * The children of a supervisor that have ids: those of one_for_one, one_for_all and rest_for_one.
 *
 * A map in start order holds all specifications, each with the process that stands for it now.
 * What happens when a child ends is decided by its restart type, then the restart intensity, then
 * the strategy, each in a function of its own. Rules in SPEC.md, letter U.
 */
import { isPid, type Pid } from "../kernel/index.ts";
import { type ChildPid, type Steps, startProcess, stopProcess } from "./child-process.ts";
import {
  type CheckedSpec,
  checkSpec,
  isRestarted,
  portable,
  type SupervisorFlags,
} from "./child-spec.ts";
import {
  type ChildCounts,
  type ChildRow,
  type Children,
  type Outcome,
  tryAgain,
} from "./children.ts";
import { here } from "./here.ts";
import { isProcessAlive } from "./processes.ts";
import { addRestart, type Restarts } from "./restart-window.ts";
import { keyOf } from "./term-key.ts";

/** A specification and its process. */
interface Child {
  readonly spec: CheckedSpec;
  pid: ChildPid;
}

/** The child that could not be started, and why. */
interface FailedStart {
  readonly id: unknown;
  readonly reason: unknown;
}

/** The children of one supervisor. It belongs to its process. */
export class NamedChildren implements Children {
  readonly #flags: Readonly<Required<SupervisorFlags>>;
  /** By the key of the id, in start order. */
  readonly #children: Map<string, Child>;
  #restarts: Restarts = [];

  constructor(flags: Readonly<Required<SupervisorFlags>>, specs: readonly CheckedSpec[]) {
    this.#flags = flags;
    this.#children = new Map(
      specs.map((spec) => [keyOf(spec.id), { spec, pid: "undefined" } as Child]),
    );
  }

  /** Starts all children in order, up to the first that fails. */
  startAll(): Steps<FailedStart | undefined> {
    return this.#startThese([...this.#children.values()]);
  }

  stopAll(): Steps<void> {
    return this.#stopThese([...this.#children.values()]);
  }

  // When a child has ended.

  *ended(pid: Pid, reason: unknown): Steps<Outcome> {
    const child = this.#byPid(pid);
    if (child === undefined) return "ok";
    if (isRestarted(child.spec.restart, reason)) return yield* this.#restartEnded(child);
    this.#gone(child);
    return this.#isLastWord(child.spec) ? "shutdown" : "ok";
  }

  *retry(id: unknown): Steps<Outcome> {
    const child = this.#children.get(keyOf(id));
    // It may have been stopped or removed while the message was in the mailbox.
    return child?.pid === "restarting" ? yield* this.#restartEnded(child) : "ok";
  }

  /** Starts again what the strategy says, unless that has happened too often. */
  *#restartEnded(child: Child): Steps<Outcome> {
    const { intensity, period, strategy } = this.#flags;
    this.#restarts = addRestart(this.#restarts, here().node.now, period);
    if (this.#restarts.length > intensity) {
      this.#gone(child);
      return "shutdown";
    }
    const failed =
      strategy === "one_for_one"
        ? yield* this.#restartOne(child)
        : yield* this.#restartGroup(child, this.#groupOf(child));
    if (failed !== undefined) tryAgain(failed.id);
    return "ok";
  }

  *#restartOne(child: Child): Steps<FailedStart | undefined> {
    const result = yield* startProcess(child.spec, [], child.pid);
    child.pid = result[0] === "ok" ? result[1] : "restarting";
    return result[0] === "ok" ? undefined : { id: child.spec.id, reason: result[1] };
  }

  /** Stops the group in reverse order, then starts what is left of it in order. */
  *#restartGroup(child: Child, group: readonly Child[]): Steps<FailedStart | undefined> {
    child.pid = "undefined";
    yield* this.#stopThese(group);
    const failed = yield* this.#startThese(group.filter((one) => this.#isKnown(one)));
    const culprit = failed === undefined ? undefined : this.#children.get(keyOf(failed.id));
    if (culprit !== undefined) culprit.pid = "restarting";
    return failed;
  }

  /** All children, or in rest_for_one the one that ended and those started after it. */
  #groupOf(child: Child): readonly Child[] {
    const all = [...this.#children.values()];
    return this.#flags.strategy === "one_for_all" ? all : all.slice(all.indexOf(child));
  }

  /** True when the supervisor ends because this child has ended for good. */
  #isLastWord(ended: CheckedSpec): boolean {
    const { autoShutdown } = this.#flags;
    if (!ended.significant || autoShutdown === "never") return false;
    if (autoShutdown === "any_significant") return true;
    return ![...this.#children.values()].some(
      ({ spec, pid }) => spec.significant && pid !== "undefined",
    );
  }

  // One after the other.

  *#startThese(children: readonly Child[]): Steps<FailedStart | undefined> {
    for (const child of children) {
      const result = yield* startProcess(child.spec, [], child.pid);
      if (result[0] === "error") return { id: child.spec.id, reason: result[1] };
      child.pid = result[1];
      if (child.pid === "undefined") this.#gone(child);
    }
    return undefined;
  }

  *#stopThese(children: readonly Child[]): Steps<void> {
    for (const child of children.toReversed()) {
      if (isPid(child.pid)) yield* stopProcess(child.pid, child.spec.shutdown);
      this.#gone(child);
    }
  }

  /** A child is not there any more; of a temporary one nothing is left. */
  #gone(child: Child): void {
    child.pid = "undefined";
    if (child.spec.restart === "temporary") this.#children.delete(keyOf(child.spec.id));
  }

  #isKnown(child: Child): boolean {
    return this.#children.get(keyOf(child.spec.id)) === child;
  }

  #byPid(pid: Pid): Child | undefined {
    for (const child of this.#children.values()) if (child.pid === pid) return child;
    return undefined;
  }

  // What is asked from outside.

  *start(request: unknown): Steps<unknown> {
    const checked = checkSpec(request, this.#flags.autoShutdown);
    if (!checked.ok) return ["error", checked.reason];
    const spec = checked.value;
    const known = this.#children.get(keyOf(spec.id));
    if (known !== undefined)
      return ["error", isPid(known.pid) ? ["already_started", known.pid] : "already_present"];
    const result = yield* startProcess(spec);
    if (result[0] === "error") return ["error", withChild(result[1], spec)];
    const child: Child = { spec, pid: result[1] };
    this.#children.set(keyOf(spec.id), child);
    if (child.pid === "undefined") this.#gone(child);
    return result;
  }

  *terminate(id: unknown): Steps<unknown> {
    const child = this.#children.get(keyOf(id));
    if (child === undefined) return ["error", "not_found"];
    yield* this.#stopThese([child]);
    return "ok";
  }

  *restart(id: unknown): Steps<unknown> {
    const child = this.#children.get(keyOf(id));
    const refusal = whyNotIdle(child);
    if (refusal !== undefined || child === undefined) return refusal;
    const result = yield* startProcess(child.spec, [], child.pid);
    if (result[0] === "ok") child.pid = result[1];
    return result;
  }

  delete(id: unknown): unknown {
    const refusal = whyNotIdle(this.#children.get(keyOf(id)));
    if (refusal !== undefined) return refusal;
    this.#children.delete(keyOf(id));
    return "ok";
  }

  specOf(id: unknown): unknown {
    const child = this.#children.get(keyOf(id));
    if (child === undefined) return ["error", "not_found"];
    return ["ok", { ...child.spec, start: portable(child.spec.start) }];
  }

  rows(): readonly ChildRow[] {
    const rows = [...this.#children.values()].map(
      ({ spec, pid }): ChildRow => [spec.id, pid, spec.type, spec.modules],
    );
    return rows.reverse();
  }

  counts(): ChildCounts {
    const all = [...this.#children.values()];
    const supervisors = all.filter(({ spec }) => spec.type === "supervisor").length;
    return {
      specs: all.length,
      active: all.filter(({ pid }) => isPid(pid) && isProcessAlive(pid)).length,
      supervisors,
      workers: all.length - supervisors,
    };
  }
}

/** The error for a child that should be stopped and known; undefined when it is. */
function whyNotIdle(child: Child | undefined): readonly ["error", string] | undefined {
  if (child === undefined) return ["error", "not_found"];
  if (child.pid === "undefined") return undefined;
  return ["error", child.pid === "restarting" ? "restarting" : "running"];
}

/** The reason of a failed startChild: with OTP's child record, unless somebody else has the name. */
function withChild(reason: unknown, spec: CheckedSpec): unknown {
  if (Array.isArray(reason) && reason.length === 2 && reason[0] === "already_started")
    return reason;
  const { id, start, restart, significant, shutdown, type, modules } = spec;
  return [
    reason,
    ["child", "undefined", id, portable(start), restart, significant, shutdown, type, modules],
  ];
}
