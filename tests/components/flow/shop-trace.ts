/**
 * A stand-in for lesson L01's run, made without the kernel: customers on `web` call the till on
 * `n1` over a wire, some give up, the till works on regardless and tells the log.
 */

import type { Scenario } from "../../../workers/kernel/scenario.ts";
import { KIND, SIGNAL, Trace, traceId } from "../../../workers/kernel/trace.ts";

export interface ShopPlan {
  readonly seed: number;
  readonly horizonUs: number;
  readonly phases: readonly { readonly untilUs: number; readonly perSecond: number }[];
  readonly wireUs: number;
  readonly workUs: number;
  readonly patienceUs: number;
  /** Share of messages lost on the wire. */
  readonly loss: number;
}

export const L01: ShopPlan = {
  seed: 1,
  horizonUs: 80_000_000,
  phases: [
    { untilUs: 20_000_000, perSecond: 60 },
    { untilUs: 40_000_000, perSecond: 140 },
    { untilUs: 80_000_000, perSecond: 60 },
  ],
  wireUs: 1000,
  workUs: 10_000,
  patienceUs: 5_000_000,
  loss: 0,
};

/** A few seconds of the same shop, overloaded at once, impatient and lossy: small enough for properties. */
export const SMALL: ShopPlan = {
  seed: 7,
  horizonUs: 3_000_000,
  phases: [
    { untilUs: 1_500_000, perSecond: 220 },
    { untilUs: 3_000_000, perSecond: 40 },
  ],
  wireUs: 40_000,
  workUs: 10_000,
  patienceUs: 300_000,
  loss: 0.05,
};

export function shopScenario(plan: ShopPlan): Scenario {
  return {
    name: "first-messages",
    horizonUs: plan.horizonUs,
    nodes: [
      { name: "n1", cores: 1 },
      { name: "web", cores: 4 },
    ],
    wires: [{ between: ["web", "n1"], latency: { kind: "det", us: plan.wireUs }, loss: plan.loss }],
    starts: [
      { atUs: 0, node: "n1", file: "till.ts", run: "till", args: [] },
      { atUs: 0, node: "n1", file: "log.ts", run: "log", args: [] },
    ],
    faults: [],
    loads: [
      {
        name: "customer",
        node: "web",
        file: "customer.ts",
        run: "customer",
        args: [],
        phases: plan.phases,
      },
    ],
  };
}

const SHOP = 0;
const WEB = 1;
const TILL = traceId(SHOP, 1);
const LOG = traceId(SHOP, 2);

export const TILL_ID = TILL;

interface Step {
  readonly at: number;
  readonly order: number;
  readonly run: (at: number) => void;
}

