/**
 * Whose turn it is in a database: one transaction at a time, the others in the order they came. A
 * process that ends gives its turn, or its place in the queue, up in that instant.
 */
import { CoPromise, type Process } from "../kernel/index.ts";

/** Transactions that may wait for a database. */
const WAITING_MAX = 10_000;

export class Turns {
  #holder: Process | undefined;
  /** Who waits, the first one first, and how to let it go on. */
  readonly #waiting = new Map<Process, () => void>();
  readonly #endings = new Map<Process, () => void>();

  get isFull(): boolean {
    return this.#waiting.size >= WAITING_MAX;
  }

  /** True for a process that has the turn or waits for it. */
  has(process: Process): boolean {
    return this.#endings.has(process);
  }

  /** Fulfilled when it is the turn of `process`, which must not be in already. */
  enter(process: Process): CoPromise<void> {
    const ending = () => this.leave(process);
    this.#endings.set(process, ending);
    process.endings ??= new Set();
    process.endings.add(ending);
    const { promise, resolve } = CoPromise.withResolvers<void>();
    if (this.#holder === undefined) {
      this.#holder = process;
      resolve();
    } else {
      this.#waiting.set(process, resolve);
    }
    return promise;
  }

  /** A process has finished, or ended: if it was its turn, it is the next one's. */
  leave(process: Process): void {
    const ending = this.#endings.get(process);
    if (ending !== undefined) process.endings?.delete(ending);
    this.#endings.delete(process);
    this.#waiting.delete(process);
    if (this.#holder === process) this.#pass();
  }

  #pass(): void {
    const [next] = this.#waiting;
    this.#holder = next?.[0];
    if (next === undefined) return;
    const [process, goOn] = next;
    this.#waiting.delete(process);
    process.node.wake(process, goOn);
  }
}
