/**
 * Keys and values on top of a log: the file holds changes, this what they come to, in memory, as
 * Bitcask does. A node that begins anew makes it again from the file. A key that was changed often
 * lies in the file often; when 100 more changes there are outdated than there are keys the node writes
 * down what is left and puts it in the file's place, by itself, in one instant at the end of the time
 * that it takes: who changes something meanwhile is not forgotten, and a crash finds either the old
 * file or the new. Rules in SPEC.md, DK.
 */
import type { DiskEntry, DiskFile, Node } from "../kernel/index.ts";
import { keyOf } from "../otp/term-key.ts";
import { fileOf, noteOfNode, readUs, type Storable, storable } from "./disk-operation.ts";

/** A key of a table gets a value, or with two parts goes away. */
export type Change =
  | readonly [table: string, key: unknown, value: unknown]
  | readonly [table: string, key: unknown];

/** A key, and what is under it. */
export type Item = readonly [key: unknown, value: unknown];

/** What an entry of the file holds: changes that belong together. */
type Changes = readonly Change[];

/** Outdated changes that may lie in a file, besides as many as there are keys. */
const OUTDATED_MIN = 100;

/** Entries that a compaction writes in the time of one append: it writes them in one go. */
const ENTRIES_PER_WRITE = 100;

const indexes = new WeakMap<Node, Map<string, DiskIndex>>();

/** The index of a file, made from it when it is first used in a life of the node: for that the disk takes a read's time. */
export function indexOf(node: Node, fileName: string): DiskIndex {
  const known = indexes.get(node) ?? new Map<string, DiskIndex>();
  indexes.set(node, known);
  const index = known.get(fileName) ?? new DiskIndex(node, fileOf(node, fileName));
  known.set(fileName, index);
  return index;
}

export class DiskIndex {
  readonly file: DiskFile;
  readonly #node: Node;
  /** Tables by name, their items by `keyOf` of the key; the key that came first is first. */
  readonly #tables = new Map<string, Map<string, Item>>();
  #liveCount = 0;
  /** Changes that lie in the file. */
  #changeCount = 0;
  #isCompacting = false;

  constructor(node: Node, file: DiskFile) {
    this.#node = node;
    this.file = file;
    if (file.entries.length > 0) node.disk.reserve(node.now, readUs(node, file.entries.length));
    // Only `apply` has ever been given what lies in this file.
    for (const { value } of file.entries) this.#include(value as Changes);
  }

  /** Keys of all tables. */
  get liveCount(): number {
    return this.#liveCount;
  }

  get(table: string, key: unknown): Item | undefined {
    return this.#tables.get(table)?.get(keyOf(key));
  }

  /** What is in a table, oldest key first. */
  items(table: string): readonly Item[] {
    return [...(this.#tables.get(table)?.values() ?? [])];
  }

  /** Says what changes were just appended to the file. */
  apply(changes: Storable): void {
    this.#include(changes.value as Changes);
    const isWorthIt = this.#changeCount > 2 * this.#liveCount + OUTDATED_MIN;
    if (isWorthIt && !this.#isCompacting) this.#beginCompaction();
  }

  #include(changes: Changes): void {
    for (const [table, key, ...value] of changes) {
      const items = this.#tables.get(table) ?? new Map<string, Item>();
      const before = items.size;
      if (value.length > 0) items.set(keyOf(key), [key, value[0]]);
      else items.delete(keyOf(key));
      if (items.size > 0) this.#tables.set(table, items);
      else this.#tables.delete(table);
      this.#liveCount += items.size - before;
      this.#changeCount++;
    }
  }

  #beginCompaction(): void {
    const node = this.#node;
    const { appendUs, syncUs } = node.disk.spec;
    const writes = Math.ceil(this.#liveCount / ENTRIES_PER_WRITE);
    const us = readUs(node, this.#liveCount) + writes * appendUs + syncUs;
    this.#isCompacting = true;
    node.schedule(node.disk.reserve(node.now, us), () => this.#compact());
  }

  #compact(): void {
    this.#isCompacting = false;
    const entries: DiskEntry[] = [];
    for (const [table, items] of this.#tables) {
      for (const [key, value] of items.values()) {
        const { value: changes, bytes } = storable([[table, key, value]]);
        entries.push({ value: changes, bytes });
      }
    }
    this.#node.disk.replace(this.file, entries);
    this.#changeCount = entries.length;
    noteOfNode(this.#node, "compact", this.file, entries.length);
  }
}
