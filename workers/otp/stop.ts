/** Stopping a behaviour in good order from outside, as `proc_lib:stop`. Rules V33 and V34. */
import {
  type Envelope,
  Exit,
  microseconds,
  type Process,
  type Ref,
  US_PER_MS,
} from "../kernel/index.ts";
import { checkMs, here, steps, wait } from "./here.ts";
import { isOneself, locate, type ServerRef } from "./naming.ts";
import { bearerOf, reasonIn } from "./requests.ts";
import { askSystem, shownMs } from "./sys.ts";
import { keyOf } from "./term-key.ts";

/**
 * Ends a server in good order: its `terminate` is called, and this waits until it has ended, for
 * `timeoutMs` at most (default Infinity). The caller exits with `"noproc"` when there is none, with
 * `"timeout"` when it takes longer (the server ends in its own time), and with the server's reason
 * when that is another one; a server that ends before it heard of the stop adds
 * `["sys", "terminate", [pid, reason, timeout]]` to it. `gen_server:stop/1,3`.
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
  const known = bearerOf(process, target) ?? target;
  const asked = ["sys", "terminate", [known, reason, shownMs(timeout)]];
  if (isOneself(process, known)) throw new Exit(["calling_self", asked]);
  const end = node.now + timeout * US_PER_MS;
  const ref = node.monitor(process, known);
  return steps(function* () {
    try {
      yield* wait(askSystem(known, ["terminate", reason], timeout, asked));
    } catch (thrown) {
      if (!isEnd(thrown, reason)) {
        node.demonitor(process, ref, true);
        throw thrown instanceof Exit ? new Exit(outcomeOf(thrown.reason)) : thrown;
      }
    }
    const leftMs = Math.max(0, end - node.now) / US_PER_MS;
    const ended = yield* wait(down(process, ref, leftMs));
    if (ended === undefined) {
      node.demonitor(process, ref, true);
      throw new Exit("timeout");
    }
    if (keyOf(reasonIn(ended)) !== keyOf(reason)) throw new Exit(reasonIn(ended));
    return "ok" as const;
  });
}

function down(process: Process, ref: Ref, leftMs: number): PromiseLike<Envelope | undefined> {
  const afterUs = Number.isFinite(leftMs) ? microseconds(leftMs) : undefined;
  return process.node.receive(process, { kind: "ref", ref }, afterUs);
}

/** True when the server ended by itself, with the very reason it should have ended with. */
function isEnd(thrown: unknown, reason: unknown): boolean {
  if (!(thrown instanceof Exit) || !Array.isArray(thrown.reason)) return false;
  return reason !== "noproc" && keyOf(thrown.reason[0]) === keyOf(reason);
}

/** Nobody there and no time left are told without what was asked. */
function outcomeOf(reason: unknown): unknown {
  const [why] = reason as readonly unknown[];
  return why === "noproc" || why === "timeout" ? why : reason;
}
