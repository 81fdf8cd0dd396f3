/**
 * Applications: the parts of a system that are started and stopped as a whole.
 *
 * An application's `start` gives the pid of its top supervisor. One controller on each node keeps
 * track of them (`application-controller.ts`), and a master for each waits for its end
 * (`application-master.ts`). An application that is given a list of nodes runs on one of them at a
 * time: on the first that lives. Rules in SPEC.md, letter A.
 */
import { ErlangError } from "../kernel/index.ts";
import type { ApplicationCallbacks, ApplicationMode } from "./application-callbacks.ts";
import { askController, loadedOn } from "./application-controller.ts";

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
