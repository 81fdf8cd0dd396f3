/**
 * The live placement's conductor: every node in a worker of its own, in step.
 *
 * Nothing crosses a wire in less than the least latency L. So a node may run to L after the first
 * instant at which any other has something to do, or, should it send something itself, to L after
 * that has arrived: nothing that it does not know of can reach it earlier. Then what was sent is
 * handed round. Rows wait until all nodes have passed their instant, and so come out as if all had
 * run on one thread. Rule T4.
 * It runs no learner code, and believes node workers no more than it must.
 */
import {
  cutRows,
  digestOf,
  type FaultSpec,
  faultsInOrder,
  KIND,
  Trace,
  writeNodeDown,
} from "../kernel/index.ts";
import { mergeRows, NodeRows } from "./merge.ts";
import type { Inbound, News, NodeCommand, NodeReport, WatchJob } from "./protocol.ts";

/** A node's worker, as the coordinator sees it: a question at a time, answered by a report. */
export interface NodeWorker {
  ask(command: NodeCommand): Promise<NodeReport>;
}

interface Seat {
  readonly worker: NodeWorker;
  readonly rows: NodeRows;
  nextAt: number;
  inbound: Inbound[];
  isDead: boolean;
}

/** Rows after which the page is sent what there is: soon, so that it can show what goes wrong. */
const ROWS_PER_NEWS = 500;

export async function conduct(
  job: WatchJob,
  workers: readonly NodeWorker[],
  tell: (news: News) => void,
): Promise<void> {
  const { scenario, bounds } = job;
  const trace = new Trace();
  const faults = faultsInOrder(scenario);
  const seats: Seat[] = workers.map((worker) => ({
    worker,
    rows: new NodeRows(),
    nextAt: 0,
    inbound: [],
    isDead: false,
  }));
  const windowUs = leastLatencyUs(job);
  let sentRows = 0;
  let sentPayloads = 1;
  const report = (recordedUs: number) => {
    tell({ kind: "rows", chunk: trace.chunk(sentRows, sentPayloads), recordedUs });
    sentRows = trace.rowCount;
    sentPayloads = trace.payloads.length;
  };

  for (;;) {
    const at = Math.min(faults[0]?.atUs ?? Number.POSITIVE_INFINITY, ...seats.map(dueAt));
    const isCut = mergeRows(
      trace,
      seats.map((seat) => seat.rows),
      at,
      KIND.cut,
    );
    const isFull = trace.rowCount > bounds.rowCountMax;
    if (isFull) cutRows(trace, bounds);
    if (isCut || isFull || at > scenario.horizonUs) break;
    if (trace.rowCount - sentRows >= ROWS_PER_NEWS) report(at);
    while (faults[0]?.atUs === at)
      await crash(faults.shift() as FaultSpec, job, seats, trace, tell);
    const limit = Math.min(scenario.horizonUs + 1, faults[0]?.atUs ?? Number.POSITIVE_INFINITY);
    await runAll(seats, windowUs, limit, tell);
  }
  report(scenario.horizonUs);
  tell({
    kind: "end",
    digest: digestOf(trace),
    workers: seats.filter((seat) => !seat.isDead).length,
  });
}

/** The shortest time in which anything can get from one node to another. */
function leastLatencyUs({ scenario }: WatchJob): number {
  const least = scenario.wires.map(({ latency }) => {
    if (latency.kind === "det") return latency.us;
    return latency.kind === "uniform" ? latency.fromUs : 1;
  });
  return Math.max(1, Math.min(scenario.horizonUs + 1, ...least));
}

function dueAt(seat: Seat): number {
  if (seat.isDead) return Number.POSITIVE_INFINITY;
  return Math.min(seat.nextAt, ...seat.inbound.map(({ outbound }) => outbound.at));
}

/** Lets every node run as far as the others cannot reach it, at most to `limit`. */
async function runAll(
  seats: readonly Seat[],
  answerUs: number,
  limit: number,
  tell: (news: News) => void,
): Promise<void> {
  const running = seats
    .map((seat) => ({ seat, end: Math.min(limit, firstDueOfOthers(seats, seat) + answerUs) }))
    .filter(({ seat, end }) => dueAt(seat) < end);
  const reports = await Promise.all(
    running.map(({ seat, end }) => {
      const { inbound } = seat;
      seat.inbound = [];
      return seat.worker.ask({ kind: "run", end, answerUs, inbound });
    }),
  );
  for (const [i, report] of reports.entries()) take(seats, running[i]?.seat as Seat, report, tell);
}

function firstDueOfOthers(seats: readonly Seat[], seat: Seat): number {
  return Math.min(Number.POSITIVE_INFINITY, ...seats.filter((other) => other !== seat).map(dueAt));
}

function take(
  seats: readonly Seat[],
  seat: Seat,
  report: NodeReport,
  tell: (news: News) => void,
): void {
  seat.nextAt = report.nextAt;
  seat.rows.add(report.rows);
  for (const found of report.crashes) tell({ kind: "crash", crash: found });
  const from = seats.indexOf(seat);
  for (const outbound of report.outbound) {
    const receiver = seats[outbound.toNode];
    if (receiver !== undefined && !receiver.isDead) receiver.inbound.push({ from, outbound });
  }
}

/** Kills a node: its worker is terminated, the others learn of it over their wires. */
async function crash(
  fault: FaultSpec,
  job: WatchJob,
  seats: readonly Seat[],
  trace: Trace,
  tell: (news: News) => void,
): Promise<void> {
  const index = job.scenario.nodes.findIndex((node) => node.name === fault.node);
  const dead = seats[index];
  if (dead === undefined || dead.isDead) return;
  dead.isDead = true;
  tell({ kind: "terminate", index });
  writeNodeDown(trace, index, fault);
  const living = seats.filter((seat) => !seat.isDead);
  const reports = await Promise.all(
    living.map((seat) => {
      const { inbound } = seat;
      seat.inbound = [];
      return seat.worker.ask({
        kind: "lose",
        node: index,
        name: fault.node,
        at: fault.atUs,
        inbound,
      });
    }),
  );
  for (const [i, report] of reports.entries()) take(seats, living[i] as Seat, report, tell);
}
