/** What `npm run conformance` prints: a table by topic, then each scenario that was missed. */
import type { Verdict } from "./judge.ts";
import type { Recording } from "./recording.ts";

export interface Judged {
  readonly recording: Recording;
  readonly verdict: Verdict;
}

/** Rows of topic, scenarios, passed, failed and unsupported, with their sums in the last. */
export function table(judged: readonly Judged[]): string {
  const topics = [...new Set(judged.map(({ recording }) => recording.topic))].sort();
  const rowOf = (name: string, those: readonly Judged[]) => {
    const count = (kind: Verdict["kind"]) =>
      those.filter(({ verdict }) => verdict.kind === kind).length;
    return [name, those.length, count("passed"), count("failed"), count("unsupported")].map(String);
  };
  const rows = [
    ["topic", "scenarios", "passed", "failed", "unsupported"],
    ...topics.map((topic) =>
      rowOf(
        topic,
        judged.filter(({ recording }) => recording.topic === topic),
      ),
    ),
    rowOf("all", judged),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ");
  return rows.map(line).join("\n");
}

/** A missed scenario in a few lines; "" for one that passed. */
export function missed({ recording, verdict }: Judged, seedCount: number): string {
  const head = `${recording.id} (${recording.topic}): ${recording.title}\n  why: ${recording.why}`;
  switch (verdict.kind) {
    case "passed":
      return "";
    case "unsupported":
      return `${head}\n  unsupported: ${verdict.missing.join(", ")}`;
    case "failed": {
      const { path, expected, actual } = verdict.difference;
      return `${head}\n  seed ${verdict.seed} (${verdict.failedCount} of ${seedCount} failed), at ${path}\n  expected ${expected}\n  actual   ${actual}`;
    }
  }
}
