/**
 * The queues of the textbooks, built out of what a learner has: processes, servers, mailboxes and
 * `work`, under the scenario's own open load. Nothing here knows a formula. The load numbers the
 * customers, and a message about one is that number.
 */
import type { Scenario } from "../../workers/kernel/index.ts";
import { steps, wait } from "../../workers/otp/here.ts";
import type { ProgramFactory } from "../../workers/sandbox/realm.ts";
import { MEAN_US, type Notes, type Place } from "./queueing-notes.ts";

const NODE = "shop";
const TILL_NAMES = Array.from({ length: 100 }, (_, i) => `till${i}`);

/** One node with the servers of a place, and customers from time 0 on until about `count` have come. */
export function scenarioOf(place: Place, load: number, count: number): Scenario {
  const perSecond = (load * 1_000_000) / MEAN_US;
  const horizonUs = Math.round((count / perSecond) * 1_000_000);
  const phases = [{ untilUs: horizonUs, perSecond }];
  const file = "main.ts";
  return {
    name: `queueing: ${place.kind}`,
    horizonUs,
    nodes: [{ name: NODE, cores: "clerks" in place ? place.clerks : 1 }],
    wires: [],
    starts: serversOf(place).map(([run, name]) => {
      return { atUs: 0, node: NODE, file, run, args: [], name };
    }),
    loads: [{ name: "customer", node: NODE, file, run: "customer", args: [], phases }],
    faults: [],
  };
}

/** What runs under which name. */
function serversOf(place: Place): (readonly [run: string, name: string])[] {
  switch (place.kind) {
    case "till":
      return [["till", tillName(0)]];
    case "tills":
      return TILL_NAMES.slice(0, place.tills).map((name) => ["till", name]);
    case "desk":
    case "exchange":
      return [
        ["desk", "desk"],
        ...Array.from({ length: place.clerks }, (_, i) => ["clerk", `clerk${i}`] as const),
      ];
    case "core":
      return [];
  }
}

function tillName(i: number): string {
  return TILL_NAMES[i] as string;
}

/** Clerks without a customer, and customers without a clerk: one of the two is empty. */
interface Desk {
  readonly idle: string[];
  readonly waiting: number[];
}

/** What a customer does, and who serves. */
export function programOf(place: Place, notes: Notes): ProgramFactory {
  return ({ modules: { otp } }) => {
    const nowUs = () => Math.round(otp.monotonic() * 1000);
    const msOf = (n: number) => notes.serviceUs.of(n) / 1000;
    // A hundred tills are more than a node may have cores; none of them feels the others.
    const kind = place.kind === "tills" ? "io" : "cpu";
    const serve = (n: number) => {
      notes.begin(n, nowUs());
      return otp.work(msOf(n), { kind }).then(() => notes.leave(n, nowUs()));
    };

    const till = otp.genServer<undefined, unknown, number>({
      init: () => ["ok", undefined],
      handleCast: (n) => serve(n).then(() => ["noreply", undefined] as const),
    });

    const desk = otp.genServer<Desk, unknown, number, string>({
      init: () => ["ok", { idle: [], waiting: [] }],
      handleCast(n, state) {
        const clerk = state.idle.pop();
        if (clerk !== undefined) otp.send(clerk, n);
        else if (place.kind === "exchange") notes.refuse(n, nowUs());
        else state.waiting.push(n);
        return ["noreply", state];
      },
      handleInfo(clerk, state) {
        const next = state.waiting.shift();
        if (next === undefined) state.idle.push(clerk);
        else otp.send(clerk, next);
        return ["noreply", state];
      },
    });

    const clerk = () =>
      steps(function* () {
        for (;;) {
          otp.send("desk", otp.self());
          yield* wait(serve(yield* wait(otp.receive<number>())));
        }
      });

    const goIn = (n: number) => {
      switch (place.kind) {
        case "till":
        case "tills":
          return otp.cast(tillName(notes.till.of(n)), n);
        case "desk":
        case "exchange":
          return otp.cast("desk", n);
        case "core":
          return serve(n);
      }
    };
    const customer = (number: number) => {
      const n = number - 1;
      // A few more may come than notes were made for: nobody asks for the last ones.
      if (n >= notes.count) return undefined;
      notes.arrive(n, nowUs());
      return goIn(n);
    };
    return { "main.ts": { till, desk, clerk, customer } };
  };
}
