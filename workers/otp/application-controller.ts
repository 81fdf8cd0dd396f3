/**
 * The application controller: one process on each node that starts and stops its applications, and
 * agrees with the controllers of other nodes where a distributed one runs.
 *
 * It never waits for a start, so that an application may start others. Controllers watch each other
 * by name: one that has ended or cannot be reached takes no part. What they tell each other: `join`
 * (I want this application to run: what is your part?) and `part` (this is mine now).
 * `application_controller.erl` and `dist_ac.erl`. Rules in SPEC.md, letter A.
 */
import { isPid, type Node, type Pid, type Ref } from "../kernel/index.ts";
import type { ApplicationCallbacks, ApplicationMode, StartType } from "./application-callbacks.ts";
import { ApplicationGroup, type Part } from "./application-group.ts";
import { runMaster, STOP } from "./application-master.ts";
import { call, cast, type From, reply } from "./call.ts";
import { type Steps, stopProcess } from "./child-process.ts";
import { type CallResult, genServer, type NoReplyResult } from "./gen-server.ts";
import { here, steps, wait } from "./here.ts";
import { monitorNodes } from "./nodes.ts";
import {
  demonitor,
  monitor,
  receive,
  send,
  sendAfter,
  spawnLink,
  trapExit,
  unlink,
  when,
} from "./processes.ts";
import { definitionBody } from "./start.ts";

/** The name of every node's controller. */
export const APPLICATION_CONTROLLER = "application_controller";

type Request =
  | readonly ["start_application", name: string, mode: ApplicationMode, args: unknown]
  | readonly ["stop_application", name: string]
  | "which_applications";

/** What masters and other controllers tell. */
type Told =
  | readonly ["application_started", name: string, master: Pid]
  | readonly ["join", name: string, node: string]
  | readonly ["part", name: string, node: string, part: Part | "none"];

/** An application that was started here, in whatever state. */
interface Entry {
  readonly name: string;
  readonly mode: ApplicationMode;
  readonly args: unknown;
  readonly callbacks: ApplicationCallbacks;
  /** Set when it is distributed. */
  readonly group: ApplicationGroup | undefined;
  /** Runs here, or is about to. */
  master: Pid | undefined;
  isUp: boolean;
  /** Those who wait for the start. */
  waiting: From[];
}

const tables = new WeakMap<Node, Map<string, ApplicationCallbacks>>();

/** The applications known on the running process's node: code, which messages do not carry. `ac_tab`. */
export function loadedOn(): Map<string, ApplicationCallbacks> {
  const { node } = here();
  const table = tables.get(node) ?? new Map<string, ApplicationCallbacks>();
  tables.set(node, table);
  return table;
}

/** Asks this node's controller, which is begun when nobody has needed it before. */
export function askController<Reply>(request: Request): Promise<Reply> {
  here().node.ensure(APPLICATION_CONTROLLER);
  return call<Reply>(APPLICATION_CONTROLLER, request, { timeout: Number.POSITIVE_INFINITY });
}

const CONTROLLER = genServer<Controller, Request, Told>({
  init() {
    trapExit(true);
    monitorNodes(true);
    return ["ok", new Controller()];
  },
  handleCall: (request, from, controller) => steps(() => controller.answer(request, from)),
  handleCast: (told, controller) => steps(() => controller.hear(told)),
  handleInfo: (message, controller) => controller.notice(message),
  terminate: (_reason, controller) => steps(() => controller.stopAll()),
});

/** The body of the controller's process. */
export const controllerBody: () => unknown = definitionBody(CONTROLLER, []);

class Controller {
  /** In the order of their starts. */
  readonly #entries = new Map<string, Entry>();
  /** Other nodes' controllers, by the monitor. */
  readonly #watched = new Map<Ref, string>();

  // What the processes of this node ask.

