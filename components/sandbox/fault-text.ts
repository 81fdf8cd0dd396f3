/** A fault in words: a label for its band, a sentence for those who listen, and its times. */
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { durationText, secondsText } from "../playback/time-text.ts";
import { endUs, isInstant, untilOf } from "./fault-plan.ts";

/** As short as it goes: "n1 ↮ web cut", "till hangs". */
export function faultLabel(fault: FaultSpec): string {
  switch (fault.kind) {
    case "crash":
      return `${fault.node} killed`;
    case "restart":
      return `${fault.node} begins anew`;
    case "pause":
      return `${fault.node} paused`;
    case "cut":
      return `${fault.between.join(" ↮ ")} cut`;
    case "partition":
      return `${fault.groups.map((group) => group.join(", ")).join(" ↮ ")} silent`;
    case "oneWay":
      return `${fault.from} ↛ ${fault.to} silent`;
    case "hold":
      return `${fault.between.join(" – ")} holds`;
    case "disturb":
      return `${fault.between.join(" – ")} ${disturbance(fault)}`;
    case "kill":
      return `${fault.process} killed`;
    case "hang":
      return `${fault.process} hangs`;
    case "bug":
      return `${fault.process} has a bug`;
    case "slow":
      return `${fault.node} slow ×${fault.factor}`;
    case "diskFull":
      return `${fault.node} disk full`;
    case "slowDisk":
      return `${fault.node} disk slow ×${fault.factor}`;
    case "skew":
      return `${fault.node} clock ${fault.byUs < 0 ? "−" : "+"}${durationText(Math.abs(fault.byUs))}`;
    case "outage":
      return `${fault.process} ${OUTAGES[fault.mode]}`;
  }
}

const OUTAGES = { down: "is out", hang: "never answers", slow: "answers late" } as const;

function disturbance({ loss, dup, reorder }: Extract<FaultSpec, { kind: "disturb" }>): string {
  const parts = [
    loss === undefined ? "" : `loses ${percent(loss)}`,
    dup === undefined ? "" : `doubles ${percent(dup)}`,
    reorder === undefined ? "" : `overtaking ${percent(reorder.share)}`,
  ];
  return parts.filter((part) => part !== "").join(", ") || "as ever";
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** The label without signs that are not read aloud. */
export function faultSpoken(fault: FaultSpec): string {
  return faultLabel(fault)
    .replaceAll(" ↮ ", " and ")
    .replaceAll(" – ", " and ")
    .replaceAll(" ↛ ", " to ")
    .replaceAll("×", "")
    .replaceAll("−", "minus ");
}

/** When: "at 12.000 s", "from 12.000 s to 20.000 s", "from 12.000 s to the end". */
export function faultTimes(fault: FaultSpec, horizonUs: number): string {
  if (isInstant(fault)) return `at ${secondsText(fault.atUs)}`;
  const until = untilOf(fault) === undefined ? "the end" : secondsText(endUs(fault, horizonUs));
  return `from ${secondsText(fault.atUs)} to ${until}`;
}

/** When, as it is written on the band while it is dragged: "12.000–20.000 s". */
export function faultTimesBrief(fault: FaultSpec, horizonUs: number): string {
  if (isInstant(fault)) return secondsText(fault.atUs);
  return `${secondsText(fault.atUs).slice(0, -2)}–${secondsText(endUs(fault, horizonUs))}`;
}
