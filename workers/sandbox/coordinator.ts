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
  blowsOf,
  changedImage,
  cutRows,
  type DiskImage,
  digestOf,
  FIRST_LIFE,
  isEnd,
  KIND,
  type Life,
  leastDurationUs,
  type PlannedBlow,
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
  worker: NodeWorker;
  /** Which of the workers that is. */
  slot: number;
  /** What the node's next life takes over, should it be killed now. */
  nextLife: Life;
  /** What is lasting on the node's disk. */
  disk: DiskImage;
  readonly rows: NodeRows;
  nextAt: number;
  inbound: Inbound[];
  isDead: boolean;
}

/** Rows after which the page is sent what there is: soon, so that it can show what goes wrong. */
const ROWS_PER_NEWS = 500;

/** Runs a job with the workers of its `workerPlan`. */
export async function conduct(
  job: WatchJob,
  workers: readonly NodeWorker[],
  tell: (news: News) => void,
): Promise<void> {
  const { scenario, bounds } = job;
  const trace = new Trace();
  const ends = blowsOf(scenario).filter(({ blow }) => isEnd(blow));
  const spares = workers.map((_, slot) => slot).slice(scenario.nodes.length);
  const seats: Seat[] = workers.slice(0, scenario.nodes.length).map((worker, slot) => ({
    worker,
    slot,
    nextLife: FIRST_LIFE,
    disk: FIRST_LIFE.disk,
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

  const begun = await Promise.all(
    seats.map(({ worker }) => worker.ask({ kind: "begin", life: FIRST_LIFE, inbound: [] })),
  );
  for (const [i, report] of begun.entries()) take(seats, seats[i] as Seat, report, tell);

  for (;;) {
    const at = Math.min(ends[0]?.atUs ?? Number.POSITIVE_INFINITY, ...seats.map(dueAt));
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
    while (ends[0]?.atUs === at) {
      const blow = ends.shift() as PlannedBlow;
      if (blow.blow.kind === "crash") await crash(blow, job, seats, trace, tell);
      else await restart(blow, job, seats, spares, workers, tell);
    }
    const limit = Math.min(scenario.horizonUs + 1, ends[0]?.atUs ?? Number.POSITIVE_INFINITY);
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
  const least = scenario.wires.map(({ latency }) => leastDurationUs(latency));
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
  seat.nextLife = report.nextLife;
  seat.disk = changedImage(seat.disk, report.disk);
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
  { atUs, blow }: PlannedBlow,
  job: WatchJob,
  seats: readonly Seat[],
  trace: Trace,
  tell: (news: News) => void,
): Promise<void> {
  const index = seatIndex(job, blow);
  const dead = seats[index];
  if (dead === undefined || dead.isDead) return;
  dead.isDead = true;
  dead.inbound = [];
  tell({ kind: "terminate", index: dead.slot });
  writeNodeDown(trace, index, atUs);
  const living = seats.filter((seat) => !seat.isDead);
  const reports = await Promise.all(
    living.map((seat) => {
      const { inbound } = seat;
      seat.inbound = [];
      return seat.worker.ask({ kind: "lose", node: index, at: atUs, inbound });
    }),
  );
  for (const [i, report] of reports.entries()) take(seats, living[i] as Seat, report, tell);
}

/** Lets a killed node begin anew, in a worker that has waited for it. */
async function restart(
  { atUs, blow }: PlannedBlow,
  job: WatchJob,
  seats: readonly Seat[],
  spares: number[],
  workers: readonly NodeWorker[],
  tell: (news: News) => void,
): Promise<void> {
  const seat = seats[seatIndex(job, blow)];
  const slot = spares.shift();
  const worker = slot === undefined ? undefined : workers[slot];
  if (seat === undefined || !seat.isDead || slot === undefined || worker === undefined) return;
  seat.isDead = false;
  seat.worker = worker;
  seat.slot = slot;
  const life = { ...seat.nextLife, startUs: atUs, disk: seat.disk };
  take(seats, seat, await worker.ask({ kind: "begin", life, inbound: [] }), tell);
}

function seatIndex({ scenario }: WatchJob, blow: PlannedBlow["blow"]): number {
  return "node" in blow ? scenario.nodes.findIndex(({ name }) => name === blow.node) : -1;
}
