/**
 * A supervisor of tasks, and tasks under one: they are linked with the supervisor, and with their
 * owner only if the owner wants it. Elixir's Task.Supervisor. Rules in SPEC.md, I.
 *
 * A task is never restarted: nobody would know its result. Functions do not travel in messages,
 * but a task may be any function, so a supervisor of the same node is given it beside the request.
 */
import {
  copy,
  ErlangError,
  isPid,
  type Node,
  nodeOfAddress,
  type Pid,
  type Process,
  type Ref,
} from "../kernel/index.ts";
import { call } from "./call.ts";
import { genServer, type NoReplyResult } from "./gen-server.ts";
import { here, steps, wait } from "./here.ts";
import { locate, type ServerRef } from "./naming.ts";
import {
  demonitor,
  exit,
  link,
  makeRef,
  monitor,
  node,
  receive,
  self,
  send,
  trapExit,
  when,
} from "./processes.ts";
import type { Definition } from "./start.ts";
import { replyWith, type Task, waitFor } from "./task-owner.ts";

/** How many tasks a supervisor allows. `Task.Supervisor.start_link/1`. */
export interface TaskSupervisorOptions {
  /** Past it no task is started. Default Infinity. */
  readonly maxChildren?: number;
}

/** How a task under a supervisor is stopped when the supervisor ends. */
export interface SupervisedOptions {
  /** Milliseconds it has before it is killed, or `"brutal_kill"`; default 5,000. */
  readonly shutdown?: number | "brutal_kill";
}

const SHUTDOWN_MS = 5000;

type Shutdown = NonNullable<SupervisedOptions["shutdown"]>;
type StartResult = readonly ["ok", Pid] | readonly ["error", "max_children"];

type Request =
  | readonly ["start_task", Work, Shutdown]
  | readonly ["terminate_child", Pid]
  | readonly ["children"];

interface State {
  readonly maxChildren: number;
  readonly children: ReadonlyMap<Pid, Shutdown>;
}

interface Exited {
  readonly tag: "EXIT";
  readonly from: Pid;
}

type Body = (...args: never[]) => unknown;

/**
 * What a supervisor is asked to start: a process for itself (`"child"`), or a task of the owner,
 * linked with it or not. The function itself goes to another node, which must have it among its
 * exports; on the same node it is a word for one that was put into `bodies`.
 */
type Work = readonly [
  kind: "child" | "linked" | "nolink",
  body: Ref | Body,
  args: readonly unknown[],
  owner: Pid,
];

/** Functions on their way to a supervisor of the same node. */
const bodies = new WeakMap<Node, Map<Ref, Body>>();

/** Makes a supervisor of tasks; started by `startLink`, also as a supervisor's child. `Task.Supervisor`. */
export function taskSupervisor({
  maxChildren = Number.POSITIVE_INFINITY,
}: TaskSupervisorOptions = {}): Definition {
  return genServer<State, Request, never, Exited>({
    init() {
      trapExit(true);
      return ["ok", { maxChildren, children: new Map() }];
    },

    handleCall(request, _from, state) {
      const { children } = state;
      if (request[0] === "children") return ["reply", [...children.keys()], state];
      if (request[0] === "start_task") {
        const [, work, shutdown] = request;
        const body = bodyOf(here().node, work);
        if (children.size >= maxChildren) return ["reply", ["error", "max_children"], state];
        const pid = spawnChild(here(), work, body);
        return ["reply", ["ok", pid], { ...state, children: new Map(children).set(pid, shutdown) }];
      }
      const [, pid] = request;
      const how = children.get(pid);
      if (how === undefined) return ["reply", ["error", "not_found"], state];
      return stopAll([[pid, how]]).then(
        () => ["reply", "ok", { ...state, children: without(children, pid) }] as const,
      );
    },

    handleInfo(message, state): NoReplyResult<State> {
      if (message?.tag !== "EXIT") return ["noreply", state];
      return ["noreply", { ...state, children: without(state.children, message.from) }];
    },

    terminate(_reason, { children }) {
      return stopAll([...children]);
    },
  });
}

function spawnChild(supervisor: Process, [kind, , args, owner]: Work, body: Body): Pid {
  const copied = copy(args).value as never[];
  const act = () => body(...copied);
  const run = kind === "child" ? act : () => supervised(act, owner, kind === "linked");
  const label = body.name === "" ? "task" : body.name;
  return supervisor.node.spawn(run, { parent: supervisor, link: true, label }).process.pid;
}

function without(children: ReadonlyMap<Pid, Shutdown>, pid: Pid): ReadonlyMap<Pid, Shutdown> {
  const rest = new Map(children);
  rest.delete(pid);
  return rest;
}

/** Stops children, all at the same time, and waits until the last has ended. */
function stopAll(children: readonly (readonly [Pid, Shutdown])[]): Promise<void> {
  return steps(function* () {
    const refs = new Map(children.map(([pid]) => [pid, monitor(pid)] as const));
    for (const [pid, how] of children) exit(pid, how === "brutal_kill" ? "kill" : "shutdown");
    for (const [pid, how] of children) {
      const patience = how === "brutal_kill" ? Number.POSITIVE_INFINITY : how;
      const down = when({ tag: "DOWN", ref: refs.get(pid) as Ref }, () => true);
      if (!(yield* wait(receive<boolean | undefined>([down], waitFor(patience))))) {
        exit(pid, "kill");
        yield* wait(receive([down]));
      }
      yield* wait(receive([when({ tag: "EXIT", from: pid }, () => true)], { after: 0 }));
    }
  });
}