/** Plays the plan and returns the finished trace. Same plan, same rows. */
export function shopTrace(plan: ShopPlan): Trace {
  const trace = new Trace();
  const random = lcg(plan.seed);
  const steps = new Steps();
  const mailbox: { message: number; customer: number; n: number }[] = [];
  const waiting = new Map<number, number>();
  let serial = 10;
  let tillBusy = false;
  const write = (
    at: number,
    kind: number,
    process: number,
    peer = 0,
    message = 0,
    signal = 0,
    value = 0,
    payload: unknown = undefined,
    cause = 0,
  ) =>
    trace.write(
      at,
      kind as 1,
      process,
      peer,
      message,
      signal as 1,
      value,
      payload === undefined ? 0 : trace.keep(payload, 0),
      cause,
    );

  /** Sends over the wire; `arrive` runs at the other end, if the message gets there. */
  const post = (
    at: number,
    from: number,
    to: number,
    signal: number,
    payload: unknown,
    arrive: (at: number, message: number) => void,
  ) => {
    const message = traceId(from === TILL ? SHOP : WEB, serial++);
    write(at, KIND.send, from, to, message, signal, at + plan.wireUs, payload);
    if (random() < plan.loss) {
      write(at, KIND.lose, from, to, message, 0, at + Math.floor(plan.wireUs * random()));
    } else steps.add(at + plan.wireUs, (due) => arrive(due, message));
    return message;
  };

  const serveNext = (at: number) => {
    const next = mailbox.shift();
    if (next === undefined) {
      tillBusy = false;
      return;
    }
    tillBusy = true;
    write(at, KIND.receive, TILL, next.customer, next.message);
    write(at, KIND.workStart, TILL, 0, 0, SIGNAL.cpu, plan.workUs, undefined, next.message);
    steps.add(at + plan.workUs, (done) => {
      write(done, KIND.workEnd, TILL, 0, 0, 0, 0, undefined, next.message);
      post(done, TILL, next.customer, SIGNAL.reply, { receipt: next.n }, (due, reply) =>
        answer(due, next.customer, next.message, reply),
      );
      const line = traceId(SHOP, serial++);
      write(done, KIND.send, TILL, LOG, line, SIGNAL.cast, done, { print: next.n });
      write(done, KIND.arrive, LOG, TILL, line);
      write(done, KIND.receive, LOG, TILL, line);
      serveNext(done);
    });
  };

  const answer = (at: number, customer: number, call: number, reply: number) => {
    if (waiting.get(customer) !== call) {
      write(at, KIND.discard, customer, TILL, reply);
      return;
    }
    waiting.delete(customer);
    write(at, KIND.arrive, customer, TILL, reply);
    write(at, KIND.receive, customer, TILL, reply);
    write(at, KIND.exit, customer, 0, 0, 0, 0, "normal");
  };

  write(0, KIND.nodeUp, traceId(SHOP, 0), 0, 0, 0, 1, "n1");
  write(0, KIND.nodeUp, traceId(WEB, 0), 0, 0, 0, 4, "web");
  write(0, KIND.spawn, TILL, 0, 0, 0, 0, "till");
  write(0, KIND.register, TILL, 0, 0, 0, 0, "till");
  write(0, KIND.spawn, LOG, 0, 0, 0, 0, "start");
  write(0, KIND.register, LOG, 0, 0, 0, 0, "log");

  let n = 0;
  let arrivalAt = 0;
  for (const phase of plan.phases) {
    for (;;) {
      // A geometric gap of a hundred small chances: close to Poisson without a logarithm.
      let gap = 0;
      const tick = 1_000_000 / phase.perSecond / 8;
      do gap += tick;
      while (random() > 0.125);
      if (arrivalAt + gap > phase.untilUs) {
        arrivalAt = phase.untilUs;
        break;
      }
      arrivalAt += gap;
      const number = ++n;
      const customer = traceId(WEB, 100_000 + number);
      steps.add(Math.round(arrivalAt), (at) => {
        write(at, KIND.spawn, customer, 0, 0, 0, 0, "customer");
        const sale = { sell: number, qty: 1 + (number % 3) };
        const call = post(at, customer, TILL, SIGNAL.call, sale, (due, message) => {
          write(due, KIND.arrive, TILL, customer, message);
          mailbox.push({ message, customer, n: number });
          if (!tillBusy) serveNext(due);
        });
        waiting.set(customer, call);
        steps.add(at + plan.patienceUs, (late) => {
          if (waiting.get(customer) !== call) return;
          waiting.delete(customer);
          write(late, KIND.giveUp, customer, TILL, call);
          write(late, KIND.exit, customer, 0, 0, 0, 0, "timeout");
        });
      });
    }
  }
  steps.run(plan.horizonUs);
  return trace;
}

/** A queue of steps by time, then by order of asking: a binary heap. */
class Steps {
  #heap: Step[] = [];
  #asked = 0;

  add(at: number, run: (at: number) => void): void {
    const heap = this.#heap;
    heap.push({ at, order: this.#asked++, run });
    let i = heap.length - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!before(heap[i] as Step, heap[up] as Step)) break;
      [heap[i], heap[up]] = [heap[up] as Step, heap[i] as Step];
      i = up;
    }
  }

  run(untilUs: number): void {
    for (let step = this.#take(); step && step.at <= untilUs; step = this.#take())
      step.run(step.at);
  }

  #take(): Step | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [i * 2 + 1, i * 2 + 2]) {
        if (child < heap.length && before(heap[child] as Step, heap[least] as Step)) least = child;
      }
      if (least === i) return first;
      [heap[i], heap[least]] = [heap[least] as Step, heap[i] as Step];
      i = least;
    }
  }
}

function before(a: Step, b: Step): boolean {
  return a.at !== b.at ? a.at < b.at : a.order < b.order;
}

function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
