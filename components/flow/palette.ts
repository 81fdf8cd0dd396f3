/**
 * The stage's own colours. The stage is dark in both themes, so these are fixed: Okabe and Ito's
 * set on #0f1720, on which each has at least 3:1. A shape always goes with a colour.
 */

import { SIGNAL } from "../../workers/kernel/trace.ts";

export const STAGE = {
  ground: "#0f1720",
  card: "#151f2a",
  cardEdge: "#2a3948",
  well: "#0c131b",
  line: "#3a4b5c",
  faint: "#8496a8",
  text: "#c9d4de",
  strong: "#f2f6f9",
  amber: "#f5b83d",
  work: "#f2f6f9",
} as const;

export type Shape = "circle" | "square" | "triangle" | "diamond" | "crossbox";

export interface Tone {
  readonly shape: Shape;
  readonly colour: string;
  readonly word: string;
}

const OTHER: Tone = { shape: "diamond", colour: "#cc79a7", word: "message" };

/** How each kind of message looks, by its number in the trace; read with `toneOf`. */
const TONES: Readonly<Record<number, Tone>> = {
  [SIGNAL.call]: { shape: "circle", colour: "#56b4e9", word: "call" },
  [SIGNAL.reply]: { shape: "square", colour: "#e69f00", word: "reply" },
  [SIGNAL.cast]: { shape: "triangle", colour: "#f0e442", word: "cast" },
  [SIGNAL.info]: { shape: "diamond", colour: "#cc79a7", word: "message" },
  [SIGNAL.down]: { shape: "crossbox", colour: "#e8743b", word: "down" },
  [SIGNAL.exit]: { shape: "crossbox", colour: "#e8743b", word: "exit" },
  [SIGNAL.timer]: { shape: "diamond", colour: "#35b597", word: "timer" },
};

/** The look of a signal; an unknown one looks like a plain message. */
export function toneOf(signal: number): Tone {
  return TONES[signal] ?? OTHER;
}

/** `#rrggbb` as the opaque 32-bit word of a little-endian canvas: 0xAABBGGRR. */
export function packed(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  const swapped = ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16);
  return (0xff000000 | swapped) >>> 0;
}
