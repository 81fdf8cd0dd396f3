/**
 * The words between a supervisor and what keeps its children: `named-children.ts` for those with
 * ids, `alike-children.ts` for simple_one_for_one, `dynamic-supervisor.ts` for its own.
 */
import type { Pid } from "../kernel/index.ts";
import { cast } from "./call.ts";
import type { ChildPid, Steps } from "./child-process.ts";
import { here } from "./here.ts";
import type { Term } from "./term.ts";

/** How a supervisor goes on after a child has ended: as it is, or by ending itself. */
export type Outcome = "ok" | "shutdown";

/** One row of `whichChildren`. The id of simple_one_for_one's children is `"undefined"`. */
export type ChildRow = readonly [
  id: Term,
  pid: ChildPid,
  type: "worker" | "supervisor",
  modules: readonly string[] | "dynamic",
];

/** Numbers of children: specifications, running ones, and all by their type. */
export interface ChildCounts {
  readonly specs: number;
  readonly active: number;
  readonly supervisors: number;
  readonly workers: number;
}

/** The children of a supervisor, and what can be done with them. Replies are OTP's. */
export interface Children {
  start(request: unknown): Steps<unknown>;
  terminate(id: unknown): Steps<unknown>;
  restart(id: unknown): Steps<unknown>;
  delete(id: unknown): unknown;
  specOf(id: unknown): unknown;
  rows(): readonly ChildRow[];
  counts(): ChildCounts;
  /** A linked process has ended; it may be none of the children. */
  ended(pid: Pid, reason: unknown): Steps<Outcome>;
  /** The message that `tryAgain` sent has come. */
  retry(id: unknown): Steps<Outcome>;
  /** The supervisor ends. */
  stopAll(): Steps<void>;
}

/** Asks the running supervisor to try a start again, after what is in its mailbox already. */
export function tryAgain(id: unknown): void {
  cast(here().pid, ["try_again_restart", id]);
}
