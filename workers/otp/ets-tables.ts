/**
 * The ets tables of a node: their names, their owners, who may do what, and what becomes of them
 * when an owner ends. Rules in SPEC.md, ET.
 *
 * An owner's end is heard of by `endings` of its process: in the instant of its death, before links
 * and watchers are told. So nobody ever sees a table of the dead, and an heir has it before it hears
 * why. A monitor would come too late for both.
 */
import {
  copy,
  ErlangError,
  isPid,
  type Node,
  type Pid,
  type Process,
  type Ref,
} from "../kernel/index.ts";
import { EtsTable, type TableType } from "./ets-table.ts";
import { here } from "./here.ts";

/** A table: its name if it was made with `named`, else the reference that `ets.new` gave. `ets:table()`. */
export type TableId = string | Ref;

/** Who may read and write: everybody, everybody and the owner, or the owner alone. */
export type Protection = "public" | "protected" | "private";

/** What comes to the new owner of a table, by inheritance or by `ets.giveAway`. `{'ETS-TRANSFER', Tab, FromPid, Data}`. */
export interface EtsTransfer {
  readonly tag: "ETS-TRANSFER";
  readonly table: TableId;
  /** The owner before. */
  readonly from: Pid;
  readonly data: unknown;
}

/** Who gets a table when its owner ends, and what it is then told. */
export interface Heir {
  readonly pid: Pid;
  readonly data: unknown;
}

/** A table with all that belongs to it. */
export interface Shelved {
  readonly table: EtsTable;
  readonly ref: Ref;
  readonly isNamed: boolean;
  readonly protection: Protection;
  name: string;
  owner: Pid;
  heir: Heir | undefined;
}

/** What a table is made with; all checked. */
export interface TableSpec {
  readonly name: string;
  readonly type: TableType;
  readonly protection: Protection;
  readonly isNamed: boolean;
  readonly keypos: number;
  readonly heir: Heir | undefined;
}

/** Tables that a node may have, and objects in all of them. Past these an error `system_limit`. */
const TABLES_MAX = 10_000;
const OBJECTS_MAX = 1_000_000;

interface Shelf {
  readonly byRef: Map<string, Shelved>;
  readonly byName: Map<string, Shelved>;
  /** Objects in all tables. */
  objectCount: number;
}

const shelves = new WeakMap<Node, Shelf>();

function shelfOf(node: Node): Shelf {
  const known = shelves.get(node);
  if (known !== undefined) return known;
  const shelf: Shelf = { byRef: new Map(), byName: new Map(), objectCount: 0 };
  shelves.set(node, shelf);
  return shelf;
}

// Making, naming, ending.

/** Makes a table that belongs to the running process. */
export function createTable(spec: TableSpec): TableId {
  const owner = here();
  const shelf = shelfOf(owner.node);
  const { name, type, protection, isNamed, keypos, heir } = spec;
  if (isNamed && shelf.byName.has(name)) throw badarg("ets.new", `the name "${name}" is taken`);
  if (shelf.byRef.size >= TABLES_MAX) {
    throw new ErlangError("system_limit", `a node may have ${TABLES_MAX} ets tables`);
  }
  const ref = owner.node.makeRef();
  const table = new EtsTable(type, keypos);
  const shelved = { table, ref, isNamed, protection, name, owner: owner.pid, heir };
  shelf.byRef.set(ref, shelved);
  if (isNamed) shelf.byName.set(name, shelved);
  watchOwner(owner);
  return idOf(shelved);
}

/** Gives a table another name. */
export function renameTable(shelved: Shelved, name: string): TableId {
  const { byName } = shelfOf(here().node);
  if (shelved.isNamed) {
    if (byName.has(name)) throw badarg("ets.rename", `the name "${name}" is taken`);
    byName.delete(shelved.name);
    byName.set(name, shelved);
  }
  shelved.name = name;
  return idOf(shelved);
}

/** Takes a table away. */
export function dropTable(node: Node, shelved: Shelved): void {
  const shelf = shelfOf(node);
  shelf.byRef.delete(shelved.ref);
  if (shelved.isNamed) shelf.byName.delete(shelved.name);
  shelf.objectCount -= shelved.table.size;
}

