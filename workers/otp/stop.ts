/** Stopping a behaviour in good order from outside, as `proc_lib:stop`. Rules V33 and V34. */
import { type Envelope, Exit, microseconds } from "../kernel/index.ts";
import { checkMs, here } from "./here.ts";
import { isOneself, locate, type ServerRef } from "./naming.ts";
import { keyOf } from "./term-key.ts";

/**
 * Ends a server in good order: its `terminate` is called, and this waits until it has ended, for
 * `timeoutMs` at most (default Infinity). The caller exits with `"noproc"` when there is none, with
 * `"timeout"` when it takes longer (the server ends in its own time), and with the server's
 * reason when that is another one. `gen_server:stop/1,3`.
 */
export function stop(
  dest: ServerRef,
  reason: unknown = "normal",
  timeoutMs: number = Number.POSITIVE_INFINITY,
): Promise<"ok"> {
  const process = here();
  const { node } = process;
  const timeout = checkMs(timeoutMs, "stop's timeout");
  const target = locate(dest);
  if (target === undefined) throw new Exit("noproc");
  if (isOneself(process, target)) {
    const shown = timeout === Number.POSITIVE_INFINITY ? "infinity" : timeout;
    throw new Exit(["calling_self", ["sys", "terminate", [process.pid, reason, shown]]]);
  }
  const ref = node.monitor(process, target);
  const from = { pid: process.pid, ref };
  node.send(process, target, ["system", from, ["terminate", reason]]);
  const afterUs = Number.isFinite(timeout) ? microseconds(timeout) : undefined;
  return node.receive(process, { kind: "ref", ref }, afterUs).then((envelope) => {
    if (envelope === undefined) {
      node.demonitor(process, ref, true);
      throw new Exit("timeout");
    }
    const ended = reasonIn(envelope);
    if (keyOf(ended) !== keyOf(reason)) throw new Exit(ended);
    return "ok" as const;
  });
}

function reasonIn(envelope: Envelope): unknown {
  return (envelope.body as { readonly reason: unknown }).reason;
}