  *answer(request: Request, from: From): Steps<CallResult<Controller>> {
    if (request === "which_applications") return ["reply", this.#running(), this];
    if (request[0] === "stop_application") return ["reply", yield* this.#stop(request[1]), this];
    const [, name, mode, args] = request;
    const known = this.#entries.get(name);
    if (known !== undefined && known.waiting.length === 0)
      return ["reply", ["error", ["already_started", name]], this];
    if (known !== undefined) known.waiting.push(from);
    else this.#open({ name, mode, args, from });
    return ["noreply", this];
  }

  #open(start: { name: string; mode: ApplicationMode; args: unknown; from: From }): void {
    const { name, mode, args, from } = start;
    const callbacks = loadedOn().get(name) as ApplicationCallbacks;
    const { distributed, startType = "normal" } = callbacks;
    const own = here().node.name;
    const group = distributed === undefined ? undefined : new ApplicationGroup(distributed, own);
    const entry: Entry = {
      name,
      mode,
      args,
      callbacks,
      group,
      master: undefined,
      isUp: false,
      waiting: [from],
    };
    this.#entries.set(name, entry);
    if (group === undefined) this.#begin(entry, startType);
    else this.#join(entry, group);
  }

  #begin(entry: Entry, type: StartType): void {
    const { name, callbacks, args } = entry;
    const controller = here().pid;
    const applicationMaster = () => runMaster(name, callbacks, type, args, controller);
    entry.master = spawnLink(applicationMaster, []);
    this.#tell(entry, "starting");
  }

