/** What a section of the bench gives, and the arithmetic that all of them share. */

/** One line of the bench's output. `unit` is "ratio" for what can be compared between machines. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The middle value; of an even count the upper one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** Three digits: what a noisy machine can be asked for. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
