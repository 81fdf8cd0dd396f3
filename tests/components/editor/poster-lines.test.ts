import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { posterLines } from "../../../components/editor/poster-lines.ts";

const LESSON = "lessons/01-first-messages/scaffold";
const textOf = (lines: ReturnType<typeof posterLines>) =>
  lines.map((tokens) => tokens.map(({ text }) => text).join("")).join("\n");

describe("the poster", () => {
  it.each(readdirSync(LESSON))("shows every letter of %s in its line", (name) => {
    const text = readFileSync(join(LESSON, name), "utf8");
    expect(textOf(posterLines(text, name))).toBe(text);
  });

  it("carries a comment over lines", () => {
    const lines = posterLines("/* a\n b */ let x: number;", "a.ts");
    expect(lines.map((tokens) => tokens[0]?.kind)).toEqual(["comment", "comment"]);
    expect(lines[1]?.find(({ text }) => text === "number")?.kind).toBe("keyword");
  });

  it("has one line for no text", () => {
    expect(posterLines("", "a.ts")).toEqual([[]]);
  });
});
