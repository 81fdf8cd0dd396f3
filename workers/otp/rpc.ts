/**
 * Calling a function on another node: a process there runs it, and its end tells what came of it.
 * The function is looked up there by name, so a file must export it.
 */
import {
  type CoPromise,
  ErlangError,
  Exit,
  type ExitReason,
  microseconds,
  type Outcome,
  outcomeIn,
} from "../kernel/index.ts";
import { checkMs, here } from "./here.ts";
import { beginAnswering } from "./processes.ts";

type Callee = (...args: never[]) => unknown;

/**
 * Calls an exported function on a node and gives what it returns. What it throws is thrown here; an
 * exit or error there is an Exit or ErlangError here, with its reason. When the node cannot be
 * reached or nothing comes back in `timeoutMs` (default Infinity): an error `["erpc",
 * "noconnection" | "timeout"]`. `erpc:call/2..5`.
 */
function callErpc<Result = unknown>(
  node: string,
  body: Callee,
  args: readonly unknown[] = [],
  timeoutMs?: number,
): Promise<Result> {
  return ask(node, body, args, timeoutMs).then(([how, value]) => {
    if (how === "throw") throw value;
    if (how === "exit") throw new Exit(value);
    if (how === "error") throw new ErlangError(value);
    return value as Result;
  }) as CoPromise<unknown> as Promise<Result>;
}

/**
 * As `erpc.call`, with what goes wrong as a value: `["badrpc", "nodedown" | "timeout" | ["EXIT",
 * reason]]`; a thrown value is what was returned. `rpc:call/4,5`.
 */
function callRpc(
  node: string,
  body: Callee,
  args: readonly unknown[] = [],
  timeoutMs?: number,
): Promise<unknown> {
  return ask(node, body, args, timeoutMs).then(([how, value]) => {
    if (how === "return" || how === "throw") return value;
    const isOurs = how === "error" && Array.isArray(value) && value[0] === "erpc";
    if (!isOurs) return ["badrpc", ["EXIT", value]];
    return ["badrpc", value[1] === "noconnection" ? "nodedown" : value[1]];
  });
}

/** Calls an exported function on another node and waits for its result; what it throws is thrown here. `erpc`. */
export const erpc = { call: callErpc } as const;
/** As `erpc`, from before it: what goes wrong is returned as `["badrpc", reason]` and easily overlooked. `rpc`. */
export const rpc = { call: callRpc } as const;

/** Runs the function in a process of its own there, and waits for its end. */
function ask(
  node: string,
  body: Callee,
  args: readonly unknown[],
  timeoutMs: number = Number.POSITIVE_INFINITY,
): CoPromise<Outcome> {
  const process = here();
  const timeout = checkMs(timeoutMs, "the timeout of a call");
  const afterUs = Number.isFinite(timeout) ? microseconds(timeout) : undefined;
  const ref = beginAnswering(node, body, args);
  return process.node.receive(process, { kind: "ref", ref }, afterUs).then((envelope): Outcome => {
    if (envelope === undefined) {
      process.node.demonitor(process, ref, true);
      return ["error", ["erpc", "timeout"]];
    }
    const { reason } = envelope.body as { readonly reason: ExitReason };
    if (reason === "noconnection") return ["error", ["erpc", "noconnection"]];
    return outcomeIn(reason) ?? ["exit", reason];
  });
}
