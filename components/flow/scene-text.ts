/** A scene in words: what a reader who does not see the stage is told, and what tests compare. */

import { secondsText } from "../playback/time-text.ts";
import type { ChipScene, Scene } from "./scene.ts";

/** Counts with thousands separated, the same in every locale. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The whole frame, a line for each thing in it. */
export function sceneText(scene: Scene, nodeName: (node: number) => string): string {
  const lines = [`at ${secondsText(scene.at)}`];
  for (const node of scene.nodes) {
    const state = node.up
      ? `${Math.round(node.busy * 10) / 10} of ${node.cores} cores busy`
      : "down";
    lines.push(`node ${nodeName(node.node)}: ${state}`);
    for (const chip of scene.chips)
      if (chip.box.node === node.node) lines.push(`  ${chipText(chip)}`);
  }
  for (const lane of scene.lanes) {
    const ends = `${nodeName(lane.from)} to ${nodeName(lane.to)}`;
    lines.push(
      `wire ${ends}: ${lane.inFlight} under way, ${countText(lane.perSecond)} in the last second`,
    );
  }
  lines.push(totalsText(scene));
  return lines.join("\n");
}

/** One sentence for a live region. */
export function sceneSummary(scene: Scene): string {
  const busiest = scene.chips.reduce<ChipScene | undefined>(
    (most, chip) => (chip.depth > (most?.depth ?? 0) ? chip : most),
    undefined,
  );
  const crowd = scene.chips.find((chip) => chip.gaveUp > 0);
  const parts = [
    busiest === undefined
      ? "no message waits"
      : `${countText(busiest.depth)} wait at ${busiest.title}`,
    `${countText(scene.inFlight)} in flight`,
  ];
  if (crowd !== undefined) parts.push(`${countText(crowd.gaveUp)} gave up`);
  if (scene.lost > 0) parts.push(`${countText(scene.lost)} lost`);
  return `${secondsText(scene.at)}: ${parts.join(", ")}.`;
}

/** What a chip shows, in words. */
export function chipText(chip: ChipScene): string {
  if (chip.box.many) {
    const gaveUp = chip.gaveUp > 0 ? `, ${countText(chip.gaveUp)} gave up` : "";
    return `${plural(chip.title)}: ${countText(chip.alive)} alive, ${countText(chip.waiting)} waiting on a call${gaveUp}`;
  }
  const stale = chip.stale > 0 ? `, of ${countText(chip.stale)} the caller gave up` : "";
  return `${chip.title}: ${statusText(chip)}, ${countText(chip.depth)} in the mailbox${stale}`;
}

export function statusText(chip: ChipScene): string {
  switch (chip.status) {
    case "unborn":
      return "not started";
    case "idle":
      return "idle";
    case "running":
      return chip.isShare ? `busy ${Math.round(chip.work * 100)} %` : "working";
    case "waiting":
      return "in a call";
    case "dead":
      return "ended";
  }
}

function totalsText(scene: Scene): string {
  return `sent ${countText(scene.sent)}, delivered ${countText(scene.delivered)}, in flight ${countText(scene.inFlight)}, lost ${countText(scene.lost)}`;
}

/** `customers` for the crowd of a load called `customer`. */
export function plural(title: string): string {
  return /s$/.test(title) ? title : `${title}s`;
}
