/** Which chips stand on the cards: those that the trace has shown, and those still expected. */

import type { ChipNeed } from "./layout.ts";
import type { TraceIndex } from "./trace-index.ts";

/**
 * Crowds first, then pinned names in the lesson's order, then by first appearance. Before a run, or
 * until it has spawned something, the expected chips stand in, so the stage does not jump.
 */
export function slotChips(
  index: TraceIndex,
  expected: readonly ChipNeed[],
  pinned: readonly string[],
): readonly ChipNeed[] {
  const shown = index.slots
    .filter((slot) => slot.members > 0)
    .map(({ index: slot, node, title, many }) => ({ slot, node, title, many }));
  const absent = expected.filter(
    (chip) => !shown.some((slot) => slot.node === chip.node && slot.title === chip.title),
  );
  // Starts may carry other labels than their function's name; once the node lives, the trace knows best.
  const waiting = absent.filter(
    (chip) => chip.many || !shown.some((slot) => slot.node === chip.node),
  );
  return [...shown, ...waiting]
    .map((chip, i) => ({ chip, i, rank: rankOf(chip, pinned) }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({ chip }) => chip);
}

function rankOf(chip: ChipNeed, pinned: readonly string[]): number {
  if (chip.many) return chip.title.startsWith("more ") ? pinned.length + 2 : 0;
  const place = pinned.indexOf(chip.title);
  return place >= 0 ? place + 1 : pinned.length + 1;
}
