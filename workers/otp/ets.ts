/**
 * ets: tables in the memory of a node, which all its processes can read at once, without a message.
 * Rules in SPEC.md, ET; seen on OTP 25.
 *
 * Objects are arrays, as tuples are in Erlang, and positions in them are counted from 1. What goes in
 * is copied and frozen, so what comes out can be shared. A function here takes no virtual time and is
 * done before anyone else's turn. Where the BEAM's order is that of a hash table, ours is the order
 * in which the keys came; rely on neither. Left out: match specifications (`select` takes a function
 * or a pattern), `safe_fixtable` (what goes over all objects sees those that were there when it
 * began), and the options that only tune a real machine.
 */
import { copy, type Pid } from "../kernel/index.ts";
import { bindingsOf, fitsPattern, hasHoles } from "./ets-pattern.ts";
import type { Kept } from "./ets-slots.ts";
import type { EtsTable, TableType } from "./ets-table.ts";
import {
  allTables,
  badarg,
  change,
  createTable,
  dropTable,
  findNamed,
  findTable,
  heirIn,
  idOf,
  owned,
  type Protection,
  readable,
  renameTable,
  type Shelved,
  type TableId,
  transfer,
  writable,
} from "./ets-tables.ts";
import { here } from "./here.ts";
import type { Term } from "./term.ts";

/** How a table is made; all may be left out. */
export interface TableOptions {
  /** Default `"set"`. */
  readonly type?: TableType;
  /** Who besides the owner may use it. Default `"protected"`: all read, the owner writes. */
  readonly access?: Protection;
  /** With true the table is found by its name, on this node; `ets.new` then gives the name. Default false. */
  readonly named?: boolean;
  /** Where in an object the key stands, from 1. Default 1. */
  readonly keypos?: number;
  /** Who gets the table when its owner ends, and what it is told. Default `"none"`: the table ends too. */
  readonly heir?: readonly [pid: Pid, data: unknown] | "none";
}

/** What is known of a table. */
export interface TableInfo {
  /** Its reference. */
  readonly id: TableId;
  readonly name: string;
  readonly owner: Pid;
  /** Objects in it. */
  readonly size: number;
  /** What its objects take, in words of 8 bytes (a number 1, a text 2 and a quarter a character). */
  readonly memory: number;
  readonly type: TableType;
  readonly protection: Protection;
  readonly keypos: number;
  readonly named: boolean;
  readonly heir: Pid | "none";
  readonly node: string;
}

/** An object of a table: an array with something at the key's position. */
export type TableObject = readonly unknown[];

/** What is added to the number at a position; past `threshold`, in the direction of the step, it becomes `setTo`. */
export type CounterStep =
  | readonly [position: number, increment: number]
  | readonly [position: number, increment: number, threshold: number, setTo: number];

/** Which objects are meant: a function that says true of them, or a pattern. */
export type Selection<Row> = ((object: Row) => boolean) | TableObject | "_";

const END = "$end_of_table";

/**
 * Tables of a node that its processes share: read and written at once, without a message. A table
 * ends with the process that owns it, unless it has an heir. `ets`.
 */
