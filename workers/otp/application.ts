/**
 * Applications: the parts of a system that are started and stopped as a whole.
 *
 * An application's `start` gives the pid of its top supervisor. One controller on each node keeps
 * track of them (`application-controller.ts`), and a master for each waits for its end
 * (`application-master.ts`). An application that is given a list of nodes runs on one of them at a
 * time: on the first that lives. Rules in SPEC.md, letter A.
 */
import { ErlangError } from "../kernel/index.ts";
import { askController, loadedOn } from "./application-controller.ts";
import type { Eventually } from "./call.ts";

/** Why `start` is called: at the beginning, after the end of another node, or in place of one that goes on. */
export type StartType = "normal" | { readonly failover: string } | { readonly takeover: string };

/**
 * What the end of an application means to its node. `permanent`: all other applications are stopped
 * too; `transient`: the same unless it ended normally; `temporary`: nothing.
 */
export type ApplicationMode = "permanent" | "transient" | "temporary";

/** Where a distributed application may run. Kernel's parameter `distributed`. */
export interface ApplicationNodes {
  /** Best first; those in a list of their own are equally good. */
  readonly nodes: readonly (string | readonly string[])[];
  /** Milliseconds that a node which went down has to come back, before another takes its place. Default 0. */
  readonly timeoutMs?: number;
}

/** The callbacks of an application. `-behaviour(application)`. */
export interface ApplicationCallbacks {
  /**
   * Starts the top supervisor: `["ok", pid]`, or `["ok", pid, state]` with what `stop` is to be
   * given. It is linked with the application's master, which calls this.
   */
  start(type: StartType, args: never): Eventually<unknown>;
  /** Called before the top supervisor is stopped; gives the state for `stop`. */
  prepStop?(state: never): unknown;
  /** Called when the top supervisor has ended. */
  stop?(state: never): unknown;
  /** What `start` is told when it is started by hand. Default `"normal"`. */
  readonly startType?: StartType;
  /** Makes it a distributed application, to be started on each of these nodes. */
  readonly distributed?: ApplicationNodes;
}

/** What `application` makes. */
export interface Application {
  readonly kind: "application";
  readonly callbacks: ApplicationCallbacks;
}

/** How an application is started. */
export interface ApplicationOptions {
  /** Default `"temporary"`. */
  readonly mode?: ApplicationMode;
  /** What `start` gets besides the start type. Default an empty list. */
  readonly args?: unknown;
}

/** Makes an application out of its callbacks. `-behaviour(application)`. */
export function application(callbacks: ApplicationCallbacks): Application {
  if (typeof callbacks?.start !== "function")
    throw new ErlangError("badarg", "application needs at least the callback start");
  return { kind: "application", callbacks };
}

/**
 * Starts an application under a name and waits until it is up: `"ok"`, or `["error", reason]`, as
 * `["already_started", name]`. One that is distributed is up when it runs on any of its nodes.
 * The caller is not linked with it. `application:start/2`.
 */
export function startApplication(
  name: string,
  definition: Application,
  options: ApplicationOptions = {},
): Promise<"ok" | readonly ["error", unknown]> {
  const { mode = "temporary", args = [] } = options;
  if (typeof name !== "string" || definition?.kind !== "application") {
    throw new ErlangError("badarg", "startApplication takes a name and what application() gave");
  }
  if (mode !== "permanent" && mode !== "transient" && mode !== "temporary") {
    throw new ErlangError(
      "badarg",
      `an application's mode is permanent, transient or temporary, not ${String(mode)}`,
    );
  }
  loadedOn().set(name, definition.callbacks);
  return askController(["start_application", name, mode, args]);
}

/**
 * Stops an application: its top supervisor gets `shutdown`, then its callback `stop` is called.
 * Gives `"ok"`, or `["error", ["not_started", name]]`. Others are not affected, whatever its mode;
 * of a distributed one no other node takes over. `application:stop/1`.
 */
export function stopApplication(name: string): Promise<"ok" | readonly ["error", unknown]> {
  return askController(["stop_application", name]);
}

/** The names of the applications that run on this node, the last started first. `application:which_applications/0`. */
export function whichApplications(): Promise<readonly string[]> {
  return askController("which_applications");
}
