import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { STAGE, toneOf } from "../../components/flow/palette.ts";
import { SIGNAL } from "../../workers/kernel/trace.ts";

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");

const THEMES = ["light", "dark"] as const;
type ThemeName = (typeof THEMES)[number];

/** A token's colour in a theme; the stylesheet writes each once, as one value or a pair. */
function colour(token: string, theme: ThemeName): string {
  const value = new RegExp(`--${token}: ([^;]+);`).exec(css)?.[1] ?? "";
  const pair = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/.exec(value);
  const found = pair ? (theme === "light" ? pair[1] : pair[2]) : /^#[0-9a-f]{6}$/.exec(value)?.[0];
  if (found === undefined) throw new Error(`--${token} is not a colour: "${value}"`);
  return found;
}

/** WCAG 2.2's relative luminance of #rrggbb, 0 to 1. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((channel) =>
    channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const PAPERS = ["paper", "paper-raised", "paper-sunk"];
const TEXTS = ["ink", "ink-soft", "ink-faint", "accent", "accent-strong", "look-ink"];

const text: readonly (readonly [string, string])[] = [
  ...TEXTS.flatMap((ink) => PAPERS.map((paper) => [ink, paper] as const)),
  ...["keyword", "string", "number", "atom", "comment"].map(
    (kind) => [`code-${kind}`, "paper-raised"] as const,
  ),
  ["accent-contrast", "accent"],
  ["accent-contrast", "accent-strong"],
  ["accent-strong", "accent-wash"],
  ["ink", "accent-wash"],
  ["ink", "look-wash"],
  ["ink-soft", "look-wash"],
  ["look-ink", "look-wash"],
  ["stage-text", "stage-ground"],
  ["stage-text", "stage-card"],
  ["stage-strong", "stage-card"],
  ["stage-faint", "stage-ground"],
  ["stage-faint", "stage-card"],
  ["stage-amber", "stage-ground"],
];

const SIGNALS = ["call", "reply", "cast", "info", "down", "exit", "timer"] as const;

const marks: readonly (readonly [string, string])[] = [
  ...PAPERS.map((paper) => ["edge", paper] as const),
  ["edge", "look-wash"],
  ["accent", "paper"],
  ["look", "paper"],
  ["look", "look-wash"],
  ["stage-accent", "stage-ground"],
  ...SIGNALS.map((kind) => [`signal-${kind}`, "stage-ground"] as const),
];

describe.each(THEMES)("in the %s theme", (theme) => {
  test.each(text)("text %s on %s is read at 4.5:1", (ink, ground) => {
    expect(contrast(colour(ink, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(marks)("mark %s on %s is seen at 3:1", (mark, ground) => {
    expect(contrast(colour(mark, theme), colour(ground, theme))).toBeGreaterThanOrEqual(3);
  });
});

describe("the stage's tokens are what the stage draws with", () => {
  test.each(SIGNALS)("signal %s", (kind) => {
    expect(colour(`signal-${kind}`, "light")).toBe(toneOf(SIGNAL[kind]).colour);
  });

  test.each(["ground", "card", "well", "line", "faint", "text", "strong", "amber"] as const)(
    "stage %s",
    (name) => {
      expect(colour(`stage-${name}`, "dark")).toBe(STAGE[name]);
    },
  );
});
