/** Processes, messages, links, monitors, names and timers (section 5). */
import { bed } from "./bed.ts";
import { type Script, settled } from "./coroutine.ts";
import { matcherOf } from "./expressions.ts";
import { type Arguments, calling, labelled, type Op, type Ops, rounded, sorted } from "./op.ts";
import { api } from "./product.ts";
import { runScript } from "./program.ts";
import type { Json, Step } from "./recording.ts";
import { decode, encode, encodeMs } from "./terms.ts";

/** Stands for "no message came in time". */
const TIMED_OUT = Symbol("timed out");

/** ms of the scenario's clock. */
export function clockMs(): number {
  return (api("monotonic") as number) - bed().startMs;
}

function spawning(path: string): Op {
  return {
    needs: [path],
    *run(step): Script<unknown> {
      const proc = step.text("proc");
      const label = step.has("as") ? step.text("as") : proc;
      const variables = Object.entries((step.raw("args") ?? {}) as Record<string, Json>).map(
        ([name, expression]) => [name, encode(step.evaluate(expression))],
      );
      const node = step.has("node") ? { node: step.value("node") } : {};
      const made = yield* settled(api(path, runScript, [proc, label, variables], node));
      const given = decode(made);
      const [pid, ref] = (Array.isArray(given) ? given : [given]) as readonly string[];
      bed().begin(label, pid as string);
      labelled(ref, step, "mon");
      return given;
    },
  };
}

export const PROCESS_OPS: Ops = {
  spawn: spawning("spawn"),
  spawn_link: spawning("spawnLink"),
  spawn_monitor: spawning("spawnMonitor"),
  exit: calling("exit", (step) => [step.term("reason")]),
  error: calling("error", (step) => [step.term("reason")]),
  throw: {
    needs: [],
    run(step) {
      throw step.term("reason");
    },
  },
  exit2: calling("exit", (step) => [step.destination("to"), step.term("reason")], always(true)),
  link: calling("link", (step) => [step.destination("to")], always(true)),
  unlink: calling("unlink", (step) => [step.destination("to")], always(true)),
  monitor: calling(
    "monitor",
    (step) => [step.destination("target"), ...(step.has("alias") ? [aliasOption(step)] : [])],
    (ref, step) => labelled(ref, step),
  ),
  demonitor: calling("demonitor", (step) => [step.term("ref"), flags(step)]),
  alias: calling(
    "alias",
    () => [],
    (ref, step) => labelled(ref, step),
  ),
  unalias: calling("unalias", (step) => [step.term("ref")]),
  make_ref: calling(
    "makeRef",
    () => [],
    (ref, step) => labelled(ref, step),
  ),
  flag: {
    needs: ["trapExit"],
    run(step) {
      if (step.value("flag") !== "trap_exit") throw new Error("no other flag than trap_exit");
      return api("trapExit", step.term("value"));
    },
  },
  register: calling(
    "register",
    (step) => [step.term("name"), ...(step.has("pid") ? [step.term("pid")] : [])],
    always(true),
  ),
  unregister: calling("unregister", (step) => [step.term("name")], always(true)),
  whereis: calling("whereis", (step) => [step.term("name")]),
  is_alive: calling("isProcessAlive", (step) => [step.term("pid")]),
  info: { needs: ["processInfo"], run: info },
  send: calling(
    "send",
    (step) => [step.destination("to"), step.term("msg")],
    (_given, step) => step.value("msg"),
  ),
  send_after: arming("sendAfter"),
  start_timer: arming("startTimer"),
  cancel_timer: calling(
    "cancelTimer",
    (step) => [step.term("ref"), ...timerOptions(step)],
    rounded,
  ),
  read_timer: calling("readTimer", (step) => [step.term("ref")], rounded),
  recv: { needs: ["receive", "when"], run: recv },
  drain: {
    needs: ["receive", "when"],
    *run() {
      while ((yield* receiveOne(0)) !== TIMED_OUT);
    },
  },
  collect: {
    needs: ["receive", "when"],
    *run(step) {
      yield* collectUntil(clockMs() + (step.value("ms") as number));
    },
  },
  collect_until: {
    needs: ["receive", "when"],
    *run(step) {
      yield* collectUntil(step.value("ms") as number);
    },
  },
};

