/**
 * noLeak: at the end nothing is left over but what the scenario itself started. Patterns:
 * `process` { label, count }, `message` { role, count }, `timer` { count }.
 */
import { evidence, type Findings } from "./finding.ts";
import type { Story } from "./story.ts";

export function noLeak(story: Story): Findings {
  const living = [...story.processes.values()].filter((process) => process.endedAt === undefined);
  const orphans = living.filter((process) => process.parent !== 0 || story.isCustomer(process));
  const first = orphans[0];
  if (first !== undefined) {
    const count = orphans.filter((process) => process.label === first.label).length;
    return evidence(story, "noLeak", "process", first.spawnedAt, { label: first.label, count });
  }
  const unread = living.find((process) => process.mailboxLength > 0);
  if (unread !== undefined) {
    return evidence(story, "noLeak", "message", story.endAt, {
      role: unread.name ?? unread.label,
      count: unread.mailboxLength,
    });
  }
  if (story.armedTimers.size > 0) {
    return evidence(story, "noLeak", "timer", story.endAt, { count: story.armedTimers.size });
  }
  return {};
}
