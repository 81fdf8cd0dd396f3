import { describe, expect, it } from "vitest";
import {
  breakLine,
  type Edit,
  indent,
  offsetOf,
  outdent,
} from "../../../components/editor/plain-typing.ts";

/** A text with its selection drawn in: "a[b]c"; "|" is a caret. */
function selected(drawn: string) {
  const text = drawn.replace(/[[\]|]/g, "");
  const caret = drawn.indexOf("|");
  if (caret >= 0) return { text, start: caret, end: caret };
  return { text, start: drawn.indexOf("["), end: drawn.indexOf("]") - 1 };
}

function after(drawn: string, edit: (of: ReturnType<typeof selected>) => Edit): string {
  const before = selected(drawn);
  const { from, to, insert, select } = edit(before);
  const text = before.text.slice(0, from) + insert + before.text.slice(to);
  const [start, end] = select;
  if (start === end) return `${text.slice(0, start)}|${text.slice(start)}`;
  return `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;
}

describe("keys of the plain editor", () => {
  it.each([
    ["Tab at a caret", indent, "a|b", "a  |b"],
    ["Tab over a word replaces it", indent, "a[word]b", "a  |b"],
    [
      "Tab over lines moves all that hold something",
      indent,
      "a\n[b\n\nc]\nd",
      "a\n  [b\n\n  c]\nd",
    ],
    ["Shift-Tab takes what there is", outdent, "    [a\n b\nc]", "  [a\nb\nc]"],
    ["Shift-Tab at a margin of nothing", outdent, "|a", "|a"],
    ["Enter keeps the margin", breakLine, "  a|", "  a\n  |"],
    ["Enter after a bracket goes further", breakLine, "  f({|", "  f({\n    |"],
    ["Enter in a margin keeps what is before", breakLine, " |  a", " \n |  a"],
  ] as const)("%s", (_, key, before, expected) => {
    expect(after(before, (of) => key(of))).toBe(expected);
  });
});

describe("places", () => {
  it.each([
    [1, 1, 0],
    [2, 2, 4],
    [2, 99, 5],
    [9, 1, 6],
  ])("line %i, column %i", (line, column, expected) => {
    expect(offsetOf("ab\ncd\n", line, column)).toBe(expected);
  });
});
