/**
 * Marks facts of the shop in the trace, for checks to read. Only a lesson's own scaffold may
 * import it: what a learner claims to have done is not a fact.
 */
import { copy, KIND } from "../kernel/index.ts";
import { here } from "./here.ts";

/** Something happened that cannot be taken back: a sale, a print, an answer that a customer heard. */
export function effect(kind: string, key: string | number, value?: unknown): void {
  mark(KIND.effect, { effect: kind, key, value });
}

/** Somebody was promised that this will be done: from here on it must not be lost. */
export function accepted(id: string | number, value?: unknown): void {
  mark(KIND.effect, { effect: "accepted", key: id, value });
}

/** A value that somebody looked at: a total, a stock. */
export function observe(name: string, value: unknown): void {
  mark(KIND.observe, { name, value });
}

/**
 * A resource was used under a fencing token, and accepted or refused it: what a check of "one holder
 * at a time" reads.
 */
export function fence(resource: string, token: number, outcome: "accepted" | "refused"): void {
  const process = here();
  process.node.record(process, KIND.fence, { value: token, payload: copy({ resource, outcome }) });
}

function mark(kind: typeof KIND.effect | typeof KIND.observe, fact: unknown): void {
  const process = here();
  process.node.record(process, kind, { payload: copy(fact) });
}
