/**
 * A fault plan under the hands of a reader: when its faults begin and end, and how they are moved.
 *
 * A plan is the scenario's own list of faults, so that a run with it is made again by the same
 * scenario and seed. Moving and resizing snap to a grain and never leave the run; what is typed is
 * judged by `refusalOf`, which says what was seen and what to do.
 */
import type { FaultSpec, Scenario } from "../../workers/kernel/scenario.ts";
import { secondsText } from "../playback/time-text.ts";

export type Plan = readonly FaultSpec[];

/** Faults that strike at one moment. */
export type Instant = Extract<FaultSpec, { kind: "crash" | "restart" | "kill" | "skew" }>;

/** Which end of a fault that lasts. */
export type Edge = "from" | "until";

/** Faults that a plan may hold: more could be neither told apart nor placed. */
export const FAULT_COUNT_MAX = 40;
/** Times as slow that cores and disks may be. */
const FACTOR_MAX = 1000;
/** A clock may be set wrong by this much: a day. */
const SKEW_US_MAX = 86_400_000_000;

const GRAIN_US_MAX = 10_000;

/** What times snap to: 10 ms; in runs shorter than a second the power of ten within a hundredth. */
export function grainUs(horizonUs: number): number {
  let grain = 1;
  while (grain * 10 <= Math.min(GRAIN_US_MAX, horizonUs / 100)) grain *= 10;
  return grain;
}

/** How far an arrow key moves a fault: a hundredth of the run. */
export function stepUs(horizonUs: number): number {
  const grain = grainUs(horizonUs);
  return Math.max(grain, snapped(horizonUs / 100, grain));
}

/** How long a new fault lasts: a tenth of the run, to one digit. */
export function lengthUs(horizonUs: number): number {
  const grain = grainUs(horizonUs);
  let unit = 1;
  while (unit * 10 <= horizonUs / 10) unit *= 10;
  return Math.max(grain, snapped(horizonUs / 10, unit));
}

export function isInstant(fault: FaultSpec): fault is Instant {
  const { kind } = fault;
  return kind === "crash" || kind === "restart" || kind === "kill" || kind === "skew";
}

/** When a fault ends; that of an instant is its beginning, an open one ends with the run. */
export function endUs(fault: FaultSpec, horizonUs: number): number {
  return isInstant(fault) ? fault.atUs : Math.min(fault.untilUs ?? horizonUs, horizonUs);
}

/** The fault beginning at `atUs` or as near as it fits. It keeps its length; an open end stays open. */
export function movedTo(fault: FaultSpec, atUs: number, horizonUs: number): FaultSpec {
  const grain = grainUs(horizonUs);
  const wanted = snapped(atUs, grain);
  if (isInstant(fault) || fault.untilUs === undefined)
    return { ...fault, atUs: within(wanted, 0, Math.max(0, horizonUs - grain)) };
  const length = endUs(fault, horizonUs) - fault.atUs;
  const from = within(wanted, 0, Math.max(0, horizonUs - length));
  return { ...fault, atUs: from, untilUs: from + length };
}

/** The fault with one end at `us` or as near as it fits: never shorter than a grain where there is room. */
export function resized(fault: FaultSpec, edge: Edge, us: number, horizonUs: number): FaultSpec {
  if (isInstant(fault)) return fault;
  const grain = grainUs(horizonUs);
  const wanted = snapped(us, grain);
  if (edge === "from") {
    const last = Math.max(0, endUs(fault, horizonUs) - grain);
    return { ...fault, atUs: within(wanted, 0, last) };
  }
  const first = Math.min(horizonUs, fault.atUs + grain);
  return { ...fault, untilUs: within(wanted, first, horizonUs) };
}

/** Why the engine could not carry out this fault, and what to do; undefined when it can. */
export function refusalOf(fault: FaultSpec, scenario: Scenario): string | undefined {
  return (
    timeRefusal(fault, scenario.horizonUs) ?? placeRefusal(fault, scenario) ?? figureRefusal(fault)
  );
}

