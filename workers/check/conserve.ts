/**
 * conserve: what each server says it has is what was really done there, and nothing that was
 * acknowledged is missing. Patterns: `acknowledged-not-counted` { customer }, `no-answer` { of },
 * `shared` { of, observed, sum }, `differs` { of, observed, expected }.
 */

import { evidence, type Findings } from "./finding.ts";
import type { CheckSpec } from "./spec.ts";
import type { Story } from "./story.ts";

type Spec = Extract<CheckSpec, { check: "conserve" }>;

export function conserve(story: Story, spec: Spec): Findings {
  const effects = story.effectsOf(spec.effect);
  const served = new Set(effects.map((effect) => story.origin(effect).customer));
  for (const [customer, told] of story.told()) {
    if (told.value === spec.success && !served.has(customer)) {
      return evidence(story, "conserve", "acknowledged-not-counted", told.at, {
        customer: told.key,
      });
    }
  }
  const sums = new Map<string, number>();
  let sum = 0;
  for (const effect of effects) {
    const server = story.processes.get(story.origin(effect).server ?? effect.process);
    const amount = Number(effect.value);
    sums.set(server?.name ?? "", (sums.get(server?.name ?? "") ?? 0) + amount);
    sum += amount;
  }
  return compare(story, spec, sums, sum);
}

function compare(
  story: Story,
  spec: Spec,
  sums: ReadonlyMap<string, number>,
  sum: number,
): Findings {
  const observations = story.observations.filter(
    (observation) => observation.name === spec.observed,
  );
  if (observations.length === 0)
    return evidence(story, "conserve", "no-answer", story.endAt, { of: spec.observed });
  for (const { at, value } of observations) {
    const { of, total } = value as { readonly of: string; readonly total: unknown };
    const expected = sums.get(of) ?? 0;
    if (total === expected) continue;
    if (typeof total !== "number") return evidence(story, "conserve", "no-answer", at, { of });
    if (total === sum)
      return evidence(story, "conserve", "shared", at, { of, observed: total, sum });
    return evidence(story, "conserve", "differs", at, { of, observed: total, expected });
  }
  return {};
}
