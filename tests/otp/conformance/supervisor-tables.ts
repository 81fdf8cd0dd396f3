/** Supervisors made from tables, and the start functions of their children (section 7). */
import { bed, type Variables } from "./bed.ts";
import { drive, type Script, settled } from "./coroutine.ts";
import { evaluate } from "./expressions.ts";
import { api } from "./product.ts";
import { runScript } from "./program.ts";
import type { Fields, Json } from "./recording.ts";
import { serverOf } from "./server-tables.ts";
import { decode, encode, encodeMs } from "./terms.ts";

const NO_VARIABLES: Variables = new Map();

/** Flags that the API spells in its own way. */
const FLAG_NAMES: Readonly<Record<string, string>> = { auto_shutdown: "autoShutdown" };

/** The scenario's supervisor `name`, whose process gets `label`. */
export function supervisorOf(name: string, label: string): unknown {
  const table = bed().recording.supervisors?.[name];
  if (table === undefined) throw new Error(`the scenario has no supervisor "${name}"`);
  function* init(): Script<unknown> {
    bed().begin(label, String(api("self")));
    yield* bed().perform(table?.init_do ?? [], new Map());
    if (table?.init_return !== undefined) return encode(evaluate(table.init_return, NO_VARIABLES));
    const flags = Object.entries(table?.flags ?? {}).map(([flag, value]) => [
      FLAG_NAMES[flag] ?? flag,
      encodeMs(value),
    ]);
    const children = (table?.children ?? []).map((child) =>
      specOf(
        child,
        (start) =>
          (...extra: readonly unknown[]) =>
            startByTable(start, ...extra),
      ),
    );
    return ["ok", [Object.fromEntries(flags), children]];
  }
  return api("supervisor", { init: () => drive(init()) });
}

/** A child specification that can be sent: its start function is named, not carried. */
export function sendableSpec(child: Fields): unknown {
  return specOf(child, (start) => [startByTable, [start]]);
}

function specOf(child: Fields, startOf: (start: Fields) => unknown): unknown {
  const fields = Object.entries(child).map(([key, value]) => [
    key,
    key === "start" ? startOf(value as Fields) : encodeMs(value),
  ]);
  return Object.fromEntries(fields);
}

/** A child's start function: called in its supervisor, gives what OTP's start functions return. */
export function startByTable(start: Fields, ...extra: readonly unknown[]): unknown {
  return drive(startChild(start, extra));
}

function* startChild(start: Fields, extra: readonly unknown[]): Script<unknown> {
  if (Array.isArray(start["seq"])) {
    const nth = pick(start["seq"], bed().count(String(start["key"])));
    return yield* startChild(nth as Fields, extra);
  }
  if (start["raw"] !== undefined) return encode(evaluate(start["raw"], NO_VARIABLES));
  if (start["raise"] !== undefined) return raise(start["raise"] as readonly [string, Json]);
  const label = String(start["as"] === "$arg" ? extra[0] : start["as"]);
  const made = yield* make(start, label, extra);
  if (start["info"] === undefined || !Array.isArray(made) || made[0] !== "ok") return made;
  return [...made, encode(evaluate(start["info"], NO_VARIABLES))];
}

function* make(start: Fields, label: string, extra: readonly unknown[]): Script<unknown> {
  const options =
    start["name"] === undefined ? {} : { name: decode(evaluate(start["name"], NO_VARIABLES)) };
  if (typeof start["server"] === "string") {
    const given =
      start["arg"] === undefined ? "none" : encode(evaluate(start["arg"], NO_VARIABLES));
    const arg = start["as"] === "$arg" ? extra[0] : given;
    return yield* settled(api("startLink", serverOf(start["server"], label), [arg], options));
  }
  if (typeof start["sup"] === "string") {
    return yield* settled(api("startLink", supervisorOf(start["sup"], label), [], options));
  }
  const nodes = start["seq_node"] as readonly Json[] | undefined;
  const node = nodes ? pick(nodes, bed().count(String(start["key"]))) : start["node"];
  const spawned = yield* settled(
    api(
      start["link"] === false ? "spawn" : "spawnLink",
      runScript,
      [start["proc"], label, []],
      node === undefined ? {} : { node: evaluate(node, NO_VARIABLES) },
    ),
  );
  bed().begin(label, spawned as string);
  return ["ok", spawned];
}

/** The n-th, from 1; the last one repeats. */
function pick<T>(list: readonly T[], n: number): T {
  return list[Math.min(n, list.length) - 1] as T;
}

function raise([kind, reason]: readonly [string, Json]): unknown {
  const term = encode(evaluate(reason, NO_VARIABLES));
  if (kind === "throw") throw term;
  return api(kind, term);
}
