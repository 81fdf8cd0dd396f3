/** One index a trace, shared by stage, chart and list, so that no row is read twice. */

import type { Scenario } from "../../workers/kernel/scenario.ts";
import type { Trace } from "../../workers/kernel/trace.ts";
import { TraceIndex } from "./trace-index.ts";

const indexes = new WeakMap<Trace, TraceIndex>();

/** The index of a trace with every row that it has by now. */
export function indexOf(trace: Trace, scenario: Scenario): TraceIndex {
  let index = indexes.get(trace);
  if (index === undefined) {
    index = new TraceIndex(
      trace,
      scenario.loads.map((load) => load.name),
    );
    indexes.set(trace, index);
  }
  index.extend();
  return index;
}
