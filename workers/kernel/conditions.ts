/**
 * What is wrong with a node for a while, by the fault plan: slow cores, a full or slow disk, a bug
 * that a message meets, a third party that is out. Conditions nest: each ends by itself. Rule F1.
 */
import type { OutageMode } from "./scenario.ts";

/** Something that holds on a node from one blow to another. */
export type Condition =
  | { readonly kind: "slow" | "slowDisk"; readonly factor: number }
  | { readonly kind: "diskFull" }
  | { readonly kind: "bug"; readonly process: string; readonly on: unknown }
  | { readonly kind: "outage"; readonly process: string; readonly mode: OutageMode };

export class Conditions {
  /** True while there is any bug: asked for every message. */
  hasBug = false;
  readonly #inForce: Condition[] = [];

  impose(condition: Condition): void {
    this.#inForce.push(condition);
    this.hasBug ||= condition.kind === "bug";
  }

  lift(condition: Condition): void {
    const place = this.#inForce.indexOf(condition);
    if (place >= 0) this.#inForce.splice(place, 1);
    this.hasBug = this.#inForce.some(({ kind }) => kind === "bug");
  }

  /** How many times as long it takes: the product of what slows it. */
  factorOf(kind: "slow" | "slowDisk"): number {
    let factor = 1;
    for (const condition of this.#inForce) if (condition.kind === kind) factor *= condition.factor;
    return factor;
  }

  get isDiskFull(): boolean {
    return this.#inForce.some(({ kind }) => kind === "diskFull");
  }

  /** How the third party registered under a name is out; undefined when it is not. */
  outageOf(process: string): OutageMode | undefined {
    const out = this.#inForce.find((one) => one.kind === "outage" && one.process === process);
    return out?.kind === "outage" ? out.mode : undefined;
  }

  /** True when a message is one at which the process of this name crashes. */
  isBug(process: string, message: unknown): boolean {
    return this.#inForce.some(
      (one) => one.kind === "bug" && one.process === process && contains(message, one.on),
    );
  }
}

/** True when `value` is `pattern`, or an object that has all of the pattern's fields, equal in turn. */
export function contains(value: unknown, pattern: unknown): boolean {
  if (typeof pattern !== "object" || pattern === null) return Object.is(value, pattern);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(pattern).every(([key, part]) =>
    contains((value as Readonly<Record<string, unknown>>)[key], part),
  );
}
