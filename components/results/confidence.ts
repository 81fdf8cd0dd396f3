import type { Confidence } from "../../workers/reproduce/reproduction.ts";

/** How sure we are of what a source says: a word beside the letter, and what the word stands for. */
export const CONFIDENCES: readonly {
  readonly letter: Confidence;
  readonly word: string;
  readonly meaning: string;
}[] = [
  { letter: "P", word: "primary", meaning: "We read it in the primary text or code." },
  { letter: "S", word: "second hand", meaning: "We read it where others quote it." },
  {
    letter: "M",
    word: "memory",
    meaning: "It is known from the literature; we did not read it again.",
  },
  { letter: "F", word: "formula", meaning: "It is a closed form that can be proved." },
];

export function wordFor(confidence: Confidence): string {
  return CONFIDENCES.find(({ letter }) => letter === confidence)?.word ?? "";
}
