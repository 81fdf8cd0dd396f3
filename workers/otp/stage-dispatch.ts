/** Makes the dispatcher that a stage's options name. */
import type { DispatcherOption } from "./stage-callbacks.ts";
import { BroadcastDispatcher } from "./stage-dispatch-broadcast.ts";
import { DemandDispatcher } from "./stage-dispatch-demand.ts";
import { PartitionDispatcher } from "./stage-dispatch-partition.ts";
import type { Dispatcher, Outlet } from "./stage-dispatcher.ts";

/** A dispatcher at its beginning; undefined when `option` names none. Throws for wrong partitions. */
export function createDispatcher(option: DispatcherOption, outlet: Outlet): Dispatcher | undefined {
  if (option === "demand") return new DemandDispatcher({}, outlet);
  if (option === "broadcast") return new BroadcastDispatcher(outlet);
  if (typeof option !== "object" || option === null) return undefined;
  if ("demand" in option) return new DemandDispatcher(option.demand, outlet);
  if ("partition" in option) return new PartitionDispatcher(option, outlet);
  return undefined;
}
