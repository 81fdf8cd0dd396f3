/** What Tab and Enter do in the plain editor: pure, from a text and its selection to an edit. */

export interface Selected {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Replaces `from` to `to` by `insert`, then selects. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly select: readonly [start: number, end: number];
}

const INDENT = "  ";

/** Tab: two spaces at the caret, or before every selected line. */
export function indent({ text, start, end }: Selected): Edit {
  if (!text.slice(start, end).includes("\n")) {
    const at = start + INDENT.length;
    return { from: start, to: end, insert: INDENT, select: [at, at] };
  }
  return overLines({ text, start, end }, (line) => (line === "" ? line : INDENT + line));
}

/** Shift and Tab: takes up to two spaces from the beginning of every line touched. */
export function outdent(selected: Selected): Edit {
  return overLines(selected, (line) => line.replace(/^ {1,2}/, ""));
}

/** Enter: the new line begins where the old one did, two further after an opening bracket. */
export function breakLine({ text, start, end }: Selected): Edit {
  const line = text.slice(lineStart(text, start), start);
  const margin = /^ */.exec(line)?.[0] ?? "";
  const insert = `\n${margin}${/[([{]\s*$/.test(line) ? INDENT : ""}`;
  const at = start + insert.length;
  return { from: start, to: end, insert, select: [at, at] };
}

/** Where a place (line and column from 1) is in a text; the nearest there is. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return Math.min(start + column - 1, end < 0 ? text.length : end);
}

function overLines({ text, start, end }: Selected, change: (line: string) => string): Edit {
  const from = lineStart(text, start);
  const after = text.indexOf("\n", Math.max(start, end - 1));
  const to = after < 0 ? text.length : after;
  const lines = text.slice(from, to).split("\n");
  const changed = lines.map(change);
  const insert = changed.join("\n");
  const firstBy = (changed[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  const by = insert.length - (to - from);
  return { from, to, insert, select: [Math.max(from, start + firstBy), Math.max(from, end + by)] };
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}
