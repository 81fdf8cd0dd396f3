/**
 * registry: a local store of keys and the processes that registered under them. Elixir's Registry.
 * Rules in SPEC.md, J.
 *
 * Everything but the start is done at once by whoever asks, without a message, as Elixir does it in
 * ets tables. The registry's process is linked with each process that is registered: it traps
 * exits and takes away what the dead had. When it ends itself, its tables go and the links tell.
 * This file imports no behaviour, so that all of them can resolve `{ via: [registry, key] }`.
 */
import {
  type CoPromise,
  copy,
  type Envelope,
  ErlangError,
  type Node,
  type Pid,
  type Process,
  SIGNAL,
} from "../kernel/index.ts";
import { here, steps, wait } from "./here.ts";
import { keyOf } from "./term-key.ts";

/** A name in a registry with unique keys. `{via, Registry, {Registry, Key}}`. */
export interface ViaName {
  readonly via: readonly [registry: string, key: unknown, value?: unknown];
}

/** How a registry is made. */
export interface RegistryOptions {
  /** The name by which it is used, on this node. */
  readonly name: string;
  /** `"unique"`: one process a key; `"duplicate"`: any number, and each any number of times. */
  readonly keys: "unique" | "duplicate";
  /** Registered names of processes that are told of each `register` and `unregister`; default none. */
  readonly listeners?: readonly string[];
  /** Anything to be looked up with `meta`. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** What comes to a listener. Nothing comes when a process's entries vanish with it: monitor it for that. */
export type ListenerMessage =
  | {
      readonly tag: "register";
      readonly registry: string;
      readonly key: unknown;
      readonly pid: Pid;
      readonly value: unknown;
    }
  | {
      readonly tag: "unregister";
      readonly registry: string;
      readonly key: unknown;
      readonly pid: Pid;
    };

interface Entry {
  readonly key: unknown;
  readonly pid: Pid;
  value: unknown;
}

interface RegistryTable {
  /** The registry's process; when that is dead there is no registry. */
  readonly owner: Pid;
  /** Who started it: linked with it whether registered or not. */
  readonly parent: Pid;
  readonly options: RegistryOptions;
  readonly meta: Map<string, unknown>;
  /** By `keyOf` of the key; oldest first. */
  readonly entries: Map<string, readonly Entry[]>;
  /** The same entries by process, oldest first. */
  readonly ofProcess: Map<Pid, readonly Entry[]>;
}

const tables = new WeakMap<Node, Map<string, RegistryTable>>();

/**
 * Names of a node that need not be texts, for processes that come and go: one process a name, or many.
 * A process that ends has none any more. Elixir's `Registry`.
 */
export const registry = {
  /**
   * Starts a registry, linked with the caller: `["ok", pid]`, or `["error", ["already_started",
   * pid]]` when the name is taken. `Registry.start_link/1`.
   */
  startLink(
    options: RegistryOptions,
  ): readonly ["ok", Pid] | readonly ["error", readonly ["already_started", Pid]] {
    const parent = here();
    const { name, keys } = options ?? {};
    if (typeof name !== "string" || (keys !== "unique" && keys !== "duplicate")) {
      throw new ErlangError(
        "badarg",
        'registry.startLink takes { name: "…", keys: "unique" | "duplicate" }',
      );
    }
    const taken = parent.node.find(name);
    if (taken !== undefined) return ["error", ["already_started", taken.pid]];
    const { process } = parent.node.spawn(() => serve(parent.pid), {
      parent,
      link: true,
      label: "registry",
      name,
    });
    // At once, not in its first step: a parent that ends before that must not be missed.
    process.trapsExits = true;
    createTable(process, parent.pid, options);
    return ["ok", process.pid];
  },

  /**
   * Registers the running process under a key, with a value. `["ok", owner]`, the owner being the
   * registry's process, which is linked with the caller from now on; or `["error",
   * ["already_registered", pid]]` when keys are unique and the key is taken. `Registry.register/3`.
   */
  register(
    name: string,
    key: unknown,
    value?: unknown,
  ): readonly ["ok", Pid] | readonly ["error", readonly ["already_registered", Pid]] {
    const process = here();
    const table = running(name);
    const holder = table.options.keys === "unique" ? holderOf(table, key) : undefined;
    if (holder !== undefined) return ["error", ["already_registered", holder.pid]];
    const entry = { key: copy(key).value, pid: process.pid, value: copy(value).value };
    process.node.link(process, table.owner);
    add(table.entries, keyOf(key), entry);
    add(table.ofProcess, process.pid, entry);
    const { pid } = entry;
    tell(table, { tag: "register", registry: name, key: entry.key, pid, value: entry.value });
    return ["ok", table.owner];
  },

  /** Takes away all entries of the running process under a key. Always `"ok"`. `Registry.unregister/2`. */
  unregister(name: string, key: unknown): "ok" {
    const process = here();
    const table = running(name);
    const text = keyOf(key);
    remove(table, process.pid, (entry) => keyOf(entry.key) === text);
    if (!table.ofProcess.has(process.pid) && process.pid !== table.parent) {
      process.node.unlink(process, table.owner);
    }
    tell(table, { tag: "unregister", registry: name, key: copy(key).value, pid: process.pid });
    return "ok";
  },

  /** Who is registered under a key, with the values: `[[pid, value], …]`. `Registry.lookup/2`. */
  lookup(name: string, key: unknown): readonly (readonly [Pid, unknown])[] {
    const table = running(name);
    if (table.options.keys === "unique") {
      const holder = holderOf(table, key);
      return holder === undefined ? [] : [[holder.pid, holder.value]];
    }
    return entriesOf(table, key).map(({ pid, value }) => [pid, value]);
  },

  /**
   * Calls `action([[pid, value], …])` in the running process with everyone under a key; not at all
   * when there is nobody. Waits for what it returns. `Registry.dispatch/3`.
   */
  dispatch(
    name: string,
    key: unknown,
    action: (entries: readonly (readonly [Pid, unknown])[]) => unknown,
  ): Promise<"ok"> {
    const entries = registry.lookup(name, key);
    return steps(function* (): Generator<unknown, "ok", unknown> {
      if (entries.length > 0) yield* wait(action(entries));
      return "ok";
    }) as CoPromise<"ok">;
  },

  /** The keys under which a process is registered, oldest first; with duplicates as often as it is. `Registry.keys/2`. */
  keys(name: string, pid: Pid): readonly unknown[] {
    return (running(name).ofProcess.get(pid) ?? []).map(({ key }) => key);
  },

  /** The values that a process has registered under a key. `Registry.values/3`. */
  values(name: string, key: unknown, pid: Pid): readonly unknown[] {
    return entriesOf(running(name), key)
      .filter((entry) => entry.pid === pid)
      .map(({ value }) => value);
  },

  /**
   * Replaces the value of the running process under a key by `change(value)`: `[new, old]`, or
   * `"error"` when it is not registered there. For unique keys only. `Registry.update_value/3`.
   */
  updateValue(
    name: string,
    key: unknown,
    change: (value: never) => unknown,
  ): readonly [unknown, unknown] | "error" {
    const { pid } = here();
    const table = unique(name, "registry.updateValue");
    const entry = entriesOf(table, key).find((candidate) => candidate.pid === pid);
    if (entry === undefined) return "error";
    const old = entry.value;
    entry.value = copy(change(old as never)).value;
    return [entry.value, old];
  },

  /** How many entries there are. `Registry.count/1`. */
  count(name: string): number {
    let total = 0;
    for (const entries of running(name).entries.values()) total += entries.length;
    return total;
  },

  /** What was stored with the registry: `["ok", value]` or `"error"`. `Registry.meta/2`. */
  meta(name: string, key: string): readonly ["ok", unknown] | "error" {
    const { meta } = running(name);
    return meta.has(key) ? ["ok", meta.get(key)] : "error";
  },

  /** Stores something with the registry. `Registry.put_meta/3`. */
  putMeta(name: string, key: string, value: unknown): "ok" {
    running(name).meta.set(key, copy(value).value);
    return "ok";
  },
};

// Names of the form { via: [registry, key] }.

/** True for `{ via: [registry, key] }`. */
export function isViaName(value: unknown): value is ViaName {
  return typeof value === "object" && value !== null && Array.isArray((value as ViaName).via);
}

/** Who is registered under a via name, read at once; undefined when nobody. `Registry.whereis_name/1`. */
export function whereisVia({ via: [name, key] }: ViaName): Pid | undefined {
  return holderOf(unique(name, "a via name"), key)?.pid;
}

/** Registers the running process under a via name: false when it is taken. `Registry.register_name/2`. */
export function registerVia({ via: [name, key, value] }: ViaName): boolean {
  unique(name, "a via name");
  return registry.register(name, key, value)[0] === "ok";
}

/** Takes a via name away from the running process. `Registry.unregister_name/1`. */
export function unregisterVia({ via: [name, key] }: ViaName): void {
  registry.unregister(name, key);
}

// The registry's process.

/** The life of a registry's process: it cleans up after the dead, and ends with its parent. */
function serve(parent: Pid): void {
  const process = here();
  process.node.become(process, (envelope) => {
    ended(process, parent, envelope);
    return undefined;
  });
}

function ended(process: Process, parent: Pid, envelope: Envelope): void {
  if (envelope.signal !== SIGNAL.exit) return;
  const { from, reason } = envelope.body as { readonly from: Pid; readonly reason: unknown };
  if (from === parent) process.node.exit(process, reason);
  else remove(tableOf(process.node, process.name ?? ""), from, () => true);
}

// The tables.

function createTable({ node, pid }: Process, parent: Pid, options: RegistryOptions): void {
  const known = tables.get(node) ?? new Map<string, RegistryTable>();
  known.set(options.name, {
    owner: pid,
    parent,
    options: { ...options },
    meta: new Map(Object.entries((copy(options.meta ?? {}).value ?? {}) as object)),
    entries: new Map(),
    ofProcess: new Map(),
  });
  tables.set(node, known);
}

function tableOf(node: Node, name: string): RegistryTable | undefined {
  const table = tables.get(node)?.get(name);
  return table !== undefined && node.find(table.owner) !== undefined ? table : undefined;
}

function running(name: string): RegistryTable {
  const table = tableOf(here().node, name);
  if (table !== undefined) return table;
  throw new ErlangError(
    "badarg",
    `unknown registry: ${String(name)}; start it on this node with registry.startLink`,
  );
}

function unique(name: string, what: string): RegistryTable {
  const table = running(name);
  if (table.options.keys === "unique") return table;
  throw new ErlangError("badarg", `${what} needs unique keys; "${name}" has duplicate ones`);
}

function entriesOf(table: RegistryTable, key: unknown): readonly Entry[] {
  return table.entries.get(keyOf(key)) ?? [];
}

/** The living process that has a unique key. */
function holderOf(table: RegistryTable, key: unknown): Entry | undefined {
  const { node } = here();
  return entriesOf(table, key).find(({ pid }) => node.find(pid) !== undefined);
}

function remove(
  table: RegistryTable | undefined,
  pid: Pid,
  isRemoved: (entry: Entry) => boolean,
): void {
  for (const entry of table?.ofProcess.get(pid) ?? []) {
    if (!isRemoved(entry)) continue;
    drop(table?.entries, keyOf(entry.key), entry);
    drop(table?.ofProcess, pid, entry);
  }
}

function add<Key>(map: Map<Key, readonly Entry[]>, key: Key, entry: Entry): void {
  map.set(key, [...(map.get(key) ?? []), entry]);
}

function drop<Key>(map: Map<Key, readonly Entry[]> | undefined, key: Key, entry: Entry): void {
  const rest = (map?.get(key) ?? []).filter((candidate) => candidate !== entry);
  if (rest.length > 0) map?.set(key, rest);
  else map?.delete(key);
}

function tell(table: RegistryTable, message: ListenerMessage): void {
  const process = here();
  for (const listener of table.options.listeners ?? []) {
    if (process.node.find(listener) !== undefined) process.node.send(process, listener, message);
  }
}
