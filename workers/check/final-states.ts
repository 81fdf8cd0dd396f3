/**
 * The states in which behaviours were when the run ended, as hashes: two runs that came to the same
 * end have the same, whatever way they took. Rule K9.
 */
import { combine, hashText, KIND, type Trace } from "../kernel/index.ts";

/** Hash of each living behaviour's state, by process. Empty for a run that did not reach its horizon. */
export function finalStates(trace: Trace): Map<number, number> {
  const states = new Map<number, number>();
  for (let row = trace.rowCount - 1; row >= 0 && trace.kindOf(row) === KIND.state; row--)
    states.set(trace.processOf(row), trace.valueIn(row));
  return states;
}

/** One hash of the final states of the processes registered under names, by name. */
export function hashOfNamed(trace: Trace): number {
  const names = new Map<number, string>();
  for (let row = 0; row < trace.rowCount; row++)
    if (trace.kindOf(row) === KIND.register)
      names.set(trace.processOf(row), String(trace.payloadOf(row)));
  const lines = [...finalStates(trace)]
    .flatMap(([process, hash]) => {
      const name = names.get(process);
      return name === undefined ? [] : [`${name} ${hash}`];
    })
    .sort();
  return lines.reduce((hash, line) => combine(hash, hashText(line)), 0) >>> 0;
}
