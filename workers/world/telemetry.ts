/**
 * telemetry: those who know that something happened say so, and others decide what to do with it.
 * As the library of that name. Rules in SPEC.md, ME.
 *
 * Handlers are functions, kept beside the node and called at once, one after the other, in the
 * process that executes the event: what they take, it takes. One that fails is detached, so that a
 * mistake in watching does not become a mistake in what is watched more than once.
 */
import { brief, ErlangError, isStop, type Node, reasonOf } from "../kernel/index.ts";
import { here } from "../otp/here.ts";
import { log } from "../otp/log.ts";
import { isPromise } from "../otp/result.ts";
import type { Term } from "../otp/term.ts";

/** The name of an event: `["shop", "order", "stop"]` or, which is the same, `"shop.order.stop"`. */
export type EventName = string | readonly string[];

/** Figures of an event. */
export type Measurements = Readonly<Record<string, unknown>>;

/** What the event was about. */
export type EventMetadata = Readonly<Record<string, unknown>>;

/** What is called with each event; what it returns does not count, and a promise is not waited for. */
export type EventHandler = (
  event: readonly string[],
  measurements: Term,
  metadata: Term,
  config: Term,
) => unknown;

/** A handler that is attached. */
export interface AttachedHandler {
  readonly id: string;
  readonly event: readonly string[];
  readonly config: unknown;
}

interface Handler extends AttachedHandler {
  readonly handle: EventHandler;
}

/** Handlers that one node may have. */
const HANDLERS_MAX = 1000;

const tables = new WeakMap<Node, Map<string, readonly Handler[]>>();

/** Events of this node and those who listen to them. */
export const telemetry = {
  /**
   * Has `handler(event, measurements, metadata, config)` called with each such event of this node.
   * `["error", "already_exists"]` when the id is taken. At most 1,000 a node. `telemetry:attach/4`.
   */
  attach(
    id: string,
    event: EventName,
    handler: EventHandler,
    config?: unknown,
  ): "ok" | readonly ["error", "already_exists"] {
    return telemetry.attachMany(id, [event], handler, config);
  },

  /** As `attach`, for several events under one id. `telemetry:attach_many/4`. */
  attachMany(
    id: string,
    events: readonly EventName[],
    handler: EventHandler,
    config?: unknown,
  ): "ok" | readonly ["error", "already_exists"] {
    const table = tableOf(here().node);
    if (typeof handler !== "function") {
      throw new ErlangError("badarg", "telemetry.attach takes an id, an event and a function");
    }
    if (table.has(id)) return ["error", "already_exists"];
    if (table.size >= HANDLERS_MAX) {
      throw new ErlangError("system_limit", `a node has at most ${HANDLERS_MAX} handlers`);
    }
    const attached = events.map((event) => ({
      id,
      event: eventOf(event),
      config,
      handle: handler,
    }));
    table.set(id, attached);
    return "ok";
  },

  /** Takes a handler away; `["error", "not_found"]` when there is none of that id. `telemetry:detach/1`. */
  detach(id: string): "ok" | readonly ["error", "not_found"] {
    return tableOf(here().node).delete(id) ? "ok" : ["error", "not_found"];
  },

  /**
   * Says that something happened: calls the event's handlers in the running process, first attached
   * first. One that throws is detached, and a line says so. `telemetry:execute/3`.
   */
  execute(event: EventName, measurements: Measurements = {}, metadata: EventMetadata = {}): "ok" {
    const name = eventOf(event);
    for (const handler of handlersOf(here().node, name)) {
      const { handle, config } = handler;
      try {
        const result = handle(name, measurements, metadata, config);
        if (isPromise(result)) result.then(undefined, (thrown) => failed(handler, thrown));
      } catch (thrown) {
        failed(handler, thrown);
      }
    }
    return "ok";
  },

  /** The handlers whose events begin so, first attached first. `telemetry:list_handlers/1`. */
  listHandlers(prefix: EventName): readonly AttachedHandler[] {
    const start = prefix.length === 0 ? [] : eventOf(prefix);
    return [...tableOf(here().node).values()]
      .flat()
      .filter(({ event }) => start.every((part, i) => event[i] === part))
      .map(({ id, event, config }) => ({ id, event, config }));
  },
} as const;

function handlersOf(node: Node, name: readonly string[]): readonly Handler[] {
  const isMeant = ({ event }: Handler) =>
    event.length === name.length && event.every((part, i) => part === name[i]);
  return [...tableOf(node).values()].flat().filter(isMeant);
}

function failed(handler: Handler, thrown: unknown): void {
  if (isStop(thrown)) throw thrown;
  if (!tableOf(here().node).delete(handler.id)) return;
  const why = brief(reasonOf(thrown));
  log("error", `Handler ${handler.id} has failed and has been detached. Reason: ${why}`);
}

function tableOf(node: Node): Map<string, readonly Handler[]> {
  const table = tables.get(node) ?? new Map<string, readonly Handler[]>();
  tables.set(node, table);
  return table;
}

function eventOf(event: EventName): readonly string[] {
  const parts = typeof event === "string" ? event.split(".") : event;
  const isName =
    Array.isArray(parts) &&
    parts.length > 0 &&
    parts.every((part) => typeof part === "string" && part !== "");
  if (isName) return parts as readonly string[];
  throw new ErlangError(
    "badarg",
    'an event is an array of texts, or one text with dots: "shop.order.stop"',
  );
}
