/**
 * latency: a percentile of the time from a customer's arrival (intended, so a slow system cannot
 * hide by being asked less) until they were told success. Whoever was never told counts as waiting
 * to the end. The first fifth of the arrivals' time is warm-up and left out. Patterns:
 * `nobody-served` and `too-slow`, { measuredMs, boundMs, busyMs, ratePerS, workPerS }.
 */
import { KIND } from "../kernel/index.ts";
import { evidence, type Findings } from "./finding.ts";
import type { CheckSpec } from "./spec.ts";
import { percentileOf, type Story } from "./story.ts";

type Spec = Extract<CheckSpec, { check: "latency" }>;

const WARM_UP_SHARE = 0.2;

export function latency(story: Story, spec: Spec): Findings {
  const all = story.customers();
  const lastArrival = all.at(-1)?.spawnedAt ?? 0;
  const customers = all.filter((customer) => customer.spawnedAt >= lastArrival * WARM_UP_SHARE);
  const told = story.told();
  const waits: number[] = [];
  let served = 0;
  let worst = { wait: -1, at: 0 };
  for (const customer of customers) {
    const word = told.get(customer.id);
    const isServed = word?.value === spec.success;
    if (isServed) served++;
    const wait = (isServed ? word.at : story.scenario.horizonUs) - customer.spawnedAt;
    waits.push(wait);
    if (wait > worst.wait) worst = { wait, at: customer.spawnedAt };
  }
  const measured = percentileOf(waits, spec.percentile);
  if (measured === undefined)
    return evidence(story, "latency", "nobody-served", story.endAt, { role: spec.role });
  if (measured <= spec.boundUs) return { measured: { value: measured } };
  const pattern = served === 0 ? "nobody-served" : "too-slow";
  return {
    measured: { value: measured },
    ...evidence(story, "latency", pattern, worst.at, {
      measuredMs: Math.round(measured / 1000),
      boundMs: Math.round(spec.boundUs / 1000),
      ...occupation(story, spec.role, all.length / (lastArrival / 1_000_000)),
    }),
  };
}

/** How long the server itself works on one request, and what that comes to in a second. */
function occupation(story: Story, role: string, ratePerS: number) {
  const ids = new Set(story.named(role).map((process) => process.id));
  const { trace } = story;
  let busyUs = 0;
  let startedAt = 0;
  let requests = 0;
  for (let row = 0; row < trace.rowCount; row++) {
    if (!ids.has(trace.processOf(row))) continue;
    const at = trace.atOf(row);
    if (trace.kindOf(row) === KIND.receive) requests++;
    if (trace.kindOf(row) === KIND.workStart) startedAt = at;
    if (trace.kindOf(row) === KIND.workEnd) busyUs += at - startedAt;
  }
  const busyMs = requests === 0 ? 0 : busyUs / requests / 1000;
  return {
    busyMs: Math.round(busyMs),
    ratePerS: Math.round(ratePerS),
    workPerS: Math.round((busyMs * ratePerS) / 100) / 10,
  };
}
