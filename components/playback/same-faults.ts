import type { FaultSpec } from "../../workers/kernel/scenario.ts";

/**
 * Whether two faults, or two plans, say the same: plain data, of which props, drafts and states hold
 * copies. Fields in another order count as different, which costs a run at most.
 */
export function isSame<What extends FaultSpec | readonly FaultSpec[]>(
  one: What,
  other: What,
): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
