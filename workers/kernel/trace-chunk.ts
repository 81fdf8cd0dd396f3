/**
 * Rows on their way between threads: a run of rows cut out of a trace, as one array that can be
 * transferred. A live run reports thousands of times, mostly a few rows, and many small buffers a
 * message cost more than all else. Made by `Trace.chunk`, read row after row by `ChunkReader`.
 */
import {
  AT,
  CAUSE,
  floatAt,
  HEAD,
  hasPayload,
  kindIn,
  MESSAGE,
  modeIn,
  PEER,
  PROCESS,
  ROW_WORDS,
  signalIn,
  VALUE_AT,
  VALUE_WORD,
  VALUE_ZERO,
  valueLengthIn,
} from "./row.ts";

export interface TraceChunk {
  readonly rowCount: number;
  /** The rows (row.ts), then their side words, then the epochs, then the hashes of `payloads`. */
  readonly words: Uint32Array;
  readonly sideLength: number;
  /** Two words an epoch: the first row that it covers, counted in this chunk, and the upper half of its times. */
  readonly epochLength: number;
  /** Payloads numbered from `payloadFirst`; rows refer to them by the number in the whole trace. */
  readonly payloadFirst: number;
  readonly payloads: readonly unknown[];
}

/** Goes through a chunk's rows: `next` moves to a row, the fields tell of it. */
export class ChunkReader {
  at = 0;
  kind = 0;
  signal = 0;
  process = 0;
  peer = 0;
  message = 0;
  cause = 0;
  value = 0;
  /** Number of the payload in the whole trace; 0 = none. */
  payload = 0;
  readonly #chunk: TraceChunk;
  #row = -1;
  #side: number;
  #epoch: number;
  #epochUs = 0;

  constructor(chunk: TraceChunk) {
    this.#chunk = chunk;
    this.#side = chunk.rowCount * ROW_WORDS;
    this.#epoch = this.#side + chunk.sideLength;
  }

  /** Moves to the next row, first to the first; false past the last. */
  next(): boolean {
    const row = ++this.#row;
    const { words, rowCount, sideLength, epochLength } = this.#chunk;
    if (row >= rowCount) return false;
    const epochEnd = rowCount * ROW_WORDS + sideLength + epochLength;
    if (this.#epoch < epochEnd && words[this.#epoch] === row) {
      this.#epochUs = (words[this.#epoch + 1] as number) * 2 ** 32;
      this.#epoch += 2;
    }
    const first = row * ROW_WORDS;
    const head = words[first + HEAD] as number;
    this.at = this.#epochUs + (words[first + AT] as number);
    this.kind = kindIn(head);
    this.signal = signalIn(head);
    this.process = words[first + PROCESS] as number;
    this.peer = words[first + PEER] as number;
    this.message = words[first + MESSAGE] as number;
    this.cause = words[first + CAUSE] as number;
    this.value = this.#takeValue(head);
    this.payload = hasPayload(head) ? (words[this.#side++] as number) : 0;
    return true;
  }

  #takeValue(head: number): number {
    const mode = modeIn(head);
    const at = this.#side;
    this.#side += valueLengthIn(head);
    if (mode === VALUE_ZERO) return 0;
    if (mode === VALUE_AT) return this.at;
    const { words } = this.#chunk;
    return mode === VALUE_WORD ? (words[at] as number) : floatAt(words, at);
  }
}

/** The hash of a payload that a chunk carries, by its place in `payloads`. */
export function hashIn(chunk: TraceChunk, place: number): number {
  const { words, rowCount, sideLength, epochLength } = chunk;
  return words[rowCount * ROW_WORDS + sideLength + epochLength + place] ?? 0;
}
