/**
 * What a plan was before it was changed, for taking changes back. Kept beside the plan and not in a
 * component: a new run brings a new stage, and the plan itself is all that both stages have.
 */
import type { Plan } from "./fault-plan.ts";

/** Changes that can be taken back. */
export const UNDO_COUNT_MAX = 20;

/** Only the plan in force has an entry; it goes on to whatever comes next. */
const histories = new WeakMap<Plan, readonly Plan[]>();

/** Notes that one plan became another, and gives the new one. */
export function changed(from: Plan, to: Plan): Plan {
  histories.set(to, [...(histories.get(from) ?? []), from].slice(-UNDO_COUNT_MAX));
  histories.delete(from);
  return to;
}

/** Whether there is a change to be taken back. */
export function hasBefore(plan: Plan): boolean {
  return (histories.get(plan)?.length ?? 0) > 0;
}

/** The plan before the last change, which is in force again from now on; undefined when there was none. */
export function takenBack(plan: Plan): Plan | undefined {
  const history = histories.get(plan) ?? [];
  const before = history.at(-1);
  if (before === undefined) return undefined;
  histories.delete(plan);
  histories.set(before, history.slice(0, -1));
  return before;
}
