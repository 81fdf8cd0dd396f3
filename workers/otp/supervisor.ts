/**
 * supervisor: a process whose work is to start other processes, to watch them, and to start them
 * again when they end.
 *
 * As in OTP it is a gen_server that traps exits. What it knows of its children, and what it does
 * with them, is in `named-children.ts` (one_for_one, one_for_all, rest_for_one) and in
 * `alike-children.ts` (simple_one_for_one). While it starts or stops a child it handles nothing
 * else: calls to it wait. A start that failed is tried again through a message to itself, so that
 * what came meanwhile is handled between. Rules in SPEC.md, letter U.
 */
import { ErlangError } from "../kernel/index.ts";
import { AlikeChildren } from "./alike-children.ts";
import { call, type Eventually } from "./call.ts";
import type { Started, Steps } from "./child-process.ts";
import {
  type AutoShutdown,
  type CheckedSpec,
  type ChildSpec,
  checkFlags,
  checkSpecs,
  nameOf,
  type SupervisorFlags,
} from "./child-spec.ts";
import type { ChildCounts, ChildRow, Children, Outcome } from "./children.ts";
import { genServer, type InitResult, type NoReplyResult } from "./gen-server.ts";
import { steps, wait } from "./here.ts";
import { NamedChildren } from "./named-children.ts";
import type { ServerRef } from "./naming.ts";
import { trapExit } from "./processes.ts";
import type { Definition } from "./start.ts";

/** A supervisor whose children are known when it is written. */
export interface SupervisorOptions extends SupervisorFlags {
  /** In start order; they are stopped in the reverse order. One template for simple_one_for_one. */
  readonly children: readonly ChildSpec[];
}

/** A supervisor that finds out in `init`, in its own process, what its children are. */
export interface SupervisorModule {
  init(...args: never[]): Eventually<SupervisorInit>;
}

export type SupervisorInit =
  | readonly ["ok", readonly [SupervisorFlags, readonly ChildSpec[]]]
  | "ignore";

/** What `supervisor` and `dynamicSupervisor` make; started by `startLink`, by another supervisor, or a scenario. */
export interface Supervisor extends Definition {
  readonly kind: "supervisor";
}

/** What a supervisor is asked, as its caller's exit reason shows it when nobody answers. */
type Request =
  | readonly ["start_child", unknown]
  | readonly ["terminate_child" | "restart_child" | "delete_child" | "get_childspec", unknown]
  | "which_children"
  | "count_children";

/**
 * Makes a supervisor, of its flags and children or of an `init` that gives them. It is started by
 * `startLink`, which returns when all children are up; when one fails to start, those before it are
 * stopped again and the result is
 * `["error", ["shutdown", ["failed_to_start_child", id, reason]]]`. `-behaviour(supervisor)`.
 */
export function supervisor(definition: SupervisorOptions | SupervisorModule): Supervisor {
  const init = "init" in definition ? definition.init.bind(definition) : () => given(definition);
  const made: Supervisor = superviseWith((...args) =>
    steps(() => startUp(init, args, nameOf(made))),
  );
  return made;
}

/**
 * A gen_server that is a supervisor once its init has given it children. `onCast` decides about
 * casts that it does not know: supervisors do not survive them, dynamic supervisors do.
 */
export function superviseWith(
  init: (...args: never[]) => Eventually<InitResult<Children>>,
  onCast: "crash" | "ignore" = "crash",
): Supervisor {
  const { begin } = genServer<Children>({
    init,
    handleCall: (request, _from, children) =>
      steps(function* () {
        return ["reply", yield* answerTo(request, children), children] as const;
      }),
    handleCast: (message, children) => {
      if (!Array.isArray(message) || message[0] !== "try_again_restart") {
        if (onCast === "crash") throw noClause(message);
        return ["noreply", children];
      }
      return steps(() => goOn(children, children.retry(message[1])));
    },
    handleInfo: (message, children) => {
      if (message?.tag !== "EXIT") return ["noreply", children];
      return steps(() => goOn(children, children.ended(message.from, message.reason)));
    },
    terminate: (_reason, children) => steps(() => children.stopAll()),
  });
  return { kind: "supervisor", begin };
}

function given({ children, ...flags }: SupervisorOptions): SupervisorInit {
  return ["ok", [flags, children]];
}

function* startUp(
  init: (...args: never[]) => unknown,
  args: readonly unknown[],
  name: string,
): Steps<InitResult<Children>> {
  trapExit(true);
  const result = yield* wait(init(...(args as never[])));
  if (result === "ignore") return "ignore";
  const isOk = Array.isArray(result) && result.length === 2 && result[0] === "ok";
  const body: unknown = isOk ? result[1] : undefined;
  if (!Array.isArray(body) || body.length !== 2)
    return ["stop", ["bad_return", [name, "init", result]]];
  const flags = checkFlags(body[0]);
  if (!flags.ok) return ["stop", ["supervisor_data", flags.reason]];
  return flags.value.strategy === "simple_one_for_one"
    ? beginAlike(flags.value, body[1])
    : yield* beginNamed(flags.value, body[1]);
}

function* beginNamed(
  flags: Readonly<Required<SupervisorFlags>>,
  children: unknown,
): Steps<InitResult<Children>> {
  const specs = checkSpecs(children, flags.autoShutdown);
  if (!specs.ok) return ["stop", ["start_spec", specs.reason]];
  const named = new NamedChildren(flags, specs.value);
  const failed = yield* named.startAll();
  if (failed === undefined) return ["ok", named];
  yield* named.stopAll();
  return ["stop", ["shutdown", ["failed_to_start_child", failed.id, failed.reason]]];
}

