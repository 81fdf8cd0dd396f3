/**
 * The nodes of a distributed application as one of them sees it: who takes part, who runs it, and
 * who should. Pure; what is decided here is done by the controller. `dist_ac.erl`, in short.
 */
import type { ApplicationNodes } from "./application-callbacks.ts";

/** A node that takes part: it runs the application, or would if those before it went down. */
export type Part = "standby" | "running";

/** What a node should do with the application. */
export type Decision =
  | { readonly kind: "wait" }
  | { readonly kind: "standby" }
  | { readonly kind: "start" }
  | { readonly kind: "failover"; readonly from: string }
  | { readonly kind: "takeover"; readonly from: string };

/** What a node knows of the others; at most one entry a node of the list. */
export class ApplicationGroup {
  readonly timeoutMs: number;
  readonly #own: string;
  readonly #levels: readonly (readonly string[])[];
  /** Those that take part, this node among them. */
  readonly #parts = new Map<string, Part>();
  /** Nodes that have not said yet whether they take part. */
  readonly #unheard: Set<string>;
  /** The node on which it ran and that went down; nobody has started it since. */
  #lost: string | undefined;

  constructor({ nodes, timeoutMs = 0 }: ApplicationNodes, own: string) {
    this.timeoutMs = timeoutMs;
    this.#own = own;
    this.#levels = nodes.map((level) => (typeof level === "string" ? [level] : level));
    this.#parts.set(own, "standby");
    this.#unheard = new Set(this.others());
  }

  /** All nodes of the list but this one. */
  others(): readonly string[] {
    return this.#levels.flat().filter((node) => node !== this.#own);
  }

  has(node: string): boolean {
    return this.#levels.flat().includes(node);
  }

  part(node: string): Part | undefined {
    return this.#parts.get(node);
  }

  /** A node has said what its part is; undefined when it takes none. */
  heard(node: string, part: Part | undefined): void {
    this.#unheard.delete(node);
    if (part === undefined) this.#parts.delete(node);
    else this.#parts.set(node, part);
    if (part === "running") this.#lost = undefined;
  }

  /** A node went down. True when the application ran there. */
  gone(node: string): boolean {
    const ran = this.#parts.get(node) === "running";
    this.heard(node, undefined);
    if (ran && this.runner() === undefined) this.#lost = node;
    return ran;
  }

  /** The best node that runs it: after a split there may be two until one has heard of the other. */
  runner(): string | undefined {
    return this.#first("running");
  }

  /** What this node should do, as one that wants the application to run. Takes over only when it joins. */
  decide(isJoining: boolean): Decision {
    if (this.#unheard.size > 0) return { kind: "wait" };
    const runner = this.runner();
    if (runner !== undefined) {
      const isBetter = this.#levelOf(this.#own) < this.#levelOf(runner);
      return isJoining && isBetter ? { kind: "takeover", from: runner } : { kind: "standby" };
    }
    if (this.#first("standby") !== this.#own) return { kind: "wait" };
    return this.#lost === undefined ? { kind: "start" } : { kind: "failover", from: this.#lost };
  }

  /** True when this node runs it and must leave it to another, which has taken over. */
  mustYield(): boolean {
    const runner = this.runner();
    return this.part(this.#own) === "running" && runner !== undefined && runner !== this.#own;
  }

  #first(part: Part): string | undefined {
    return this.#levels.flat().find((node) => this.#parts.get(node) === part);
  }

  #levelOf(node: string): number {
    return this.#levels.findIndex((level) => level.includes(node));
  }
}
