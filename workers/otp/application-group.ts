/**
 * The nodes of a distributed application as one of them sees it: who takes part, who runs it, and
 * who should. Pure; what is decided here is done by the controller. `dist_ac.erl`, in short.
 */
import type { ApplicationNodes } from "./application-callbacks.ts";

/** What a node that takes part does: it would run the application, is about to, or does. */
export type Part = "standby" | "starting" | "running";

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
  /** False when it was stopped where it ran, or ended there. */
  #isWanted = true;
  /** Time-outs under way: nodes that went down may still come back. */
  #holds = 0;

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
    const before = this.#parts.get(node);
    this.#unheard.delete(node);
    if (part === undefined) this.#parts.delete(node);
    else this.#parts.set(node, part);
    if (part === undefined && before === "running") this.#isWanted = false;
    if (part !== "running") return;
    this.#isWanted = true;
    this.#lost = undefined;
  }

  /** A node went down. True when nobody runs the application now, because that one did. */
  gone(node: string): boolean {
    const before = this.#parts.get(node);
    this.#unheard.delete(node);
    this.#parts.delete(node);
    if (before === undefined || before === "standby" || this.#runner() !== undefined) return false;
    this.#lost = node;
    return true;
  }

  /** Waits for a node to come back; to be taken back by `release`. */
  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
  }

  /** What this node should do, if it does not run it. Only one that joins takes over from another. */
  decide(isJoining: boolean): Decision {
    if (this.#unheard.size > 0) return { kind: "wait" };
    const runner = this.#runner();
    if (runner !== undefined) {
      const isBetter = this.#levelOf(this.#own) < this.#levelOf(runner);
      if (isJoining && isBetter) return { kind: "takeover", from: runner };
      return this.part(runner) === "running" ? { kind: "standby" } : { kind: "wait" };
    }
    const isMine = this.#first("standby") === this.#own;
    if (!this.#isWanted || this.#holds > 0 || !isMine) return { kind: "wait" };
    return this.#lost === undefined ? { kind: "start" } : { kind: "failover", from: this.#lost };
  }

  /** True when this node runs it and so does a better one: after a take-over, or after a split. */
  mustYield(): boolean {
    return this.part(this.#own) === "running" && this.#first("running") !== this.#own;
  }

  /** The best node that runs it or, without one, that is about to. */
  #runner(): string | undefined {
    return this.#first("running") ?? this.#first("starting");
  }

  #first(part: Part): string | undefined {
    return this.#levels.flat().find((node) => this.#parts.get(node) === part);
  }

  #levelOf(node: string): number {
    return this.#levels.findIndex((level) => level.includes(node));
  }
}