export const ets = {
  // Tables.

  /**
   * Makes a table that belongs to the running process and ends with it, unless there is an heir.
   * Gives its reference, or with `named` its name. A name that is taken is an error `badarg`; more
   * than 10,000 tables, or 1,000,000 objects, on a node are an error `system_limit`. `ets:new/2`.
   */
  new(name: string, options: TableOptions = {}): TableId {
    const { type = "set", access = "protected", named = false, keypos = 1, heir } = options;
    if (typeof name !== "string") throw badarg("ets.new", `a name is a text, not ${String(name)}`);
    if (!TYPES.has(type)) throw badarg("ets.new", `type is one of ${[...TYPES].join(", ")}`);
    if (!PROTECTIONS.has(access)) {
      throw badarg("ets.new", `access is one of ${[...PROTECTIONS].join(", ")}`);
    }
    if (!isPosition(keypos)) throw badarg("ets.new", "keypos is a position, counted from 1");
    const isNamed = named === true;
    const protection = access;
    const spec = { name, type, protection, isNamed, keypos, heir: heirIn(heir, "ets.new") };
    return createTable(spec);
  },

  /**
   * Takes a whole table away, or with a key the objects under it. Always true, whether there were any.
   * `ets:delete/1,2`.
   */
  delete(tab: TableId, ...key: readonly [] | readonly [key: unknown]): true {
    const shelved = writable(tab, "ets.delete");
    if (key.length === 0) dropTable(here().node, shelved);
    else change(shelved, 0, (table) => table.delete(key[0]));
    return true;
  },

  /** Gives a table another name, and gives what it is called by from then on. `ets:rename/2`. */
  rename(tab: TableId, name: string): TableId {
    if (typeof name !== "string")
      throw badarg("ets.rename", `a name is a text, not ${String(name)}`);
    return renameTable(writable(tab, "ets.rename"), name);
  },

  /** The reference of the table with this name; undefined when none was made so with `named`. `ets:whereis/1`. */
  whereis(name: string): TableId | undefined {
    return findNamed(name)?.ref;
  },

  /** All tables of this node, by name or reference, oldest first. `ets:all/0`. */
  all(): readonly TableId[] {
    return allTables().map(idOf);
  },

  /** What is known of a table, whoever may read it; undefined when there is none. `ets:info/1`. */
  info(tab: TableId): TableInfo | undefined {
    const shelved = findTable(tab);
    if (shelved === undefined) return undefined;
    const { table, ref, name, owner, protection, isNamed, heir } = shelved;
    return {
      id: ref,
      name,
      owner,
      size: table.size,
      memory: Math.ceil(table.bytes / BYTES_OF_WORD),
      type: table.type,
      protection,
      keypos: table.keypos,
      named: isNamed,
      heir: heir?.pid ?? "none",
      node: here().node.name,
    };
  },

  /**
   * Makes a living process of this node the owner of a table, which is told by the message
   * `{ tag: "ETS-TRANSFER", table, from, data }`. Only the owner can, and not to itself. The heir
   * stays as it is. `ets:give_away/3`.
   */
  giveAway(tab: TableId, pid: Pid, data: unknown): true {
    const giver = here();
    const shelved = owned(tab, "ets.giveAway");
    const receiver = giver.node.find(pid);
    if (receiver === undefined || receiver.pid !== pid || receiver === giver) {
      throw badarg("ets.giveAway", `${String(pid)} is no other living process of this node`);
    }
    transfer(giver, shelved, receiver, data);
    return true;
  },

  /**
   * Names another heir, or with `"none"` no one. Only the owner can. One that has ended, or is of
   * another node, is none. `ets:setopts/2`.
   */
  setopts(tab: TableId, options: { readonly heir: readonly [Pid, unknown] | "none" }): true {
    const shelved = owned(tab, "ets.setopts");
    if (options?.heir === undefined) {
      throw badarg("ets.setopts", 'only the heir can be set: { heir: [pid, data] } or "none"');
    }
    shelved.heir = heirIn(options.heir, "ets.setopts");
    return true;
  },

  // Objects by their key.

  /**
   * Puts an object, or all of a list of objects, into a table. In a set an object takes the place of
   * the one with its key; in a bag it stands beside it. All of a list at once, or none. An array whose
   * parts are all arrays is a list: an object like that has to stand in a list of one. `ets:insert/2`.
   */
  insert(tab: TableId, objects: TableObject | readonly TableObject[]): true {
    const shelved = writable(tab, "ets.insert");
    const all = keptOf(objects, shelved.table, "ets.insert");
    change(shelved, all.length, (table) => {
      for (const kept of all) table.insert(kept);
    });
    return true;
  },

  /** As `insert`, unless there is an object with one of the keys: then nothing is done, and it gives false. `ets:insert_new/2`. */
  insertNew(tab: TableId, objects: TableObject | readonly TableObject[]): boolean {
    const shelved = writable(tab, "ets.insertNew");
    const all = keptOf(objects, shelved.table, "ets.insertNew");
    if (all.some(({ object }) => shelved.table.has(shelved.table.keyOf(object)))) return false;
    change(shelved, all.length, (table) => {
      for (const kept of all) table.insert(kept);
    });
    return true;
  },

  /** The objects under a key, as a list: none, one, or in a bag several, oldest first. `ets:lookup/2`. */
  lookup<Row = Term>(tab: TableId, key: unknown): readonly Row[] {
    return rows(readable(tab, "ets.lookup").table.lookup(key));
  },

  /**
   * What stands at a position, counted from 1, of the object under a key; in a bag a list of them.
   * No such object or position is an error `badarg`. `ets:lookup_element/3`.
   */
  lookupElement<Value = Term>(tab: TableId, key: unknown, position: number): Value {
    const { table } = readable(tab, "ets.lookupElement");
    const kept = table.lookup(key);
    if (kept.length === 0) throw badarg("ets.lookupElement", "there is no object with this key");
    const parts = kept.map(({ object }) => {
      checkPosition(object, position, "ets.lookupElement");
      return object[position - 1];
    });
    return (table.isSet ? parts[0] : parts) as Value;
  },

  /** True when there is an object under a key. `ets:member/2`. */
  member(tab: TableId, key: unknown): boolean {
    return readable(tab, "ets.member").table.has(key);
  },

  /** Takes the objects under a key away and gives them. `ets:take/2`. */
  take<Row = Term>(tab: TableId, key: unknown): readonly Row[] {
    const shelved = writable(tab, "ets.take");
    const taken = rows<Row>(shelved.table.lookup(key));
    change(shelved, 0, (table) => table.delete(key));
    return taken;
  },

  /** Takes away all objects that equal this one. Always true. `ets:delete_object/2`. */
  deleteObject(tab: TableId, object: TableObject): true {
    const shelved = writable(tab, "ets.deleteObject");
    if (!Array.isArray(object)) throw badarg("ets.deleteObject", "an object is an array");
    change(shelved, 0, (table) => table.deleteObject(object));
    return true;
  },

  /** Takes away all objects of a table. `ets:delete_all_objects/1`. */
  deleteAllObjects(tab: TableId): true {
    change(writable(tab, "ets.deleteAllObjects"), 0, (table) => table.clear());
    return true;
  },

  /**
   * Adds to whole numbers in the object under a key, all at once or, at an error, none. `step`: what
   * is added to the number after the key, a `[position, increment]`, or a list of these, which gives
   * a list of results. When there is no object `byDefault` is put in first, under this key; without
   * it that is an error `badarg`. For sets only. `ets:update_counter/3,4`.
   */
  updateCounter<Result = number>(
    tab: TableId,
    key: unknown,
    step: number | CounterStep | readonly CounterStep[],
    byDefault?: TableObject,
  ): Result {
    const shelved = writable(tab, "ets.updateCounter");
    const object = [...objectToCount(shelved.table, key, byDefault)];
    const isList = Array.isArray(step) && (step.length === 0 || Array.isArray(step[0]));
    const steps = isList ? (step as readonly CounterStep[]) : [stepOf(step, shelved.table)];
    const results = steps.map((one) => count(object, one, shelved.table.keypos));
    putBack(shelved, object);
    return (isList ? results : results[0]) as Result;
  },

  /**
   * Changes what stands at a position of the object under a key: `[position, value]`, or a list of
   * these. False when there is no such object. Not the key. For sets only. `ets:update_element/3`.
   */
  updateElement(
    tab: TableId,
    key: unknown,
    changes: readonly [position: number, value: unknown] | readonly (readonly [number, unknown])[],
  ): boolean {
    const shelved = writable(tab, "ets.updateElement");
    mustBeSet(shelved.table, "ets.updateElement");
    const [kept] = shelved.table.lookup(key);
    if (kept === undefined) return false;
    const object = [...kept.object];
    const isOne = typeof changes[0] === "number";
    const all = (isOne ? [changes] : changes) as readonly (readonly [number, unknown])[];
    for (const [position, value] of all) {
      checkChangeable(object, position, shelved.table.keypos, "ets.updateElement");
      object[position - 1] = value;
    }
    putBack(shelved, object);
    return true;
  },

  // From key to key.

  /** The first key, or `"$end_of_table"`. Only an orderedSet's means something. `ets:first/1`. */
  first<Key = Term>(tab: TableId): Key {
    return keyIn(readable(tab, "ets.first").table.end(false));
  },

  /** The last key of an orderedSet, or `"$end_of_table"`; of other tables the same as `first`. `ets:last/1`. */
  last<Key = Term>(tab: TableId): Key {
    return keyIn(readable(tab, "ets.last").table.end(true));
  },

  /**
   * The key after this one, or `"$end_of_table"`. An orderedSet gives the next greater one whether or
   * not the key is there; elsewhere a key that is gone is an error `badarg`. `ets:next/2`.
   */
  next<Key = Term>(tab: TableId, key: unknown): Key {
    return beside(tab, key, false, "ets.next");
  },

  /** The key before this one in an orderedSet, or `"$end_of_table"`; of other tables the same as `next`. `ets:prev/2`. */
  prev<Key = Term>(tab: TableId, key: unknown): Key {
    return beside(tab, key, true, "ets.prev");
  },

  // All objects, or some.

  /** All objects. Those of an orderedSet in the order of their keys. `ets:tab2list/1`. */
  tab2list<Row = Term>(tab: TableId): readonly Row[] {
    return readable(tab, "ets.tab2list").table.objects() as readonly unknown[] as readonly Row[];
  },

  /** Calls `step(object, so far)` with each object, and gives what the last one returned. `ets:foldl/3`. */
  foldl<Row = Term, Result = Term>(
    step: (object: Row, soFar: Result) => Result,
    start: Result,
    tab: TableId,
  ): Result {
    const objects = ets.tab2list<Row>(tab);
    return objects.reduce((soFar, object) => step(object, soFar), start);
  },

  /**
   * For each object that fits the pattern, what stood in the place of `"$1"`, `"$2"`, …: see
   * `matchObject`. `ets:match/2`.
   */
  match<Bindings = Term>(tab: TableId, pattern: TableObject | "_"): readonly Bindings[] {
    return readable(tab, "ets.match")
      .table.objects()
      .map((object) => bindingsOf(object, pattern))
      .filter((found) => found !== undefined) as readonly unknown[] as readonly Bindings[];
  },

  /**
   * The objects that fit a pattern: an array of the same length, with `"_"` (or `"$1"`, …, the same
   * wherever it stands) where anything may be; an object in it must be contained. `ets:match_object/2`.
   */
  matchObject<Row = Term>(tab: TableId, pattern: TableObject | "_"): readonly Row[] {
    return ets.select<Row>(tab, pattern);
  },

  /** Takes away the objects that fit a pattern. Always true. `ets:match_delete/2`. */
  matchDelete(tab: TableId, pattern: TableObject | "_"): true {
    ets.selectDelete(tab, pattern);
    return true;
  },

  /**
   * The objects of which a function says true, or that fit a pattern. Instead of a match specification:
   * the function runs in the caller, and must give true or false at once. `ets:select/2`.
   */
  select<Row = Term>(tab: TableId, which: Selection<Row>): readonly Row[] {
    return selected(readable(tab, "ets.select"), which, "ets.select") as readonly Row[];
  },

  /** How many objects `select` would give. `ets:select_count/2`. */
  selectCount<Row = Term>(tab: TableId, which: Selection<Row>): number {
    return selected(readable(tab, "ets.selectCount"), which, "ets.selectCount").length;
  },

  /** Takes away what `select` would give, and says how many that were. `ets:select_delete/2`. */
  selectDelete<Row = Term>(tab: TableId, which: Selection<Row>): number {
    const shelved = writable(tab, "ets.selectDelete");
    const found = selected(shelved, which, "ets.selectDelete") as readonly TableObject[];
    const before = shelved.table.size;
    change(shelved, 0, (table) => {
      for (const object of found) table.deleteObject(object);
    });
    return before - shelved.table.size;
  },
};

