/** Figures as the lesson's sentences write them. */

/** 2392 → "2,392". By hand, since a browser's locale must not change a verdict's words. */
export function count(value: string | number | undefined): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "9 ms" below a second, "2.1 s" from there on. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
