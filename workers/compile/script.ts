/**
 * Text under construction: pieces of our own and slices of the files' JavaScript, in any order,
 * and the map that follows from them. Slices were preferred to edits in place, since lowering moves
 * code out of code that itself moves.
 */
import { Lines } from "./lines.ts";

/** A stretch of a file's JavaScript; `text` if something else is written in its place. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  readonly text?: string;
}

export type Piece = string | Slice;

/** A segment of a source map: column in the script, alone or with file, line and column from 0. */
export type Segment = [number] | [number, number, number, number];

/** Collects the script and its map. */
export class Script {
  readonly mappings: Segment[][] = [[]];
  #text = "";
  #column = 0;

  get text(): string {
    return this.#text;
  }

  /** Adds text of our own, which maps to nothing. */
  add(text: string): void {
    if (text === "") return;
    this.#segment([this.#column]);
    this.#advance(text, () => {});
  }

  /** Adds the pieces of file number `file`, whose JavaScript is `code`. */
  addPieces(pieces: readonly Piece[], file: number, code: string): void {
    const lines = new Lines(code);
    for (const piece of pieces) {
      if (typeof piece === "string") this.add(piece);
      else this.#addSlice(piece, file, code, lines);
    }
  }

  #addSlice({ from, to, text }: Slice, file: number, code: string, lines: Lines): void {
    let line = lines.lineAt(from);
    this.#segment([this.#column, file, line, lines.columnAt(from)]);
    if (text !== undefined) return this.#advance(text, () => {});
    this.#advance(code.slice(from, to), () => {
      line += 1;
      this.#segment([0, file, line, 0]);
    });
  }

  #segment(segment: Segment): void {
    const line = this.mappings[this.mappings.length - 1] as Segment[];
    if (line.at(-1)?.[0] === segment[0]) line.pop();
    line.push(segment);
  }

  #advance(text: string, onLine: () => void): void {
    this.#text += text;
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      start = end + 1;
      this.#column = 0;
      this.mappings.push([]);
      onLine();
    }
    this.#column += text.length - start;
  }
}
