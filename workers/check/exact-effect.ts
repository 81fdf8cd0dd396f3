/**
 * exactEffect: every customer causes the effect at most once, and exactly once when told success.
 * Patterns: `none-at-all`, `twice` { customer, times, effect, from1, from2 }, `lost` { customer }.
 */

import { evidence, type Findings } from "./finding.ts";
import type { CheckSpec } from "./spec.ts";
import type { EffectStory, Story } from "./story.ts";

type Spec = Extract<CheckSpec, { check: "exactEffect" }>;

export function exactEffect(story: Story, spec: Spec): Findings {
  const customers = story.customers();
  const effects = story.effectsOf(spec.effect);
  if (customers.length > 0 && effects.length === 0) {
    return evidence(story, "exactEffect", "none-at-all", story.endAt, { effect: spec.effect });
  }
  const byCustomer = new Map<number, EffectStory[]>();
  for (const effect of effects) {
    const { customer } = story.origin(effect);
    byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), effect]);
  }
  const twice = [...byCustomer].find(([, caused]) => caused.length > 1);
  if (twice !== undefined)
    return evidence(
      story,
      "exactEffect",
      "twice",
      momentOf(twice[1]),
      valuesOf(story, twice, spec),
    );
  for (const [customer, told] of story.told()) {
    if (told.value === spec.success && !byCustomer.has(customer)) {
      return evidence(story, "exactEffect", "lost", told.at, {
        customer: told.key,
        effect: spec.effect,
      });
    }
  }
  return {};
}

function momentOf(effects: readonly EffectStory[]): number {
  return (effects[1] as EffectStory).at;
}

function valuesOf(story: Story, [customer, effects]: readonly [number, EffectStory[]], spec: Spec) {
  const [first, second] = effects as [EffectStory, EffectStory];
  return {
    customer: story.told().get(customer)?.key ?? first.key,
    times: effects.length,
    effect: spec.effect,
    from1: first.key,
    from2: second.key,
  };
}