function always(value: unknown): () => unknown {
  return () => value;
}

const ALIAS_OPTIONS: Readonly<Record<string, string>> = {
  explicit_unalias: "explicitUnalias",
  demonitor: "demonitor",
  reply_demonitor: "replyDemonitor",
};

function aliasOption(step: Arguments): unknown {
  return { alias: ALIAS_OPTIONS[step.text("alias")] };
}

/** A list of atoms as the API's options: `{ flush: true }`. */
function flags(step: Arguments): unknown {
  const names = (step.has("opts") ? step.value("opts") : []) as readonly string[];
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** `[{info, false}]` as the API's options: `{ info: false }`. */
function timerOptions(step: Arguments): readonly unknown[] {
  if (!step.has("opts")) return [];
  return [Object.fromEntries(step.value("opts") as readonly (readonly [string, unknown])[])];
}

function arming(path: string): Op {
  return calling(
    path,
    (step) => [
      step.ms("ms"),
      step.term("msg"),
      ...(step.has("to") ? [step.destination("to")] : []),
    ],
    (ref, step) => labelled(ref, step),
  );
}

/** What Erlang calls an item, and its field in the API's `ProcessInfo`. */
const INFO_FIELDS: Readonly<Record<string, string>> = {
  links: "links",
  monitors: "monitors",
  monitored_by: "monitoredBy",
  messages: "messages",
  message_queue_len: "messageQueueLen",
  registered_name: "registeredName",
  trap_exit: "trapExit",
  status: "status",
};

function* info(step: Arguments): Script<unknown> {
  const item = step.text("item");
  const field = INFO_FIELDS[item];
  if (field === undefined) throw new Error(`no item ${item}`);
  const pid = step.has("pid") ? step.term("pid") : api("self");
  const found = (yield* settled(api("processInfo", pid))) as Record<string, unknown> | undefined;
  if (found === undefined) return "undefined";
  if (!(field in found)) throw new Error(`processInfo has no ${field}`);
  if (item === "registered_name" && found[field] === undefined) return [];
  const value = decode(found[field]);
  return [item, ["links", "monitors", "monitored_by"].includes(item) ? sorted(value) : value];
}

function* recv(step: Arguments): Script<void> {
  const clauses = step.has("clauses")
    ? (step.raw("clauses") as readonly { readonly match: Json; readonly do?: readonly Step[] }[])
    : [{ match: step.raw("match") as Json, do: step.steps("do") }];
  const isQuiet = step.raw("quiet") === true;
  const matchers = clauses.map(({ match }) => matcherOf(match, step.variables));
  const taken = yield* settled(
    api(
      "receive",
      matchers.map((matcher, i) =>
        api(
          "when",
          (message: unknown) => matcher(decode(message)) !== undefined,
          (message: unknown) => ({ i, message: decode(message) }),
        ),
      ),
      {
        ...(step.has("after") ? { after: encodeMs(step.value("after")) } : {}),
        otherwise: timedOut,
      },
    ),
  );
  if (taken === TIMED_OUT) {
    if (!isQuiet) bed().write("timeout");
    yield* bed().perform(step.steps("on_timeout"), step.variables);
    return;
  }
  const { i, message } = taken as { readonly i: number; readonly message: unknown };
  if (!isQuiet) bed().write("recv", message);
  for (const [name, value] of matchers[i]?.(message) ?? []) step.variables.set(name, value);
  yield* bed().perform(clauses[i]?.do ?? [], step.variables);
}

function timedOut(): symbol {
  return TIMED_OUT;
}

function* collectUntil(ms: number): Script<void> {
  while ((yield* receiveOne(Math.max(0, ms - clockMs()))) !== TIMED_OUT);
}

/** Receives any message and logs it, or gives up after `ms`. */
function* receiveOne(ms: number): Script<unknown> {
  const any = api(
    "when",
    () => true,
    (message: unknown) => ({ message: decode(message) }),
  );
  const taken = yield* settled(api("receive", [any], { after: ms, otherwise: timedOut }));
  if (taken !== TIMED_OUT) bed().write("recv", (taken as { readonly message: unknown }).message);
  return taken;
}
