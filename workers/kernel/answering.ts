/**
 * A process that is begun for its result: its exit reason tells what came of it, as in erpc, so
 * that whoever monitors it learns of it by the same DOWN that would tell of any other end.
 */
import { ErlangError, Exit, reasonOf, Stop } from "./reason.ts";
import type { ExitReason } from "./signals.ts";

/** What a body came to. */
export type Outcome = readonly [how: "return" | "throw" | "exit" | "error", value: unknown];

const TAG = "$outcome";

/** Runs `body`, which may be async, and ends the process with its outcome. */
export function answering(body: () => unknown): unknown {
  let result: unknown;
  try {
    result = body();
  } catch (thrown) {
    return refuse(thrown);
  }
  const { then } = Object(result) as { then?: unknown };
  if (typeof then !== "function") return answer(result);
  return (result as PromiseLike<unknown>).then(answer, refuse);
}

/** The outcome in an exit reason; undefined when the process ended otherwise. */
export function outcomeIn(reason: ExitReason): Outcome | undefined {
  if (!Array.isArray(reason) || reason[0] !== TAG) return undefined;
  return [reason[1], reason[2]];
}

function answer(value: unknown): never {
  throw new Exit([TAG, "return", value]);
}

function refuse(thrown: unknown): never {
  if (thrown instanceof Stop) throw thrown;
  if (thrown instanceof Exit) throw new Exit([TAG, "exit", thrown.reason]);
  if (thrown instanceof ErlangError) throw new Exit([TAG, "error", thrown.reason]);
  if (thrown instanceof Error) throw new Exit([TAG, "error", reasonOf(thrown)]);
  throw new Exit([TAG, "throw", thrown]);
}
