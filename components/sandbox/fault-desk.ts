"use client";

import type { RefObject } from "react";
import type { FaultSpec, Scenario } from "../../workers/kernel/scenario.ts";
import { nodeOf } from "../../workers/kernel/trace.ts";
import type { Selection } from "../flow/selection.ts";
import { NONE } from "../flow/tables.ts";
import type { TraceIndex } from "../flow/trace-index.ts";
import type { NamedProcess, Picked } from "./fault-choices.ts";
import { useHeldFocus } from "./fault-focus.ts";
import { changed, hasBefore, takenBack } from "./fault-history.ts";
import { FAULT_COUNT_MAX, type Plan } from "./fault-plan.ts";

/** What can be done to a plan. Each change makes the run again. */
export interface FaultDesk {
  readonly plan: Plan;
  readonly canUndo: boolean;
  readonly isFull: boolean;
  add(fault: FaultSpec): void;
  change(index: number, fault: FaultSpec): void;
  remove(index: number): void;
  removeAll(): void;
  undo(): void;
}

/** The desk of a stage: changes are noted to be taken back, and the focus goes where the change is. */
export function useFaultDesk(
  pane: RefObject<HTMLElement | null>,
  plan: Plan,
  onFaults: (plan: Plan) => void,
): FaultDesk {
  const focus = useHeldFocus(pane, plan, "break");
  const become = (next: Plan, key: string) => {
    focus(key, next);
    onFaults(changed(plan, next));
  };
  return {
    plan,
    canUndo: hasBefore(plan),
    isFull: plan.length >= FAULT_COUNT_MAX,
    add: (fault) => become([...plan, fault], `fault-${plan.length}`),
    change: (index, fault) => become(plan.with(index, fault), `fault-${index}`),
    remove: (index) =>
      become(
        plan.toSpliced(index, 1),
        plan.length > 1 ? `fault-${Math.min(index, plan.length - 2)}` : "undo",
      ),
    removeAll: () => become([], "undo"),
    undo() {
      const before = takenBack(plan);
      if (before === undefined) return;
      focus("undo", before);
      onFaults(before);
    },
  };
}

/** Processes that offer themselves: those that the scenario starts by name, then others seen by name. At most 40. */
export function namedProcesses(scenario: Scenario, { processes }: TraceIndex): NamedProcess[] {
  const found = new Map<string, NamedProcess>();
  const note = (node: string | undefined, process: string | undefined) => {
    const key = `${node}/${process}`;
    if (node === undefined || process === undefined || found.has(key) || found.size >= 40) return;
    found.set(key, { node, process });
  };
  for (const { node, name } of scenario.starts) note(node, name);
  for (let p = 0; p < processes.count; p++) {
    if (processes.name[p] === undefined) continue;
    note(scenario.nodes[nodeOf(processes.id[p] as number)]?.name, processes.name[p]);
  }
  return [...found.values()];
}

/** Node and process that the reader has picked in the picture. */
export function pickedOn(
  selection: Selection | undefined,
  scenario: Scenario,
  index: TraceIndex,
): Picked {
  if (selection?.kind === "crowd") {
    const node = index.slots[selection.slot]?.node;
    return node === undefined ? {} : { node: scenario.nodes[node]?.name };
  }
  if (selection?.kind !== "process") return {};
  const row = index.processes.find(selection.process);
  return {
    node: scenario.nodes[nodeOf(selection.process)]?.name,
    process: row === NONE ? undefined : index.processes.name[row],
  };
}