  *#stop(name: string): Steps<unknown> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return ["error", ["not_started", name]];
    yield* this.#stopMaster(entry);
    this.#close(entry, ["error", "stopped"]);
    return "ok";
  }

  *#stopMaster({ master }: Entry): Steps<void> {
    if (master === undefined) return;
    unlink(master);
    const ref = monitor(master);
    send(master, STOP);
    yield* wait(receive([when({ tag: "DOWN", ref }, () => undefined)]));
  }

  /** It is not among the applications of this node any more. */
  #close(entry: Entry, result: unknown): void {
    this.#entries.delete(entry.name);
    answerAll(entry, result);
    this.#tell(entry, "none");
  }

  #running(): readonly string[] {
    return [...this.#entries.values()]
      .filter(({ isUp }) => isUp)
      .map(({ name }) => name)
      .reverse();
  }

  /** In reverse order of their starts. */
  *stopAll(): Steps<void> {
    for (const { master } of [...this.#entries.values()].reverse())
      if (master !== undefined) yield* stopProcess(master, "infinity");
  }

  // What happens.

  *hear(told: Told): Steps<NoReplyResult<Controller>> {
    const entry = this.#entries.get(told[1]);
    switch (told[0]) {
      case "application_started":
        if (entry?.master === told[2]) yield* this.#isUp(entry);
        break;
      case "join":
        this.#joined(told[2], told[1], entry);
        break;
      case "part":
        if (entry?.group?.has(told[2])) yield* this.#heard(entry, entry.group, told[2], told[3]);
        break;
    }
    return ["noreply", this];
  }

  notice(message: unknown): NoReplyResult<Controller> {
    const { tag, from, reason, ref, name, node } = (message ?? {}) as Readonly<
      Record<string, unknown>
    >;
    if (tag === "EXIT" && isPid(from)) return this.#ended(from, reason);
    if (tag === "DOWN") this.#lost(ref as Ref);
    if (tag === "nodeup") this.#met(node as string);
    const entry = tag === "application_timeout" ? this.#entries.get(name as string) : undefined;
    if (entry?.group !== undefined) {
      entry.group.release();
      this.#decide(entry, entry.group);
    }
    return ["noreply", this];
  }

  *#isUp(entry: Entry): Steps<void> {
    entry.isUp = true;
    // Last in the order from now on: those it started itself were up before.
    this.#entries.delete(entry.name);
    this.#entries.set(entry.name, entry);
    answerAll(entry, "ok");
    this.#tell(entry, "running");
    if (entry.group?.mustYield()) yield* this.#leave(entry);
  }

  /** A master has ended: its application has failed to start, or has ended by itself. */
  #ended(master: Pid, reason: unknown): NoReplyResult<Controller> {
    const entry = [...this.#entries.values()].find((one) => one.master === master);
    if (entry === undefined) return ["noreply", this];
    this.#close(entry, ["error", reason]);
    const isHarmless =
      !entry.isUp ||
      entry.mode === "temporary" ||
      (entry.mode === "transient" && reason === "normal");
    if (isHarmless) return ["noreply", this];
    return ["stop", ["application_terminated", entry.name, reason], this];
  }

  // Distributed applications.

  #join(entry: Entry, group: ApplicationGroup): void {
    for (const node of group.others()) {
      this.#watch(node);
      cast({ name: APPLICATION_CONTROLLER, node }, ["join", entry.name, here().node.name]);
    }
    this.#decide(entry, group);
  }

  /** Another node wants it to run. If it took part before, that was in an earlier life. */
  #joined(node: string, name: string, entry: Entry | undefined): void {
    this.#watch(node);
    this.#say(node, name, entry?.group?.part(here().node.name) ?? "none");
    if (entry?.group === undefined) return;
    entry.group.gone(node);
    entry.group.heard(node, "standby");
    this.#decide(entry, entry.group);
  }

  /** Watches the controller of a node as it is now: an older monitor may be of its life before. */
  #watch(node: string): void {
    for (const [ref, watched] of this.#watched) {
      if (watched !== node) continue;
      demonitor(ref, { flush: true });
      this.#watched.delete(ref);
    }
    this.#watched.set(monitor({ name: APPLICATION_CONTROLLER, node }), node);
  }

  /** After a split each hears of the other: where both run it, one must leave it. */
  #met(node: string): void {
    for (const { name, group } of this.#entries.values()) {
      if (!group?.has(node)) continue;
      this.#watch(node);
      this.#say(node, name, group.part(here().node.name) ?? "none");
    }
  }

  *#heard(entry: Entry, group: ApplicationGroup, node: string, part: Part | "none"): Steps<void> {
    group.heard(node, part === "none" ? undefined : part);
    if (group.mustYield()) yield* this.#leave(entry);
    this.#decide(entry, group);
  }

  /** A better node runs it: this one stops it and stands by. */
  *#leave(entry: Entry): Steps<void> {
    yield* this.#stopMaster(entry);
    entry.master = undefined;
    entry.isUp = false;
    this.#tell(entry, "standby");
  }

  /** The controller of another node cannot be reached. */
  #lost(ref: Ref): void {
    const node = this.#watched.get(ref);
    if (node === undefined) return;
    this.#watched.delete(ref);
    for (const entry of this.#entries.values()) {
      const { name, group } = entry;
      if (group === undefined) continue;
      if (group.gone(node) && group.timeoutMs > 0) {
        group.hold();
        sendAfter(group.timeoutMs, { tag: "application_timeout", name });
      }
      this.#decide(entry, group);
    }
  }

  #decide(entry: Entry, group: ApplicationGroup): void {
    if (entry.master !== undefined) return;
    const decision = group.decide(entry.waiting.length > 0);
    switch (decision.kind) {
      case "wait":
        return;
      case "standby":
        answerAll(entry, "ok");
        return;
      case "start":
        this.#begin(entry, entry.callbacks.startType ?? "normal");
        return;
      case "failover":
        this.#begin(entry, { failover: decision.from });
        return;
      case "takeover":
        this.#begin(entry, { takeover: decision.from });
        return;
    }
  }

  /** This node's part is another one now: all nodes of the application hear of it. */
  #tell({ name, group }: Entry, part: Part | "none"): void {
    if (group === undefined) return;
    group.heard(here().node.name, part === "none" ? undefined : part);
    for (const node of group.others()) this.#say(node, name, part);
  }

  #say(node: string, name: string, part: Part | "none"): void {
    cast({ name: APPLICATION_CONTROLLER, node }, ["part", name, here().node.name, part]);
  }
}

function answerAll(entry: Entry, result: unknown): void {
  for (const from of entry.waiting) reply(from, result);
  entry.waiting = [];
}
