/**
 * The lesson's world: one till, a log beside it, and a Friday rush.
 *
 * The till needs 10 ms of CPU for a sale, so it can do 100 a second. 60 a second leave it idle
 * four tenths of the time; 140 a second are 40 too many.
 */
import type { OpenLoadSpec, Scenario, StartSpec } from "../../workers/kernel/scenario.ts";

const MS = 1_000;
export const SECOND = 1_000_000;

/** When the rush begins and ends, and when the doors close; µs. */
export const RUSH_FROM = 20 * SECOND;
export const RUSH_UNTIL = 40 * SECOND;
export const CLOSING = 70 * SECOND;

/** What the customers of a load are like: the argument of scaffold/customer.ts. */
export interface Errand {
  /** Names of the tills, on node n1, that a customer chooses from. */
  readonly tills: readonly string[];
  /** Share of customers, 0 to 1, who ask for a quantity that does not exist. */
  readonly badShare: number;
  /** The customer, by number, who buys a whole pallet; 0 for none. */
  readonly palletFor: number;
}

/** What differs between the shops of this lesson. */
interface ShopSpec {
  readonly name: string;
  readonly horizonUs: number;
  readonly starts: readonly StartSpec[];
  readonly phases: OpenLoadSpec["phases"];
  readonly errand: Errand;
}

/** A shop on node n1 with one core, and its customers on node web, 1 ms away. */
export function shop({ name, horizonUs, starts, phases, errand }: ShopSpec): Scenario {
  return {
    name,
    horizonUs,
    nodes: [
      { name: "n1", cores: 1 },
      { name: "web", cores: 1 },
    ],
    wires: [{ between: ["n1", "web"], latency: { kind: "det", us: MS }, loss: 0 }],
    starts,
    loads: [
      {
        name: "customer",
        node: "web",
        file: "customer.ts",
        run: "customer",
        args: [errand],
        phases,
      },
    ],
    faults: [],
  };
}

/** A server that opens with the shop, on n1. */
export function server(file: string, run: string, name: string): StartSpec {
  return { atUs: 0, node: "n1", file, run, args: [], name };
}

/**
 * 40 a second too many for 20 s leave about 800 waiting; 60 a second then leave the till time to
 * work off 40 of them a second, so the line is gone at about 60 s. Customers keep coming until
 * 70 s, so that it is the till that empties the mailbox and not closing time.
 */
export const friday: Scenario = shop({
  name: "friday",
  horizonUs: 80 * SECOND,
  starts: [server("till.ts", "till", "till"), server("log.ts", "log", "log")],
  phases: [
    { untilUs: RUSH_FROM, perSecond: 60 },
    { untilUs: RUSH_UNTIL, perSecond: 140 },
    { untilUs: CLOSING, perSecond: 60 },
  ],
  errand: { tills: ["till"], badShare: 0, palletFor: 0 },
});

/** The phases of the load, for the time line. */
export const bands = [
  { fromUs: 0, toUs: RUSH_FROM, label: "60/s" },
  { fromUs: RUSH_FROM, toUs: RUSH_UNTIL, label: "140/s" },
  { fromUs: RUSH_UNTIL, toUs: CLOSING, label: "60/s" },
  { fromUs: CLOSING, toUs: friday.horizonUs, label: "closed" },
] as const;
