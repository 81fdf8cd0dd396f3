/**
 * An application's master: the process that starts the application's top supervisor, is linked
 * with it and waits for its end. It tells the controller when the application is up, and ends with
 * the reason with which the application ends. `application_master.erl`.
 */
import { type CoPromise, Exit, isPid, type Pid } from "../kernel/index.ts";
import type { ApplicationCallbacks, StartType } from "./application-callbacks.ts";
import { cast } from "./call.ts";
import { caught, type Steps } from "./child-process.ts";
import { here, steps, wait } from "./here.ts";
import { exit, link, receive, trapExit, when } from "./processes.ts";

/** What the master must do next. */
type Order =
  | { readonly kind: "stop" }
  | { readonly kind: "ended"; readonly from: Pid; readonly reason: unknown };

/** The message by which a controller tells a master to stop its application. */
export const STOP = { tag: "stop_application" } as const;

/** The body of a master's process: ends with the application. */
export function runMaster(
  name: string,
  callbacks: ApplicationCallbacks,
  type: StartType,
  args: unknown,
  controller: Pid,
): CoPromise<void> {
  return steps(function* () {
    trapExit(true);
    const result = yield* caught(() => callbacks.start(type, args as never));
    const [top, state] = topOf(result, [name, "start", [type, args]]);
    link(top);
    cast(controller, ["application_started", name, here().pid]);
    yield* live(callbacks, top, state, controller);
  });
}

/** The top supervisor and the state that start gave; ends the master when it gave none. */
function topOf(result: unknown, called: unknown): readonly [Pid, unknown] {
  if (Array.isArray(result)) {
    const [word, top, state] = result as readonly unknown[];
    if (word === "ok" && isPid(top) && result.length <= 3) return [top, state ?? []];
    if (word === "error" && result.length === 2) throw new Exit([top, called]);
    if (word === "EXIT" && top === "normal") throw new Exit([result, called]);
  }
  throw new Exit(["bad_return", [called, result]]);
}

/** From the start of the application to its end. */
function* live(
  callbacks: ApplicationCallbacks,
  top: Pid,
  state: unknown,
  controller: Pid,
): Steps<void> {
  const order = yield* nextOrder(top, controller);
  const last = yield* prepareStop(callbacks, state);
  const isTopAlive = order.kind === "stop" || order.from !== top;
  if (isTopAlive) {
    exit(top, order.kind === "stop" ? "shutdown" : order.reason);
    yield* wait(receive([when({ tag: "EXIT", from: top }, () => undefined)]));
  }
  yield* caught(() => callbacks.stop?.(last as never));
  if (order.kind === "ended") throw new Exit(order.reason);
}

/** Waits to be told to stop, by the controller or by its end, or for the end of the application. */
function* nextOrder(top: Pid, controller: Pid): Steps<Order> {
  const ended = ({ from, reason }: { readonly from: Pid; readonly reason: unknown }): Order => ({
    kind: "ended",
    from,
    reason,
  });
  return yield* wait(
    receive<Order>([
      when(STOP, (): Order => ({ kind: "stop" })),
      when({ tag: "EXIT", from: top }, ended),
      when({ tag: "EXIT", from: controller }, ended),
    ]),
  );
}

function* prepareStop(callbacks: ApplicationCallbacks, state: unknown): Steps<unknown> {
  if (callbacks.prepStop === undefined) return state;
  const result = yield* caught(() => callbacks.prepStop?.(state as never));
  return Array.isArray(result) && result[0] === "EXIT" ? state : result;
}