function timeRefusal(fault: FaultSpec, horizonUs: number): string | undefined {
  const { atUs } = fault;
  if (!Number.isInteger(atUs) || atUs < 0)
    return "The beginning is not a time of the run. Give it in seconds from 0.";
  if (atUs >= horizonUs)
    return `It begins at ${secondsText(atUs)}, and the run ends at ${secondsText(horizonUs)}. Let it begin earlier.`;
  if (isInstant(fault)) return undefined;
  const { untilUs } = fault;
  if (untilUs === undefined) return undefined;
  if (!Number.isInteger(untilUs)) return "The end is not a time of the run. Give it in seconds.";
  if (untilUs <= atUs)
    return `It ends at ${secondsText(untilUs)} and begins at ${secondsText(atUs)}. Let it end later.`;
  if (untilUs > horizonUs)
    return `It ends at ${secondsText(untilUs)}, and the run at ${secondsText(horizonUs)}. Let it end with the run.`;
  return undefined;
}

function placeRefusal(fault: FaultSpec, { nodes, wires }: Scenario): string | undefined {
  const stranger = nodesOf(fault).find((name) => nodes.every((node) => node.name !== name));
  if (stranger !== undefined)
    return `This scenario has no node "${stranger}". It has ${nodes.map(({ name }) => name).join(", ")}.`;
  if ("process" in fault && fault.process === "") return "No process is named. Choose one.";
  switch (fault.kind) {
    case "cut":
    case "hold":
    case "disturb": {
      const [a, b] = fault.between;
      const isWire = wires.some(({ between }) => between.includes(a) && between.includes(b));
      if (a !== b && isWire) return undefined;
      return `There is no wire between ${a} and ${b}. Choose two nodes that have one.`;
    }
    case "oneWay":
      return fault.from === fault.to ? `Both ends are ${fault.from}. Choose two nodes.` : undefined;
    case "partition": {
      const [left, right] = fault.groups;
      const both = left.find((name) => right.includes(name));
      if (both !== undefined) return `${both} is on both sides. Leave it on one.`;
      if (left.length > 0 && right.length > 0) return undefined;
      return "One side is empty. Put a node on each.";
    }
    default:
      return undefined;
  }
}

function figureRefusal(fault: FaultSpec): string | undefined {
  switch (fault.kind) {
    case "slow":
    case "slowDisk":
      if (fault.factor >= 1 && fault.factor <= FACTOR_MAX) return undefined;
      return `It cannot be ${fault.factor} times as slow. Choose from 1 to ${FACTOR_MAX}.`;
    case "skew":
      if (Number.isInteger(fault.byUs) && Math.abs(fault.byUs) <= SKEW_US_MAX) return undefined;
      return "The clock cannot be set so far. Choose a day (86400 s) at most.";
    case "disturb": {
      const shares = [fault.loss ?? 0, fault.dup ?? 0, fault.reorder?.share ?? 0];
      if (shares.every((share) => share >= 0 && share <= 1)) return undefined;
      return "A share is outside of 0 to 100 %. Choose one within.";
    }
    default:
      return undefined;
  }
}

/** The nodes that a fault names. */
function nodesOf(fault: FaultSpec): readonly string[] {
  switch (fault.kind) {
    case "cut":
    case "hold":
    case "disturb":
      return fault.between;
    case "oneWay":
      return [fault.from, fault.to];
    case "partition":
      return fault.groups.flat();
    default:
      return [fault.node];
  }
}

/** The end as a reader set it; undefined when the fault lasts to the end of the run. */
export function untilOf(fault: FaultSpec): number | undefined {
  return isInstant(fault) ? undefined : fault.untilUs;
}

/** Faults that know no open end: they say when they are over. */
export function needsEnd({ kind }: FaultSpec): boolean {
  return kind === "hold" || kind === "hang";
}

function snapped(us: number, grain: number): number {
  return Math.round(us / grain) * grain;
}

function within(us: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, us));
}
