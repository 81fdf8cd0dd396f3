/**
 * The fencing tokens that resources have seen, in order: what a check of "one holder at a time" is
 * made of. A scaffold marks each use by `fence` of "probe". Rule K8.
 */
import { KIND, type Trace } from "../kernel/index.ts";

/** One use of a resource. */
export interface Epoch {
  readonly resource: string;
  readonly token: number;
  /** What the resource said: "accepted", "refused", or the scaffold's own word. */
  readonly outcome: string;
  readonly process: number;
  readonly atUs: number;
}

/** Every use of every resource, in order. */
export function epochs(trace: Trace): Epoch[] {
  const all: Epoch[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) !== KIND.fence) continue;
    const { resource, outcome } = trace.payloadOf(row) as Pick<Epoch, "resource" | "outcome">;
    all.push({
      resource,
      outcome,
      token: trace.valueIn(row),
      process: trace.processOf(row),
      atUs: trace.atOf(row),
    });
  }
  return all;
}

/** The first use that a resource accepted under a token older than one it had accepted before. */
export function firstStale(uses: readonly Epoch[]): Epoch | undefined {
  const newest = new Map<string, number>();
  for (const use of uses) {
    if (use.outcome !== "accepted") continue;
    const before = newest.get(use.resource) ?? Number.NEGATIVE_INFINITY;
    if (use.token < before) return use;
    newest.set(use.resource, use.token);
  }
  return undefined;
}