const TYPES: ReadonlySet<unknown> = new Set(["set", "orderedSet", "bag", "duplicateBag"]);
const PROTECTIONS: ReadonlySet<unknown> = new Set(["public", "protected", "private"]);
const BYTES_OF_WORD = 8;

// Objects.

/** Copies of what is to be put in. Refuses all when one has no key. */
function keptOf(objects: unknown, table: EtsTable, of: string): readonly Kept[] {
  if (!Array.isArray(objects)) throw badarg(of, "an object is an array, as a tuple is in Erlang");
  // An array of arrays is a list of objects. An object whose parts are all arrays has to stand in one.
  const isList = objects.every((part) => Array.isArray(part));
  return (isList ? objects : [objects]).map((object) => keep(object, table, of));
}

function keep(object: readonly unknown[], table: EtsTable, of: string): Kept {
  if (object.length < table.keypos) {
    throw badarg(of, `an object of this table needs a key at position ${table.keypos}`);
  }
  const { value, bytes } = copy(object);
  return { object: value as readonly unknown[], bytes };
}

function rows<Row>(kept: readonly Kept[]): readonly Row[] {
  return kept.map(({ object }) => object as unknown as Row);
}

function keyIn<Key>(slot: { readonly key: unknown } | undefined): Key {
  return (slot === undefined ? END : slot.key) as Key;
}