function beginAlike(
  flags: Readonly<Required<SupervisorFlags>>,
  children: unknown,
): InitResult<Children> {
  if (!Array.isArray(children) || children.length !== 1)
    return ["stop", ["bad_start_spec", children]];
  const specs = checkSpecs(children, flags.autoShutdown);
  if (!specs.ok) return ["stop", ["start_spec", specs.reason]];
  return ["ok", new AlikeChildren(flags, specs.value[0] as CheckedSpec)];
}

function* answerTo(request: Request, children: Children): Steps<unknown> {
  if (request === "which_children") return children.rows();
  if (request === "count_children") return children.counts();
  if (!Array.isArray(request)) throw noClause(request);
  const [word, what] = request;
  switch (word) {
    case "start_child":
      return yield* children.start(what);
    case "terminate_child":
      return yield* children.terminate(what);
    case "restart_child":
      return yield* children.restart(what);
    case "delete_child":
      return children.delete(what);
    case "get_childspec":
      return children.specOf(what);
    default:
      throw noClause(request);
  }
}

function* goOn(children: Children, part: Steps<Outcome>): Steps<NoReplyResult<Children>> {
  const outcome = yield* part;
  return outcome === "ok" ? ["noreply", children] : ["stop", "shutdown", children];
}

/** As in OTP, what a supervisor does not know ends it, unless it is a plain message. */
export function noClause(message: unknown): ErlangError {
  return new ErlangError(
    "function_clause",
    `a supervisor does not understand ${JSON.stringify(message)}: use startChild and its kin`,
  );
}

/**
 * Starts a child under a running supervisor and gives what its start gave: `["ok", pid]`, with
 * `["ok", pid, info]` or `["ok", "undefined"]` when it said so, or `["error", reason]`. Takes a
 * specification; for simple_one_for_one the arguments to add to the template's. The child is last
 * in start order, and is not started again when the supervisor itself was restarted. Ids in use
 * give `["already_started", pid]` or `"already_present"`. `supervisor:start_child/2`.
 */
export function startChild(
  dest: ServerRef,
  child: ChildSpec | readonly unknown[],
): Promise<Started | "ignore"> {
  return ask(dest, ["start_child", child]);
}

/**
 * Stops a child, by its id or, in simple_one_for_one and dynamicSupervisor, its pid. Its
 * specification stays unless it is temporary. Gives `"ok"`, also when it was not running, or
 * `["error", "not_found" | "simple_one_for_one"]`. `supervisor:terminate_child/2`.
 */
export function terminateChild(
  dest: ServerRef,
  id: unknown,
): Promise<"ok" | readonly ["error", unknown]> {
  return ask(dest, ["terminate_child", id]);
}

/**
 * Starts a child that was stopped, by its id. Does not count as a restart. Errors: `"running"`,
 * `"restarting"`, `"not_found"`, `"simple_one_for_one"`, or the start's own. `supervisor:restart_child/2`.
 */
export function restartChild(dest: ServerRef, id: unknown): Promise<Started> {
  return ask(dest, ["restart_child", id]);
}

/**
 * Forgets the specification of a child that is not running. Errors: `"running"`, `"restarting"`,
 * `"not_found"`, `"simple_one_for_one"`. `supervisor:delete_child/2`.
 */
export function deleteChild(
  dest: ServerRef,
  id: unknown,
): Promise<"ok" | readonly ["error", unknown]> {
  return ask(dest, ["delete_child", id]);
}

/** All children, the last started first: `[id, pid, type, modules]`, with `"undefined"` or `"restarting"` as pid. `supervisor:which_children/1`. */
export function whichChildren(dest: ServerRef): Promise<readonly ChildRow[]> {
  return ask(dest, "which_children");
}

/** How many children there are. `supervisor:count_children/1`. */
export function countChildren(dest: ServerRef): Promise<ChildCounts> {
  return ask(dest, "count_children");
}

/**
 * The specification of a child with nothing left out, `["ok", spec]`, or `["error", "not_found"]`.
 * A start function that cannot be sent is shown by its name. `supervisor:get_childspec/2`.
 */
export function getChildSpec(
  dest: ServerRef,
  id: unknown,
): Promise<readonly ["ok", CheckedSpec] | readonly ["error", unknown]> {
  return ask(dest, ["get_childspec", id]);
}

/**
 * Checks specifications without starting anything: `"ok"` or `["error", reason]` for the first
 * wrong one. With `autoShutdown`, also whether significant children fit it. `supervisor:check_childspecs/1,2`.
 */
export function checkChildSpecs(
  children: readonly ChildSpec[],
  autoShutdown?: AutoShutdown,
): "ok" | readonly ["error", unknown] {
  if (!Array.isArray(children)) return ["error", ["badarg", children]];
  if (!["never", "any_significant", "all_significant", undefined].includes(autoShutdown))
    return ["error", ["badarg", autoShutdown]];
  const checked = checkSpecs(children, autoShutdown);
  return checked.ok ? "ok" : ["error", checked.reason];
}

function ask<Reply>(dest: ServerRef, request: Request): Promise<Reply> {
  return call<Reply>(dest, request, { timeout: Number.POSITIVE_INFINITY });
}
