/** What happens inside a transaction: it sees the database with its own changes, which nobody else does yet. */
import { copy, Exit, type Process } from "../kernel/index.ts";
import { here } from "../otp/here.ts";
import type { Term } from "../otp/term.ts";
import { keyOf } from "../otp/term-key.ts";
import type { Change, DiskIndex, Item } from "./disk-index.ts";

/** What the function given to `tx` works with. Good for that process, until the function has returned. */
export interface Transaction {
  /** What is under a key of a table; undefined when nothing is. Frozen. `mnesia:read/2`. */
  read<Value = Term>(table: string, key: unknown): Value | undefined;
  /** Puts a copy of a value under a key. A table is there once something is in it. `mnesia:write/1`. */
  write(table: string, key: unknown, value: unknown): "ok";
  /** Takes a key away, if it is there. `mnesia:delete/1`. */
  delete(table: string, key: unknown): "ok";
  /** The keys of a table, the one that came first first. `mnesia:all_keys/1`. */
  keys<Key = Term>(table: string): readonly Key[];
  /** All of a table: `[[key, value], …]`. `mnesia:foldl/3`. */
  all<Value = Term>(table: string): readonly (readonly [Term, Value])[];
  /** Gives the transaction up: nothing of it is done, and `tx` gives `["aborted", reason]`. `mnesia:abort/1`. */
  abort(reason: unknown): never;
}

/** The transaction of a process, and its changes so far. */
export class OpenTransaction implements Transaction {
  // A program holds its instances, and by them this: what it changed here the next run would find.
  static {
    Object.freeze(this.prototype);
    Object.freeze(this);
  }

  readonly #process: Process;
  readonly #index: DiskIndex;
  /** By table and `keyOf` of the key; the last change of each key. */
  readonly #changes = new Map<string, Map<string, Change>>();
  #isOpen = true;

  constructor(process: Process, index: DiskIndex) {
    this.#process = process;
    this.#index = index;
  }

  /** No more from here on; gives what has changed. */
  close(): readonly Change[] {
    this.#isOpen = false;
    return [...this.#changes.values()].flatMap((changes) => [...changes.values()]);
  }

  read<Value>(table: string, key: unknown): Value | undefined {
    this.#check();
    const change = this.#changes.get(table)?.get(keyOf(key));
    const value = change === undefined ? this.#index.get(table, key)?.[1] : change[2];
    return value as Value | undefined;
  }

  write(table: string, key: unknown, value: unknown): "ok" {
    return this.#change([table, copy(key).value, copy(value).value]);
  }

  delete(table: string, key: unknown): "ok" {
    return this.#change([table, copy(key).value]);
  }

  keys<Key>(table: string): readonly Key[] {
    return this.all(table).map(([key]) => key as Key);
  }

  all<Value>(table: string): readonly (readonly [Term, Value])[] {
    this.#check();
    const items = new Map<string, Item>();
    for (const item of this.#index.items(table)) items.set(keyOf(item[0]), item);
    for (const [text, change] of this.#changes.get(table) ?? []) {
      if (change.length === 3) items.set(text, [change[1], change[2]]);
      else items.delete(text);
    }
    return [...items.values()] as readonly Item[] as readonly (readonly [Term, Value])[];
  }

  abort(reason: unknown): never {
    this.#check();
    throw new Exit(copy(["aborted", reason]).value);
  }

  #change(change: Change): "ok" {
    this.#check();
    const [table, key] = change;
    const changes = this.#changes.get(table) ?? new Map<string, Change>();
    this.#changes.set(table, changes);
    changes.set(keyOf(key), change);
    return "ok";
  }

  #check(): void {
    if (!this.#isOpen || here() !== this.#process) throw new Exit(["aborted", "no_transaction"]);
  }
}