function beside<Key>(tab: TableId, key: unknown, isBefore: boolean, of: string): Key {
  const slot = readable(tab, of).table.beside(key, isBefore);
  if (slot !== "missing") return keyIn(slot);
  throw badarg(of, "this key is not in the table any more; go over ets.tab2list instead");
}

function selected(shelved: Shelved, which: unknown, of: string): readonly TableObject[] {
  const objects = shelved.table.objects();
  if (typeof which !== "function") {
    if (!Array.isArray(which) && !hasHoles(which)) {
      throw badarg(of, 'takes a function, an array with "_" where anything may be, or "_"');
    }
    return objects.filter((object) => fitsPattern(object, which));
  }
  return objects.filter((object) => {
    const isMeant: unknown = which(object);
    if (typeof isMeant === "boolean") return isMeant;
    throw badarg(of, `the function must give true or false, not ${typeof isMeant}`);
  });
}

// Changes in place.

function mustBeSet(table: EtsTable, of: string): void {
  if (!table.isSet) throw badarg(of, `only for a set or an orderedSet, not for a ${table.type}`);
}

function objectToCount(table: EtsTable, key: unknown, byDefault?: TableObject): TableObject {
  mustBeSet(table, "ets.updateCounter");
  const [kept] = table.lookup(key);
  if (kept !== undefined) return kept.object;
  if (byDefault === undefined) {
    throw badarg("ets.updateCounter", "there is no object with this key; give one as the default");
  }
  const object = [...keep(byDefault, table, "ets.updateCounter").object];
  object[table.keypos - 1] = key;
  return object;
}

