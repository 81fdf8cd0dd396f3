/** How a check says what it found. */
import type { CheckName } from "./spec.ts";
import type { Story } from "./story.ts";
import type { Evidence, Finding } from "./verdict.ts";

/** What a check returns for one run: empty when it is content and measures nothing. */
export type Findings = Finding;

/** An objection, with the moment to jump to. */
export function evidence(
  story: Story,
  check: CheckName,
  pattern: string,
  atUs: number,
  values: Evidence["values"],
): Findings {
  return { evidence: { check, pattern, seed: story.seed, atUs, values } };
}
