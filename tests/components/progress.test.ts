// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import {
  lessonProgress,
  lessonToContinue,
  recordProgress,
  storedProgress,
} from "../../components/lesson/progress.ts";
import { meta } from "../../lessons/01-first-messages/meta.ts";
import { LESSONS } from "../../lessons/catalog.ts";

beforeEach(() => storedProgress.write({}));

test("an exercise tried and then passed is passed, and a later failure takes nothing away", () => {
  recordProgress("L01", "E1", "tried");
  expect(storedProgress.read()).toEqual({ L01: { E1: "tried" } });
  recordProgress("L01", "E1", "passed");
  recordProgress("L01", "E1", "tried");
  expect(storedProgress.read()).toEqual({ L01: { E1: "passed" } });
});

test("what somebody else left in storage is read for what is ours", () => {
  localStorage.setItem(
    "steady-state:progress",
    JSON.stringify({ L01: { E1: "passed", E2: "won" }, L02: 4 }),
  );
  window.dispatchEvent(new StorageEvent("storage", { key: null }));
  const stop = storedProgress.subscribe(() => undefined);
  window.dispatchEvent(new StorageEvent("storage", { key: null }));
  expect(storedProgress.read()).toEqual({ L01: { E1: "passed" } });
  stop();
});

test("a lesson is untouched, begun, then passed", () => {
  expect(lessonProgress(meta, {})).toEqual({ kind: "untouched" });
  expect(lessonProgress(meta, { L01: { E1: "passed", E2: "tried" } })).toEqual({
    kind: "begun",
    passedCount: 1,
    exerciseCount: 3,
  });
  expect(lessonProgress(meta, { L01: { E1: "passed", E2: "passed", E3: "passed" } })).toEqual({
    kind: "passed",
  });
});

test("one goes on with the first written lesson not yet passed, else with the last written", () => {
  const passed = { L01: { E1: "passed", E2: "passed", E3: "passed" } } as const;
  const second = { ...meta, id: "L02", number: 2, slug: "second" } as const;
  expect(lessonToContinue(LESSONS, {})?.id).toBe("L01");
  expect(lessonToContinue([meta, second], passed)?.id).toBe("L02");
  expect(lessonToContinue([meta], passed)?.id).toBe("L01");
  expect(lessonToContinue([], {})).toBeUndefined();
});
