/** What an application is made of, and the words for why and how it runs. */
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
