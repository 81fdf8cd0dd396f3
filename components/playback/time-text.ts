/** Times and speeds as the interface writes them. */

/** `32.415 s`: seconds with three places, always of one width for one order of magnitude. */
export function secondsText(us: number): string {
  return `${(Math.floor(us / 1000) / 1000).toFixed(3)} s`;
}

/** `20.013417`: seconds to the microsecond, for lists in which instants must differ. */
export function preciseText(us: number): string {
  return (us / 1_000_000).toFixed(6);
}

/** A length of time in the unit that suits it: `350 µs`, `10 ms`, `5 s`. */
export function durationText(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${trimmed(us / 1000)} ms`;
  return `${trimmed(us / 1_000_000)} s`;
}

/** `1/50×` or `5×`. */
export function speedText(speed: number): string {
  return speed < 1 ? `1/${Math.round(1 / speed)}×` : `${speed}×`;
}

function trimmed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
