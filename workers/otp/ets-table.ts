/**
 * One ets table: its objects, and what the types of tables make of two with one key. It knows no
 * process and asks for no rights; that is done before (ets-tables.ts). What comes in was copied.
 */
import { HashedSlots, type Kept, OrderedSlots, type Slot, type Slots } from "./ets-slots.ts";
import { keyOf } from "./term-key.ts";

/**
 * `"set"`: one object a key. `"orderedSet"`: the same, in the order of the keys. `"bag"`: any number
 * of different objects a key. `"duplicateBag"`: equal ones too.
 */
export type TableType = "set" | "orderedSet" | "bag" | "duplicateBag";

export class EtsTable {
  readonly type: TableType;
  readonly keypos: number;
  /** How many objects there are. */
  size = 0;
  /** Their bytes, counted as those of messages. */
  bytes = 0;
  #slots: Slots;

  constructor(type: TableType, keypos: number) {
    this.type = type;
    this.keypos = keypos;
    this.#slots = slotsFor(type);
  }

  /** True when a key has at most one object. */
  get isSet(): boolean {
    return this.type === "set" || this.type === "orderedSet";
  }

  keyOf(object: readonly unknown[]): unknown {
    return object[this.keypos - 1];
  }

  // Looking.

  has(key: unknown): boolean {
    return this.#slots.find(key) !== undefined;
  }

  /** The objects under a key, oldest first. */
  lookup(key: unknown): readonly Kept[] {
    return this.#slots.find(key)?.kept ?? [];
  }

  /** All objects as they are now, key by key: later changes do not show. */
  objects(): (readonly unknown[])[] {
    const objects: (readonly unknown[])[] = [];
    for (const { kept } of this.#slots.all()) for (const { object } of kept) objects.push(object);
    return objects;
  }

  /** The first key (of an orderedSet also the last one) as a slot. */
  end(isLast: boolean): Slot | undefined {
    return this.#slots.end(isLast);
  }

  /** The slot beside a key: see `Slots`. */
  beside(key: unknown, isBefore: boolean): Slot | undefined | "missing" {
    return this.#slots.beside(key, isBefore);
  }

  // Changing.

  insert(kept: Kept): void {
    const key = this.keyOf(kept.object);
    const slot = this.#slots.find(key);
    if (slot === undefined) {
      this.#slots.add(key, [kept]);
      this.#count([], [kept]);
    } else if (this.isSet) this.#put(slot, [kept]);
    else if (this.type === "duplicateBag" || !holds(slot, kept)) {
      slot.kept.push(kept);
      this.#count([], [kept]);
    }
  }

  delete(key: unknown): void {
    const slot = this.#slots.find(key);
    if (slot !== undefined) this.#put(slot, []);
  }

  /** Takes away all objects equal to this one. */
  deleteObject(object: readonly unknown[]): void {
    const slot = this.#slots.find(this.keyOf(object));
    if (slot === undefined) return;
    const text = keyOf(object);
    this.#put(
      slot,
      slot.kept.filter((kept) => keyOf(kept.object) !== text),
    );
  }

  clear(): void {
    this.#slots = slotsFor(this.type);
    this.size = 0;
    this.bytes = 0;
  }

  #put(slot: Slot, kept: Kept[]): void {
    this.#count(slot.kept, kept);
    slot.kept = kept;
    if (kept.length === 0) this.#slots.remove(slot.key);
  }

  #count(before: readonly Kept[], after: readonly Kept[]): void {
    this.size += after.length - before.length;
    for (const { bytes } of before) this.bytes -= bytes;
    for (const { bytes } of after) this.bytes += bytes;
  }
}

function slotsFor(type: TableType): Slots {
  return type === "orderedSet" ? new OrderedSlots() : new HashedSlots();
}

function holds(slot: Slot, { object }: Kept): boolean {
  const text = keyOf(object);
  return slot.kept.some((other) => keyOf(other.object) === text);
}