function stepOf(step: unknown, table: EtsTable): CounterStep {
  return typeof step === "number" ? [table.keypos + 1, step] : (step as CounterStep);
}

/** Adds to a number in an object and gives the result. */
function count(object: unknown[], step: CounterStep, keypos: number): number {
  const of = "ets.updateCounter";
  if (!Array.isArray(step) || !step.every(Number.isSafeInteger)) {
    throw badarg(of, "a step is a whole number, [position, increment] or a list of these");
  }
  const [position, increment, threshold, setTo] = step;
  checkChangeable(object, position, keypos, of);
  const before = object[position - 1];
  if (!Number.isSafeInteger(before)) {
    throw badarg(of, `there is no whole number at position ${position}`);
  }
  const sum = (before as number) + increment;
  const isPast = threshold !== undefined && (increment < 0 ? sum < threshold : sum > threshold);
  const result = isPast ? (setTo as number) : sum;
  object[position - 1] = result;
  return result;
}

function putBack(shelved: Shelved, object: TableObject): void {
  const kept = keep(object, shelved.table, "ets");
  const added = shelved.table.has(shelved.table.keyOf(object)) ? 0 : 1;
  change(shelved, added, (table) => table.insert(kept));
}

function isPosition(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function checkPosition(object: TableObject, position: number, of: string): void {
  if (isPosition(position) && position <= object.length) return;
  throw badarg(of, `an object of ${object.length} parts has no position ${String(position)}`);
}

function checkChangeable(object: TableObject, position: number, keypos: number, of: string): void {
  checkPosition(object, position, of);
  if (position === keypos) throw badarg(of, "the key cannot be changed");
}
