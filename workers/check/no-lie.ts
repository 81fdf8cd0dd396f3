/**
 * noLie: nobody is told success for something that has not happened, nor a final no to what could
 * be had. Patterns: `told-without` { customer }; `told-before` { customer, earlyMs }: by how much
 * the word came before the server took the request, or, when it had taken it, before the effect;
 * `denied-but-done` { customer, lateMs }: told no, and it happened all the same, so much later;
 * `denied` { customer }.
 */

import { evidence, type Findings } from "./finding.ts";
import type { CheckSpec } from "./spec.ts";
import type { Story } from "./story.ts";

type Spec = Extract<CheckSpec, { check: "noLie" }>;

export function noLie(story: Story, spec: Spec): Findings {
  const done = new Map<number, { readonly at: number; readonly takenAt: number | undefined }>();
  for (const effect of story.effectsOf(spec.effect)) {
    const { customer, request } = story.origin(effect);
    if (!done.has(customer)) done.set(customer, { at: effect.at, takenAt: request?.takenAt });
  }
  let worst:
    | { readonly at: number; readonly customer: string | number; readonly earlyUs: number }
    | undefined;
  for (const [customer, told] of story.told()) {
    if (told.value !== spec.success) continue;
    const fact = done.get(customer);
    if (fact === undefined)
      return evidence(story, "noLie", "told-without", told.at, { customer: told.key });
    if (fact.at <= told.at) continue;
    const lookedAt = fact.takenAt !== undefined && fact.takenAt > told.at ? fact.takenAt : fact.at;
    const earlyUs = lookedAt - told.at;
    if (worst === undefined || earlyUs > worst.earlyUs)
      worst = { at: told.at, customer: told.key, earlyUs };
  }
  if (worst === undefined) return denial(story, spec, done);
  return evidence(story, "noLie", "told-before", worst.at, {
    customer: worst.customer,
    earlyMs: Math.round(worst.earlyUs / 1000),
  });
}

function denial(
  story: Story,
  spec: Spec,
  done: ReadonlyMap<number, { readonly at: number }>,
): Findings {
  for (const [customer, told] of story.told()) {
    if (spec.failure === undefined || told.value !== spec.failure) continue;
    const fact = done.get(customer);
    if (fact === undefined)
      return evidence(story, "noLie", "denied", told.at, { customer: told.key });
    const lateMs = Math.round((fact.at - told.at) / 1000);
    return evidence(story, "noLie", "denied-but-done", told.at, { customer: told.key, lateMs });
  }
  return {};
}
