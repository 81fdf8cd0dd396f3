/** L01: every solution passes on all seeds, no starter does, every wrong solution fails as it should. */
import { describe, expect, it } from "vitest";
import { exercise as freeTill } from "../../lessons/01-first-messages/exercises/free-till/exercise.ts";
import { wrong as freeTillWrong } from "../../lessons/01-first-messages/exercises/free-till/wrong.ts";
import { exercise as predict } from "../../lessons/01-first-messages/exercises/predict/exercise.ts";
import { wrong as predictWrong } from "../../lessons/01-first-messages/exercises/predict/wrong.ts";
import { exercise as till } from "../../lessons/01-first-messages/exercises/till/exercise.ts";
import { wrong as tillWrong } from "../../lessons/01-first-messages/exercises/till/wrong.ts";
import { readBeliefs } from "../../server/lesson-files.ts";
import { grade } from "./grade.ts";

const LESSON = "01-first-messages";
const EXERCISES = [
  { folder: "till", exercise: till, wrong: tillWrong },
  { folder: "free-till", exercise: freeTill, wrong: freeTillWrong },
  { folder: "predict", exercise: predict, wrong: predictWrong },
];

describe.each(EXERCISES)("L01 $exercise.title", ({ folder, exercise, wrong }) => {
  const killed = new Set<string>();

  it.each(["solution", "solution-b"] as const)(
    "%s passes on all seeds",
    (variant) => {
      const verdict = grade(LESSON, folder, exercise, variant);
      expect(verdict.checks.filter((check) => !check.passed)).toEqual([]);
      for (const check of verdict.checks) expect(check.seedsPassed).toBe(check.seedsRun);
      expect(verdict.outcome).toBe("passed");
    },
    120_000,
  );

  it("the starter does not pass", () => {
    expect(grade(LESSON, folder, exercise, "starter", 20).outcome).toBe("failed");
  }, 120_000);

  it("every wrong solution says what it must fail, and the other way round", () => {
    expect(Object.keys(wrong).sort()).toEqual(readBeliefs(LESSON, folder));
  });

  it.each(Object.entries(wrong))(
    "the belief %s fails its check with its message",
    (belief, { check, says }) => {
      const verdict = grade(LESSON, folder, exercise, `wrong/${belief}`, 20);
      const failed = verdict.checks
        .filter(({ passed }) => !passed)
        .map((found) => [found.check, found.failure?.sentence]);
      for (const [name] of failed) killed.add(String(name));
      expect(failed.map(([name]) => name)).toContain(check);
      expect(failed.find(([name]) => name === check)?.[1]).toMatch(says);
    },
    120_000,
  );

  it("every check is failed by some of those wrong solutions", () => {
    expect(exercise.checks.map(({ check }) => check).filter((check) => !killed.has(check))).toEqual(
      [],
    );
  });
});
