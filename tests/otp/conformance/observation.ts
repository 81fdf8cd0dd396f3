/** Reads what a run was: logs from the bed, ends and their order from the trace (section 10). */
import { KIND, nodeOf, type Trace, traceId } from "../../../workers/kernel/index.ts";
import { readPid } from "../../../workers/kernel/names.ts";
import { BEGINS, type Bed } from "./bed.ts";
import type { Json, Observation, RecordedProcess } from "./recording.ts";
import { decode, normalise } from "./terms.ts";

/** The run of `bed`, in the form of the recordings. */
export function observe(bed: Bed, trace: Trace, nodes: readonly string[]): Observation {
  const normal = (term: unknown): Json =>
    normalise(
      term,
      (pid) => bed.pids.nameOf(pid),
      (ref) => bed.refs.nameOf(ref),
    );
  const names = new Map<number, string>();
  const procs: Record<string, RecordedProcess> = {};
  const ends = endsOf(trace, normal);
  for (const [pid, name] of bed.pids.entries()) {
    const id = numberOf(pid, nodes);
    names.set(id, name);
    const log = (bed.logs.get(pid) ?? []).map((entry) => entry.map(normal));
    procs[name] = { log, final: ends.get(id) ?? "never_started" };
  }
  if (bed.recording.lifecycle === undefined) return { procs };
  return { procs, lifecycle: lifecycleOf(bed.recording.lifecycle, trace, names, normal) };
}

/** A process's number in the trace. */
function numberOf(pid: string, nodes: readonly string[]): number {
  const { node = "", serial = 0 } = readPid(pid) ?? {};
  return traceId(nodes.indexOf(node), serial);
}

/** How every process ended, by its number: processes that never began are missing. */
function endsOf(trace: Trace, normal: (term: unknown) => Json): Map<number, Json> {
  const ends = new Map<number, Json>();
  for (let row = 0; row < trace.rowCount; row++) {
    const process = trace.processOf(row);
    switch (trace.kindOf(row)) {
      case KIND.spawn:
        ends.set(process, "alive");
        break;
      case KIND.exit:
        ends.set(process, { exit: normal(decode(trace.payloadOf(row))) });
        break;
      case KIND.nodeDown:
        // Whoever still lived there is gone without a word.
        for (const [id, end] of ends)
          if (end === "alive" && nodeOf(id) === nodeOf(process))
            ends.set(id, { exit: "noconnection" });
        break;
    }
  }
  return ends;
}

/** Starts and ends of the labels asked for, in the order of the trace. */
function lifecycleOf(
  labels: readonly string[],
  trace: Trace,
  names: ReadonlyMap<number, string>,
  normal: (term: unknown) => Json,
): readonly Json[] {
  const events: Json[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    const payload = trace.payloadOf(row);
    if (trace.kindOf(row) === KIND.log && typeof payload === "string" && payload.startsWith(BEGINS))
      events.push(["start", payload.slice(BEGINS.length)]);
    if (trace.kindOf(row) !== KIND.exit) continue;
    const name = names.get(trace.processOf(row));
    if (name !== undefined && labels.includes(name.split("#")[0] as string))
      events.push(["exit", name, normal(decode(payload))]);
  }
  return events;
}
