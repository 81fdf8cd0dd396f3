/** What lies along a curve. The rows name it in words for each number; a picture needs it once. */

type Names = string | Readonly<Record<string, string>>;

/** By result; by series where a result has curves along different things. */
const NAMES: Readonly<Record<string, Names>> = {
  R1: "clients",
  R2: "layers",
  R4: "share of calls that fail",
  R5: "requests/s",
  R9: {
    "load for 1 % blocked": "lines",
    "mean time, exponential service": "share of time busy",
    "p99, exponential service": "share of time busy",
  },
  R10: "share of time busy",
  R12: "points a server",
  R14: "members",
  R15: { residue: "k", rounds: "sites" },
  R18: "K",
  R21: "φ",
  R22: "share of messages lost",
};

/** What the x of a series is; undefined when nobody has named it. */
export function axisName(id: string, series: string): string | undefined {
  const names = NAMES[id];
  return typeof names === "string" ? names : names?.[series];
}
