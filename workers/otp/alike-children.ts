/**
 * The children of simple_one_for_one: all made of one template, with arguments of their own, known
 * by their pids only. A child that ends for good is forgotten. Rules in SPEC.md, letter U.
 */
import { isPid, type Pid } from "../kernel/index.ts";
import {
  type ChildPid,
  type Steps,
  startProcess,
  stopProcess,
  stopTogether,
} from "./child-process.ts";
import { type CheckedSpec, isRestarted, portable, type SupervisorFlags } from "./child-spec.ts";
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

/** What is known of a child besides its pid. */
interface Alike {
  /** What startChild added to the template's arguments. */
  readonly extra: readonly unknown[];
  /** Its process has ended and could not be started again yet. */
  readonly isRestarting: boolean;
}

/** The children of one supervisor. It belongs to its process. */
export class AlikeChildren implements Children {
  readonly #flags: Readonly<Required<SupervisorFlags>>;
  readonly #template: CheckedSpec;
  /** As which_children names them. */
  readonly #nameless: Pick<CheckedSpec, "id" | "start">;
  /** By pid; one that is restarting by the pid it had. */
  readonly #children = new Map<ChildPid, Alike>();
  #restarts: Restarts = [];

  constructor(flags: Readonly<Required<SupervisorFlags>>, template: CheckedSpec) {
    this.#flags = flags;
    this.#template = template;
    this.#nameless = { id: "undefined", start: template.start };
  }

  // When a child has ended.

  *ended(pid: Pid, reason: unknown): Steps<Outcome> {
    const child = this.#children.get(pid);
    if (child === undefined || child.isRestarting) return "ok";
    if (isRestarted(this.#template.restart, reason)) return yield* this.#restartEnded(pid, child);
    this.#children.delete(pid);
    return this.#isLastWord() ? "shutdown" : "ok";
  }

  *retry(pid: unknown): Steps<Outcome> {
    const child = this.#children.get(pid as Pid);
    return child?.isRestarting ? yield* this.#restartEnded(pid as Pid, child) : "ok";
  }

  *#restartEnded(pid: Pid, { extra }: Alike): Steps<Outcome> {
    const { intensity, period } = this.#flags;
    this.#restarts = addRestart(this.#restarts, here().node.now, period);
    this.#children.delete(pid);
    if (this.#restarts.length > intensity) return "shutdown";
    const result = yield* startProcess(this.#nameless, extra, pid);
    if (result[0] === "ok") {
      // As in OTP, one that says ignore now stays in the list, with no pid.
      this.#children.set(result[1], { extra, isRestarting: false });
      return "ok";
    }
    this.#children.set(pid, { extra, isRestarting: true });
    tryAgain(pid);
    return "ok";
  }

  #isLastWord(): boolean {
    const { autoShutdown } = this.#flags;
    if (!this.#template.significant || autoShutdown === "never") return false;
    return autoShutdown === "any_significant" || this.#children.size === 0;
  }

  /** All at the same time: there may be many. */
  stopAll(): Steps<void> {
    const { shutdown } = this.#template;
    const running = [...this.#children].flatMap(([pid, { isRestarting }]) =>
      isPid(pid) && !isRestarting ? [{ pid, shutdown }] : [],
    );
    return stopTogether(running);
  }

  // What is asked from outside.

  *start(extra: unknown): Steps<unknown> {
    const added = Array.isArray(extra) ? (extra as readonly unknown[]) : undefined;
    if (added === undefined) return ["error", ["badarg", extra]];
    const result = yield* startProcess(this.#nameless, added);
    if (result[0] === "ok" && result[1] !== "undefined")
      this.#children.set(result[1], { extra: added, isRestarting: false });
    return result;
  }

  *terminate(pid: unknown): Steps<unknown> {
    if (!isPid(pid)) return ["error", "simple_one_for_one"];
    const child = this.#children.get(pid);
    if (child === undefined) return isProcessAlive(pid) ? ["error", "not_found"] : "ok";
    if (!child.isRestarting) yield* stopProcess(pid, this.#template.shutdown);
    this.#children.delete(pid);
    return "ok";
  }

  // biome-ignore lint/correctness/useYield: one of several, and the others wait.
  *restart(): Steps<unknown> {
    return ["error", "simple_one_for_one"];
  }

  delete(): unknown {
    return ["error", "simple_one_for_one"];
  }

  specOf(id: unknown): unknown {
    const isKnown = isPid(id)
      ? this.#children.has(id) || !isProcessAlive(id)
      : keyOf(id) === keyOf(this.#template.id);
    if (!isKnown) return ["error", "not_found"];
    return ["ok", { ...this.#template, start: portable(this.#template.start) }];
  }

  rows(): readonly ChildRow[] {
    const { type, modules } = this.#template;
    return [...this.#children].map(
      ([pid, { isRestarting }]): ChildRow => [
        "undefined",
        isRestarting ? "restarting" : pid,
        type,
        modules,
      ],
    );
  }

  counts(): ChildCounts {
    const all = this.#children.size;
    const restarting = [...this.#children.values()].filter((child) => child.isRestarting).length;
    const isOfSupervisors = this.#template.type === "supervisor";
    return {
      specs: 1,
      active: all - restarting,
      supervisors: isOfSupervisors ? all : 0,
      workers: isOfSupervisors ? 0 : all,
    };
  }
}
