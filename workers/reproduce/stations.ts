/**
 * Stations as processes: one server, several with one queue, and lines without a queue. Poisson
 * customers come to them; what comes is given in erlangs, which for one server is its utilisation.
 */
import type { Node, Process } from "../kernel/index.ts";
import { steps, wait } from "../otp/here.ts";
import { receive } from "../otp/processes.ts";
import { run, serve } from "./stand.ts";
import { mean, quantile } from "./statistics.ts";

/** A service time: 100 ms, as in the lesson. */
const SERVICE_US = 100_000;
/** Customers that come before anything is counted: the station begins empty. */
const WARM_UP_SHARE = 0.1;

/** How long a customer is served. */
type Service = "exponential" | "constant";

/** What one station measured: times in ms. */
export interface Measured {
  readonly meanMs: number;
  readonly p99Ms: number;
  /** Customers in the station, averaged over time. */
  readonly inside: number;
  /** Customers that came, per ms. */
  readonly ratePerMs: number;
  /** Of the customers: those that waited, or were turned away. */
  readonly share: number;
}

/** One process serves, first come, first served; its mailbox is the queue. */
export function measureSingle(
  utilisation: number,
  service: Service,
  count: number,
  seed: number,
): Measured {
  const meter = new Meter(count);
  run({ horizonUs: 1e15 }, seed, (node) => {
    const server: Process = node.spawn(
      () =>
        steps(function* () {
          const random = node.randomOf(server);
          for (let i = 0; i < count; i++) {
            const cameAt = (yield* wait(receive())) as number;
            const us = service === "constant" ? SERVICE_US : random.exponential(SERVICE_US);
            yield* wait(node.work(server, Math.round(us), "cpu"));
            meter.leaves(cameAt, node.now, false);
          }
        }),
      { label: "server" },
    ).process;
    customers(node, server, utilisation, count, meter);
  });
  return meter.read();
}

/** What comes to a desk: the time at which a customer came, or a customer who is done. */
type AtDesk = number | { readonly cameAt: number; readonly isMarked: boolean };

/** A desk gives each customer to a free server, and lets the others wait. Waiting is what `share` counts. */
export function measurePool(
  serverCount: number,
  erlangs: number,
  count: number,
  seed: number,
): Measured {
  const meter = new Meter(count);
  run({ horizonUs: 1e15 }, seed, (node) => {
    const desk = serve<AtDesk>(node, "desk", (self) => {
      const random = node.randomOf(self);
      const waiting: number[] = [];
      let next = 0;
      let freeCount = serverCount;
      const begin = (cameAt: number, isMarked: boolean) => {
        const us = Math.round(random.exponential(SERVICE_US));
        node.sendAfter(self, us, { cameAt, isMarked }, self.pid);
      };
      return (message) => {
        if (typeof message === "number") {
          if (freeCount === 0) waiting.push(message);
          else {
            freeCount--;
            begin(message, false);
          }
          return;
        }
        meter.leaves(message.cameAt, node.now, message.isMarked);
        const first = waiting[next++];
        if (first !== undefined) begin(first, true);
        else {
          next--;
          freeCount++;
        }
      };
    });
    customers(node, desk, erlangs, count, meter);
  });
  return meter.read();
}

/** An exchange with so many lines: who finds none goes away, which is what `share` counts. */
export function measureLines(
  lineCount: number,
  erlangs: number,
  service: Service,
  count: number,
  seed: number,
): Measured {
  const meter = new Meter(count);
  run({ horizonUs: 1e15 }, seed, (node) => {
    const exchange = serve<AtDesk>(node, "exchange", (self) => {
      const random = node.randomOf(self);
      let busyCount = 0;
      return (message) => {
        if (typeof message !== "number") {
          busyCount--;
          meter.leaves(message.cameAt, node.now, false);
        } else if (busyCount === lineCount) {
          meter.leaves(message, node.now, true);
        } else {
          busyCount++;
          const us = service === "constant" ? SERVICE_US : random.exponential(SERVICE_US);
          const done = { cameAt: message, isMarked: false };
          node.sendAfter(self, Math.round(us), done, self.pid);
        }
      };
    });
    customers(node, exchange, erlangs, count, meter);
  });
  return meter.read();
}

/** Sends the customers: they come at random, `erlangs` of them in a service time, and say when they came. */
function customers(node: Node, to: Process, erlangs: number, count: number, meter: Meter): void {
  const crowd: Process = node.spawn(
    () =>
      steps(function* () {
        const random = node.randomOf(crowd);
        for (let i = 0; i < count; i++) {
          yield* wait(node.sleep(crowd, Math.round(random.exponential(SERVICE_US / erlangs))));
          meter.comes(node.now);
          node.send(crowd, to.pid, node.now);
        }
      }),
    { label: "customers" },
  ).process;
}

/** Counts customers: how long each was there, and, independently of that, how many were there at once. */
class Meter {
  readonly #skippedCount: number;
  readonly #times: number[] = [];
  #cameCount = 0;
  #leftCount = 0;
  #markedCount = 0;
  #fromUs = 0;
  #toUs = 0;
  #changedUs = 0;
  #insideCount = 0;
  #insideUs = 0;

  constructor(count: number) {
    this.#skippedCount = Math.floor(count * WARM_UP_SHARE);
  }

  comes(atUs: number): void {
    this.#changeBy(1, atUs);
    this.#toUs = atUs;
    if (this.#cameCount++ !== this.#skippedCount) return;
    this.#fromUs = atUs;
    this.#insideUs = 0;
  }

  /** `isMarked`: it has waited, or was turned away, whatever the station counts. */
  leaves(cameAtUs: number, atUs: number, isMarked: boolean): void {
    this.#changeBy(-1, atUs);
    if (this.#leftCount++ < this.#skippedCount) return;
    this.#times.push(atUs - cameAtUs);
    if (isMarked) this.#markedCount++;
  }

  #changeBy(by: number, atUs: number): void {
    this.#insideUs += this.#insideCount * (atUs - this.#changedUs);
    this.#changedUs = atUs;
    this.#insideCount += by;
  }

  read(): Measured {
    const times = this.#times;
    return {
      meanMs: mean(times) / 1000,
      p99Ms: quantile(times, 0.99) / 1000,
      inside: this.#insideUs / (this.#changedUs - this.#fromUs),
      ratePerMs: ((this.#cameCount - this.#skippedCount) / (this.#toUs - this.#fromUs)) * 1000,
      share: this.#markedCount / times.length,
    };
  }
}
