/** mailboxMax: the longest mailbox of a role. Pattern: `overflow` { role, length, bound }. */

import { evidence, type Findings } from "./finding.ts";
import type { CheckSpec } from "./spec.ts";
import type { Story } from "./story.ts";

type Spec = Extract<CheckSpec, { check: "mailboxMax" }>;

export function mailboxMax(story: Story, spec: Spec): Findings {
  let longest = { length: 0, at: 0 };
  for (const process of story.named(spec.role)) {
    if (process.mailboxLengthMax > longest.length) {
      longest = { length: process.mailboxLengthMax, at: process.mailboxLengthMaxAt };
    }
  }
  const measured = { value: longest.length };
  if (longest.length <= spec.bound) return { measured };
  const { role, bound } = spec;
  return {
    measured,
    ...evidence(story, "mailboxMax", "overflow", longest.at, {
      role,
      length: longest.length,
      bound,
    }),
  };
}
