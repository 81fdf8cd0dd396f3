import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import {
  CAPSTONE,
  findLesson,
  LESSONS,
  lessonFolder,
  PARTS,
  partName,
  titleParts,
} from "../../lessons/catalog.ts";
import { PROSE } from "../../lessons/prose.ts";

const folderOf = (lesson: (typeof LESSONS)[number], file: string) =>
  new URL(`../../lessons/${lessonFolder(lesson)}/${file}`, import.meta.url);

test("the course has 28 lessons in six parts, numbered in order, and a capstone after them", () => {
  expect(LESSONS.map(({ number }) => number)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
  expect(PARTS.map(({ lessons }) => lessons.length)).toEqual([3, 3, 6, 7, 6, 3]);
  expect(PARTS.flatMap(({ lessons }) => lessons)).toEqual(LESSONS);
  expect(CAPSTONE.number).toBe(29);
});

test("ids and addresses are unique", () => {
  const all = [...LESSONS, CAPSTONE];
  expect(new Set(all.map(({ id }) => id)).size).toBe(29);
  expect(new Set(all.map(({ slug }) => slug)).size).toBe(29);
});

test("minutes on one's own add up to the course specification's 1,600 and 180", () => {
  const minutes = PARTS.map(({ lessons }) => lessons.reduce((sum, it) => sum + it.minutesSelf, 0));
  expect(minutes).toEqual([145, 170, 340, 400, 365, 180]);
  expect(CAPSTONE.minutesSelf).toBe(180);
});

test("minutes in class add up to 240 with 28 for breaks, opening and closing", () => {
  expect(LESSONS.reduce((sum, { minutesClass }) => sum + minutesClass, 0)).toBe(240 - 28);
});

test("every written lesson has its folder, text, objectives and exercises, and no other has text", () => {
  const written = LESSONS.filter(({ status }) => status === "written");
  expect(written.length).toBeGreaterThan(0);
  expect(Object.keys(PROSE)).toEqual(written.map(({ slug }) => slug));
  for (const lesson of written) {
    expect(existsSync(folderOf(lesson, "lesson.mdx")), lesson.id).toBe(true);
    expect(existsSync(folderOf(lesson, "meta.ts")), lesson.id).toBe(true);
    expect(lesson.objectives.length, lesson.id).toBeGreaterThan(0);
    expect(lesson.exercises.length, lesson.id).toBeGreaterThan(0);
  }
});

test("a lesson is found by its address, written or coming; another address is none", () => {
  expect(findLesson("first-messages")?.id).toBe("L01");
  expect(findLesson("retries")?.status).toBe("coming");
  expect(findLesson("capstone")?.id).toBe("C");
  expect(findLesson("nowhere")).toBeUndefined();
});

test("a lesson says its part and the two halves of its title", () => {
  expect(partName({ part: 1 })).toBe("Part 1 · Foundations");
  expect(partName({ part: "capstone" })).toBe("Capstone");
  expect(titleParts({ title: "Seeing: logs, metrics, traces" })).toEqual({
    name: "Seeing",
    about: "logs, metrics, traces",
  });
  expect(titleParts({ title: "Many regions" })).toEqual({ name: "Many regions", about: undefined });
});
