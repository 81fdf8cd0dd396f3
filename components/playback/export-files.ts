/** A run's trace as files for other tools. What writes them is loaded when one is asked for. */
import type { Trace } from "../../workers/kernel/trace.ts";

export interface ExportForm {
  readonly id: "jsonl" | "chrome" | "shiviz";
  readonly label: string;
  /** What it is good for, in a few words. */
  readonly hint: string;
  /** How the file's name ends. */
  readonly ending: string;
}

export const EXPORT_FORMS: readonly ExportForm[] = [
  { id: "jsonl", label: "JSON Lines", hint: "every row, for your own tools", ending: ".jsonl" },
  { id: "chrome", label: "Chrome trace", hint: "for Perfetto", ending: ".trace.json" },
  { id: "shiviz", label: "ShiViz log", hint: "with vector clocks", ending: ".shiviz.log" },
];

/** The longest name of a file, without its ending. */
const NAME_MAX = 120;

/** Characters that are put together before the page is given time for something else. */
const PIECE_LENGTH = 1_000_000;

/** A file's name from a run's: letters, digits, dots and dashes. */
export function fileNameOf(runName: string, { ending }: ExportForm): string {
  const plain = runName.replaceAll(/[^A-Za-z0-9.]+/g, "-").replaceAll(/^[-.]+|-+$/g, "");
  return `${plain.slice(0, NAME_MAX) || "run"}${ending}`;
}

/** The file. Undefined when `isWanted` says no before it is done. */
export async function exportedFile(
  trace: Trace,
  runName: string,
  form: ExportForm,
  isWanted: () => boolean = () => true,
): Promise<Blob | undefined> {
  const lines = await linesOf(trace, runName, form);
  const pieces: string[] = [];
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_LENGTH) continue;
    pieces.push(piece);
    piece = "";
    await new Promise((resolve) => setTimeout(resolve));
    if (!isWanted()) return undefined;
  }
  return new Blob([...pieces, piece], { type: "text/plain" });
}

async function linesOf(
  trace: Trace,
  runName: string,
  { id }: ExportForm,
): Promise<Generator<string>> {
  const { exportChrome, exportJsonl, exportShiviz } = await import("../../workers/trace/index.ts");
  switch (id) {
    case "jsonl":
      return exportJsonl(trace, runName);
    case "chrome":
      return exportChrome(trace, runName);
    case "shiviz":
      return exportShiviz(trace);
  }
}