/** Does something to a table's objects, at most `added` more, and keeps count of those of the node. */
export function change<Result>(
  { table }: Shelved,
  added: number,
  apply: (table: EtsTable) => Result,
): Result {
  const shelf = shelfOf(here().node);
  if (shelf.objectCount + added > OBJECTS_MAX) {
    throw new ErlangError("system_limit", `the ets tables of a node hold ${OBJECTS_MAX} objects`);
  }
  const before = table.size;
  try {
    return apply(table);
  } finally {
    shelf.objectCount += table.size - before;
  }
}

// Owners.

/** Nodes' owners of tables, so that each is listened to once. */
const watched = new WeakSet<Process>();

function watchOwner(owner: Process): void {
  if (watched.has(owner)) return;
  watched.add(owner);
  owner.endings ??= new Set();
  owner.endings.add(() => ownerEnded(owner));
}

/** Each table of the dead goes to its heir, if that lives, or away. Oldest first, as on the BEAM. */
function ownerEnded(owner: Process): void {
  for (const shelved of [...shelfOf(owner.node).byRef.values()]) {
    if (shelved.owner !== owner.pid) continue;
    const { heir } = shelved;
    const heirProcess = heir === undefined ? undefined : owner.node.find(heir.pid);
    if (heirProcess === undefined) dropTable(owner.node, shelved);
    else transfer(owner, shelved, heirProcess, heir?.data);
  }
}

/** Another process becomes the owner, and is told. */
export function transfer(from: Process, shelved: Shelved, to: Process, data: unknown): void {
  shelved.owner = to.pid;
  watchOwner(to);
  const table = idOf(shelved);
  const message: EtsTransfer = { tag: "ETS-TRANSFER", table, from: from.pid, data };
  from.node.send(from, to.pid, message);
}

/** The heir that `[pid, data]` or `"none"` names. One that has ended, or lives elsewhere, is none. */
export function heirIn(heir: unknown, of: string): Heir | undefined {
  if (heir === undefined || heir === "none") return undefined;
  const [pid, data, ...rest]: readonly unknown[] = Array.isArray(heir) ? heir : [];
  if (!isPid(pid) || rest.length > 0) throw badarg(of, 'heir is [pid, data] or "none"');
  return here().node.find(pid) === undefined ? undefined : { pid, data: copy(data).value };
}

// Finding, with the right to do something.

/** What a table is called by: its name, or its reference. */
export function idOf({ isNamed, name, ref }: Shelved): TableId {
  return isNamed ? name : ref;
}

/** All tables of the running process's node, oldest first. */
export function allTables(): readonly Shelved[] {
  return [...shelfOf(here().node).byRef.values()];
}

/** The table that is called so, or undefined. */
export function findTable(id: unknown): Shelved | undefined {
  const shelf = shelfOf(here().node);
  return typeof id === "string" ? (shelf.byName.get(id) ?? shelf.byRef.get(id)) : undefined;
}

/** The table with this name, made with `named`. */
export function findNamed(name: string): Shelved | undefined {
  return shelfOf(here().node).byName.get(name);
}

/** A table that the running process may read. */
export function readable(id: unknown, of: string): Shelved {
  const shelved = existing(id, of);
  if (shelved.protection !== "private" || isOwner(shelved)) return shelved;
  throw badarg(of, `${nameOf(shelved)} is private: only its owner ${shelved.owner} may read it`);
}

/** A table that the running process may write. */
export function writable(id: unknown, of: string): Shelved {
  const shelved = existing(id, of);
  if (shelved.protection === "public" || isOwner(shelved)) return shelved;
  const { protection, owner } = shelved;
  throw badarg(
    of,
    `${nameOf(shelved)} is ${protection}: only its owner ${owner} may change it; make it with { access: "public" } or ask the owner`,
  );
}

/** A table of the running process. */
export function owned(id: unknown, of: string): Shelved {
  const shelved = existing(id, of);
  if (isOwner(shelved)) return shelved;
  throw badarg(of, `${nameOf(shelved)} belongs to ${shelved.owner}, who alone may do this`);
}

function existing(id: unknown, of: string): Shelved {
  const shelved = findTable(id);
  if (shelved !== undefined) return shelved;
  throw badarg(
    of,
    `no table ${String(id)} on this node; a table ends with its owner, and has a name only when made with { named: true }`,
  );
}

function isOwner(shelved: Shelved): boolean {
  return shelved.owner === here().pid;
}

function nameOf(shelved: Shelved): string {
  return `table "${shelved.name}"`;
}

/** An error `badarg` that names the function it comes from. */
export function badarg(of: string, text: string): ErlangError {
  return new ErlangError("badarg", `${of}: ${text}`);
}
