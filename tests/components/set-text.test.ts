import { expect, test } from "vitest";
import { setText } from "../../components/lesson/set-text.tsx";

test.each([
  ["at 20 s the rush", "at 20\u00a0s the rush"],
  ["5,000 ms, within 15 %.", "5,000\u00a0ms, within 15\u00a0%."],
  ["60 sales, 3 hours", "60 sales, 3 hours"],
  ["the till's mailbox", "the till’s mailbox"],
  ["'quoted'", "'quoted'"],
])("%s", (written, set) => {
  expect(setText(written)).toEqual([set]);
});