function bodyOf(on: Node, [, body]: Work): Body {
  if (typeof body === "function") return body;
  const found = bodies.get(on)?.get(body);
  bodies.get(on)?.delete(body);
  return found as Body;
}

// The side of who starts a task.

/** Has a supervisor start a process. `["error", "max_children"]` when it has enough. */
function startUnder(
  supervisor: ServerRef,
  kind: Work[0],
  body: Body,
  args: readonly unknown[],
  { shutdown = SHUTDOWN_MS }: SupervisedOptions,
): Promise<StartResult> {
  const ours = here().node;
  const isHere = nodeOf(supervisor) === ours.name;
  const word = isHere ? makeRef() : body;
  if (isHere) bodies.set(ours, new Map(bodies.get(ours)).set(word as Ref, body));
  const options = { timeout: Number.POSITIVE_INFINITY };
  const work: Work = [kind, word, args, self()];
  return call<StartResult>(supervisor, ["start_task", work, shutdown], options).then(
    (result) => result,
    (thrown: unknown) => {
      bodies.get(ours)?.delete(word as Ref);
      throw thrown;
    },
  );
}

/** The node of whoever an address means. */
function nodeOf(supervisor: ServerRef): string | undefined {
  const dest = locate(supervisor);
  if (typeof dest === "object") return dest.node;
  return dest !== undefined && isPid(dest) ? nodeOfAddress(dest) : node();
}

/**
 * Has a supervisor start a process that calls `body(...args)`; nobody waits for it: `["ok", pid]`,
 * or `["error", "max_children"]`. `Task.Supervisor.start_child/3`.
 */
export function startChildUnder<Args extends readonly unknown[]>(
  supervisor: ServerRef,
  body: (...args: Args) => unknown,
  args: Args = [] as unknown as Args,
  options: SupervisedOptions = {},
): Promise<StartResult> {
  return startUnder(supervisor, "child", body as Body, args, options);
}

/**
 * A task under a supervisor that is linked with its owner, too. Raises `max_children` when the
 * supervisor has enough. On another node `body` must be an exported function. `Task.Supervisor.async/3`.
 */
export function asyncUnder<Args extends readonly unknown[], Result>(
  supervisor: ServerRef,
  body: (...args: Args) => Result,
  args: Args = [] as unknown as Args,
  options: SupervisedOptions = {},
): Promise<Task<Awaited<Result>>> {
  return begin(supervisor, "linked", body as Body, args, options);
}

/**
 * As `asyncUnder`, but the task is not linked with its owner: when it fails, the owner gets a DOWN
 * and lives on. `Task.Supervisor.async_nolink/3`.
 */
export function asyncNolink<Args extends readonly unknown[], Result>(
  supervisor: ServerRef,
  body: (...args: Args) => Result,
  args: Args = [] as unknown as Args,
  options: SupervisedOptions = {},
): Promise<Task<Awaited<Result>>> {
  return begin(supervisor, "nolink", body as Body, args, options);
}

function begin<Result>(
  supervisor: ServerRef,
  kind: "linked" | "nolink",
  body: Body,
  args: readonly unknown[],
  options: SupervisedOptions,
): Promise<Task<Result>> {
  const owner = self();
  return steps(function* () {
    const started = yield* wait(startUnder(supervisor, kind, body, args, options));
    if (started[0] === "error") {
      throw new ErlangError(
        "max_children",
        "the task supervisor has as many tasks as its maxChildren allows",
      );
    }
    const pid = started[1];
    const ref = monitor(pid, { alias: "demonitor" });
    tell(pid, ref);
    return { ref, pid, owner };
  });
}

/** A supervised task waits to be told its reference; an owner that has ended will not tell it. */
function supervised(body: () => unknown, owner: Pid, isLinked: boolean): PromiseLike<void> {
  if (isLinked) link(owner);
  return steps(function* () {
    const ref = yield* toldBy(owner);
    yield* wait(replyWith(body, ref));
  });
}

/** Tells a task under which reference it is watched: it does nothing before. */
export function tell(pid: Pid, ref: Ref): void {
  send(pid, ["$task", ref]);
}

/** Waits to be told that. A process that has ended will not tell it: then the task ends, too. */
export function* toldBy(pid: Pid): Generator<unknown, Ref, unknown> {
  const watched = monitor(pid);
  const ref = yield* wait(
    receive<Ref>([
      when(isTold, ([, told]: readonly [string, Ref]) => told),
      when({ tag: "DOWN", ref: watched }, ({ reason }: { reason: unknown }) =>
        exit(["shutdown", reason]),
      ),
    ]),
  );
  demonitor(watched, { flush: true });
  return ref;
}

function isTold(body: unknown): boolean {
  return Array.isArray(body) && body[0] === "$task";
}

/** The processes under a task supervisor. `Task.Supervisor.children/1`. */
export function childrenOf(supervisor: ServerRef): Promise<readonly Pid[]> {
  return call(supervisor, ["children"]);
}

/** Stops one of them: `"ok"`, or `["error", "not_found"]`. `Task.Supervisor.terminate_child/2`. */
export function terminateTask(
  supervisor: ServerRef,
  pid: Pid,
): Promise<"ok" | readonly ["error", "not_found"]> {
  const options = { timeout: Number.POSITIVE_INFINITY };
  return call(supervisor, ["terminate_child", pid], options);
}
