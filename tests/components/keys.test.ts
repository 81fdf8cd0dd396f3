import { expect, test } from "vitest";
import { shareAfterKey } from "../../components/ui/splits.ts";
import { tabAfterKey } from "../../components/ui/tabs.tsx";

test.each([
  ["ArrowRight", 2, 0],
  ["ArrowLeft", 0, 2],
  ["Home", 2, 0],
  ["End", 0, 2],
  ["x", 1, undefined],
])("%s leads from tab %i of three to %s", (key, at, to) => {
  expect(tabAfterKey(key, at, 3)).toBe(to);
});

test.each([
  ["ArrowRight", false, 52],
  ["ArrowUp", true, 40],
  ["PageDown", false, 60],
  ["Home", false, 0],
  ["End", false, 100],
  ["Tab", false, undefined],
])("%s (Shift: %s) moves a divider at 50 to %s", (key, isShift, share) => {
  expect(shareAfterKey(key, isShift, 50)).toBe(share);
});
