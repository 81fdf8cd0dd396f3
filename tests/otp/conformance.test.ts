/**
 * Every scenario that was recorded on the real Erlang/OTP, on our engine, under 20 schedules each.
 * `npm run conformance` says more about one that fails.
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "./conformance/judge.ts";
import { readRecordings } from "./conformance/recording.ts";

const SEED_COUNT = 20;

const recordings = readRecordings(join(import.meta.dirname, "recorded"));

it("finds the recordings", () => {
  expect(recordings.length).toBeGreaterThan(400);
});

describe.each([...new Set(recordings.map(({ topic }) => topic))])("%s", (topic) => {
  const those = recordings.filter((recording) => recording.topic === topic);

  it.each(those)("$id: $title", (recording) => {
    expect(judge(recording, SEED_COUNT)).toEqual({ kind: "passed" });
  });
});
