/** What a provider remembers: idempotency keys for a while, and what it has done. */
import { copy, microseconds } from "../kernel/index.ts";
import { keyOf } from "../otp/term-key.ts";
import type { ProviderRequest } from "./provider-options.ts";

/** A day, as with Stripe. */
const FORGET_MS = 86_400_000;

/** Keys and deeds that are remembered at most; the oldest go first. */
const REMEMBERED_MAX = 100_000;

interface Remembered {
  readonly atUs: number;
  /** The request's content: another one under the same key is refused. */
  readonly hash: number;
  readonly answer: unknown;
}

export class ProviderLedger {
  readonly #forgetUs: number;
  /** By idempotency key, oldest first. */
  readonly #keys = new Map<string, Remembered>();
  /** Answers by what they were about. */
  readonly #done = new Map<string, unknown>();

  constructor(forgetMs = FORGET_MS) {
    this.#forgetUs = microseconds(forgetMs);
  }

  /** The answer for a repeat; undefined for what is new, has no key, or was forgotten. */
  recall(request: ProviderRequest, nowUs: number): unknown {
    const known = this.#keys.get(keyOf(request.idempotencyKey));
    if (known === undefined || nowUs - known.atUs >= this.#forgetUs) return undefined;
    return known.hash === copy(request).hash ? known.answer : ["error", { status: 409 }];
  }

  remember(request: ProviderRequest, answer: unknown, nowUs: number): void {
    if (request.idempotencyKey === undefined) return;
    const key = keyOf(request.idempotencyKey);
    this.#keys.delete(key);
    this.#keys.set(key, { atUs: nowUs, hash: copy(request).hash, answer });
    dropOldest(this.#keys);
  }

  /** Something was done. */
  enter(key: string | number, answer: unknown): void {
    this.#done.delete(keyOf(key));
    this.#done.set(keyOf(key), answer);
    dropOldest(this.#done);
  }

  /** How something that was done was answered last. */
  find(key: string | number): unknown {
    return this.#done.get(keyOf(key)) ?? ["error", { status: 404 }];
  }
}

function dropOldest(map: Map<string, unknown>): void {
  if (map.size <= REMEMBERED_MAX) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
