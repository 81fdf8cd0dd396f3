/**
 * The live placement's conductor: every node in a worker of its own, in step.
 *
 * Nothing crosses a wire in less than the least latency L. So a node may run to L after the first
 * instant at which any other has something to do, or, should it send something itself, to L after
 * that has arrived: nothing that it does not know of can reach it earlier. Then what was sent is
 * handed round. Rows wait until all nodes have passed their instant, and so come out as if all had
 * run on one thread. An order to begin or end a node takes effect a second later at least, and no
 * window is longer where orders are allowed. Rule T4.
 * It runs no learner code, and believes node workers no more than it must.
 */
import {
  type Blow,
  blowsOf,
  blowsOfOrder,
  changedImage,
  cutRows,
  type DiskImage,
  digestOf,
  FIRST_LIFE,
  inOrder,
  isEnd,
  KIND,
  type Life,
  leastDurationUs,
  ORDER_US_MIN,
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

const NEVER = Number.POSITIVE_INFINITY;

/** Runs a job with the workers of its `workerPlan`. */
export function conduct(
  job: WatchJob,
  workers: readonly NodeWorker[],
  tell: (news: News) => void,
): Promise<void> {
  return new Conductor(job, workers, tell).run();
}

class Conductor {
  readonly #job: WatchJob;
  readonly #workers: readonly NodeWorker[];
  readonly #tell: (news: News) => void;
  readonly #trace = new Trace();
  readonly #seats: readonly Seat[];
  /** Workers that wait for a node that begins anew. */
  readonly #spares: number[];
  /** Crashes and restarts to come, earliest first. */
  readonly #ends: PlannedBlow[];
  /** What orders have done, or are going to do. */
  readonly #struck: PlannedBlow[] = [];
  /** Orders that came with the last reports. */
  #orders: PlannedBlow[] = [];
  readonly #windowUs: number;
  /** A worker whose node was killed is kept where the node may be begun again by an order. */
  readonly #keepsWorkers: boolean;
  #sentRows = 0;
  #sentPayloads = 1;

  constructor(job: WatchJob, workers: readonly NodeWorker[], tell: (news: News) => void) {
    const { scenario } = job;
    this.#job = job;
    this.#workers = workers;
    this.#tell = tell;
    this.#ends = blowsOf(scenario).filter(({ blow }) => isEnd(blow));
    this.#spares = workers.map((_, slot) => slot).slice(scenario.nodes.length);
    this.#windowUs = windowUs(job);
    this.#keepsWorkers = scenario.operations !== undefined;
    this.#seats = scenario.nodes.map(({ standby }, slot) => ({
      worker: workers[slot] as NodeWorker,
      slot,
      nextLife: { ...FIRST_LIFE, incarnation: 1 },
      disk: FIRST_LIFE.disk,
      rows: new NodeRows(),
      nextAt: NEVER,
      inbound: [],
      isDead: standby === true,
    }));
  }

  async run(): Promise<void> {
    const { scenario, bounds } = this.#job;
    const trace = this.#trace;
    await this.#askAll(this.#living(), () => ({ kind: "begin", life: FIRST_LIFE, inbound: [] }));
    for (;;) {
      await this.#obey();
      const at = Math.min(this.#nextEndAt(), ...this.#seats.map(dueAt));
      const isCut = this.#merge(at);
      const isFull = trace.rowCount > bounds.rowCountMax;
      if (isFull) cutRows(trace, bounds);
      if (isCut || isFull) break;
      if (at > scenario.horizonUs) {
        await this.#finish();
        break;
      }
      if (trace.rowCount - this.#sentRows >= ROWS_PER_NEWS) this.#report(at);
      while (this.#nextEndAt() === at) await this.#end(this.#ends.shift() as PlannedBlow);
      await this.#runAll(Math.min(scenario.horizonUs + 1, this.#nextEndAt()));
    }
    this.#report(scenario.horizonUs);
    const workers = this.#living().length;
    this.#tell({ kind: "end", digest: digestOf(trace), workers });
  }

  #living(): Seat[] {
    return this.#seats.filter((seat) => !seat.isDead);
  }

  #nextEndAt(): number {
    return this.#ends[0]?.atUs ?? NEVER;
  }

  /** Puts the rows before `at` into the trace; true when one of them cuts the run. */
  #merge(at: number): boolean {
    const rows = this.#seats.map((seat) => seat.rows);
    return mergeRows(this.#trace, rows, at, KIND.cut);
  }

  #report(recordedUs: number): void {
    const trace = this.#trace;
    const chunk = trace.chunk(this.#sentRows, this.#sentPayloads);
    this.#tell({ kind: "rows", chunk, recordedUs });
    this.#sentRows = trace.rowCount;
    this.#sentPayloads = trace.payloads.length;
  }

  /** Asks several nodes at once and takes what they report, in the order of the scenario. */
  async #askAll(seats: readonly Seat[], commandFor: (seat: Seat) => NodeCommand): Promise<void> {
    const reports = await Promise.all(
      seats.map((seat) => {
        const command = commandFor(seat);
        seat.inbound = [];
        return seat.worker.ask(command);
      }),
    );
    for (const [i, report] of reports.entries()) this.#take(seats[i] as Seat, report);
  }

  /** Lets every node run as far as the others cannot reach it, at most to `limit`. */
  #runAll(limit: number): Promise<void> {
    const answerUs = this.#windowUs;
    const endOf = (seat: Seat) => Math.min(limit, this.#firstDueOfOthers(seat) + answerUs);
    const ends = new Map(this.#seats.map((seat) => [seat, endOf(seat)]));
    const running = this.#seats.filter((seat) => dueAt(seat) < (ends.get(seat) as number));
    return this.#askAll(running, (seat) => {
      return { kind: "run", end: ends.get(seat) as number, answerUs, inbound: seat.inbound };
    });
  }

  #firstDueOfOthers(seat: Seat): number {
    return Math.min(NEVER, ...this.#seats.filter((other) => other !== seat).map(dueAt));
  }

  #take(seat: Seat, report: NodeReport): void {
    seat.nextAt = report.nextAt;
    seat.nextLife = report.nextLife;
    seat.disk = changedImage(seat.disk, report.disk);
    seat.rows.add(report.rows);
    for (const found of report.crashes) this.#tell({ kind: "crash", crash: found });
    const from = this.#seats.indexOf(seat);
    for (const outbound of report.outbound) {
      const { signal, at, order, toNode } = outbound;
      if (signal.kind === "order") this.#orders.push(...blowsOfOrder(signal.order, at, order));
      const receiver = this.#seats[toNode];
      if (receiver !== undefined && !receiver.isDead) receiver.inbound.push({ from, outbound });
    }
  }

  /** Takes up the orders that have come; every node learns of them, and every life to come. */
  async #obey(): Promise<void> {
    const blows = this.#orders;
    if (blows.length === 0) return;
    this.#orders = [];
    this.#struck.push(...blows);
    this.#ends.push(...blows.filter(({ blow }) => isEnd(blow)));
    inOrder(this.#ends);
    await this.#askAll(this.#living(), ({ inbound }) => ({ kind: "strike", inbound, blows }));
  }

  async #end({ atUs, blow }: PlannedBlow): Promise<void> {
    if (blow.kind === "crash") await this.#crash(atUs, blow);
    if (blow.kind === "restart") await this.#restart(atUs, blow);
  }

  /** Kills a node: its worker is terminated, the others learn of it over their wires. */
  async #crash(at: number, { node, why }: Extract<Blow, { kind: "crash" }>): Promise<void> {
    const index = this.#indexOf(node);
    const dead = this.#seats[index];
    if (dead === undefined || dead.isDead) return;
    dead.isDead = true;
    dead.inbound = [];
    if (!this.#keepsWorkers) this.#tell({ kind: "terminate", index: dead.slot });
    writeNodeDown(this.#trace, index, at, why);
    await this.#askAll(this.#living(), ({ inbound }) => ({
      kind: "lose",
      node: index,
      at,
      inbound,
    }));
  }

  /** Lets a node that does not run begin anew, in a worker that has waited for it. */
  async #restart(atUs: number, blow: Extract<Blow, { kind: "restart" }>): Promise<void> {
    const seat = this.#seats[this.#indexOf(blow.node)];
    if (seat === undefined || !seat.isDead) return;
    const slot = this.#keepsWorkers ? seat.slot : this.#spares.shift();
    const worker = slot === undefined ? undefined : this.#workers[slot];
    if (slot === undefined || worker === undefined) return;
    seat.isDead = false;
    seat.worker = worker;
    seat.slot = slot;
    const life = {
      ...seat.nextLife,
      startUs: atUs,
      disk: seat.disk,
      version: blow.version ?? seat.nextLife.version,
      struck: [...this.#struck],
    };
    await this.#askAll([seat], () => ({ kind: "begin", life, inbound: [] }));
  }

  #indexOf(node: string): number {
    return this.#job.scenario.nodes.findIndex(({ name }) => name === node);
  }

  /** The horizon is reached: nodes say what there is to say of those who live. */
  async #finish(): Promise<void> {
    const at = this.#job.scenario.horizonUs;
    await this.#askAll(this.#living(), () => ({ kind: "finish", at, inbound: [] }));
    this.#merge(at + 1);
  }
}

/** The shortest time in which anything can get from one node to another, or an order take effect. */
function windowUs({ scenario }: WatchJob): number {
  const least = scenario.wires.map(({ latency }) => leastDurationUs(latency));
  const order = scenario.operations === undefined ? NEVER : ORDER_US_MIN;
  return Math.max(1, Math.min(scenario.horizonUs + 1, order, ...least));
}

function dueAt(seat: Seat): number {
  if (seat.isDead) return NEVER;
  return Math.min(seat.nextAt, ...seat.inbound.map(({ outbound }) => outbound.at));
}
