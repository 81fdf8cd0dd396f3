/**
 * What `global` does when two parts of a cluster meet that may have different names: it makes them
 * the same, under the lock of both parts. Rules in SPEC.md, J.
 *
 * Of the two nodes that connect, the one with the smaller name does the work, in a process of its
 * own, the locker. It locks all nodes that either of the two knows, fetches the other's names, has
 * clashes decided, and tells all of them what has changed and that they know each other now. As in
 * OTP it lets some time pass first, less when one of the two is alone, so that a cluster in which
 * many nodes meet at once is not busy with locks alone. What was refused: OTP's way, in which both
 * sides lock their own part and negotiate; it needs twice the messages for the same outcome.
 */
import { isStop, nodeOfAddress, type Pid } from "../kernel/index.ts";
import { call, cast } from "./call.ts";
import { NAME_SERVER, type NameTable, type Resolve } from "./global.ts";
import { giveNamesBack, randomSleep, type Steps, tryLockNames } from "./global-transactions.ts";
import { steps, wait } from "./here.ts";
import { exit, monotonic, node, random, receive, send, sleep } from "./processes.ts";
import { keyOf } from "./term-key.ts";

/** A name, its holder and how a clash about it is decided: what name servers tell each other. */
export type ToldName = readonly [name: unknown, pid: Pid, resolve: Resolve];

/** A change that all nodes make to their names after a meeting. */
export type NameChange = readonly ["insert", ...ToldName] | readonly ["delete", name: unknown];

/** A meeting with another node, from its nodeup until the two know each other. */
export interface Meeting {
  readonly node: string;
  /** Tells this meeting from an earlier one with the same node. */
  readonly tag: number;
}

/** What the locker is asked to do: not before `dueMs`, and only while `isOpen` says true. */
export interface MeetingRequest {
  readonly meeting: Meeting;
  readonly dueMs: number;
}

/** How long a node that knows nobody waits before it meets another one. */
const ALONE_MS = 200;

/** Milliseconds to wait before a meeting, by how many nodes one side knows: 200, or 1 to 3 seconds. */
export function meetingDelayMs(knownCount: number): number {
  return knownCount === 0 ? ALONE_MS : Math.min(1000 + 100 * knownCount, 3000);
}

/** The life of a locker: one meeting after the other. */
export function locker(table: NameTable, isOpen: (meeting: Meeting) => boolean): unknown {
  return steps(function* () {
    for (;;) {
      const { meeting, dueMs } = yield* wait(receive<MeetingRequest>());
      yield* wait(sleep(Math.max(0, dueMs - monotonic())));
      yield* meet(table, meeting, () => isOpen(meeting));
    }
  });
}

function* meet(table: NameTable, meeting: Meeting, isOpen: () => boolean): Steps<void> {
  const requester = [node(), meeting.node];
  for (let times = 0; isOpen(); times++) {
    const theirs = yield* ask<readonly string[]>(meeting.node, ["get_known"]);
    if (theirs === undefined) return;
    const nodes = [...new Set([node(), ...table.known, meeting.node, ...theirs])];
    if (yield* tryLockNames(requester, nodes, () => areAllOf(table, meeting.node, nodes))) {
      const changes = isOpen() ? yield* reconcile(table, meeting.node) : undefined;
      if (changes !== undefined) {
        for (const on of nodes)
          cast({ name: NAME_SERVER, node: on }, ["new_nodes", changes, nodes]);
      }
      yield* giveNamesBack(requester, nodes);
      return;
    }
    yield* wait(randomSleep(times));
  }
}

/** Whether nobody has become known on either side since the locks were asked for. */
function* areAllOf(table: NameTable, other: string, nodes: readonly string[]): Steps<boolean> {
  const theirs = yield* ask<readonly string[]>(other, ["get_known"]);
  return [...table.known, ...(theirs ?? [])].every((name) => nodes.includes(name));
}

/** Compares the two sides' names; undefined when the other node is lost meanwhile. */
function* reconcile(table: NameTable, other: string): Steps<readonly NameChange[] | undefined> {
  const theirs = yield* ask<readonly ToldName[]>(other, ["get_names"]);
  if (theirs === undefined) return undefined;
  const changes: NameChange[] = [];
  const told = new Set<string>();
  for (const [name, pid, resolve] of theirs) {
    told.add(keyOf(name));
    const own = table.names.get(keyOf(name));
    if (own === undefined) changes.push(["insert", name, pid, resolve]);
    else if (own.pid !== pid) {
      const ours: ToldName = [name, own.pid, own.resolve];
      changes.push(yield* settle(ours, [name, pid, resolve]));
    }
  }
  for (const [key, { name, pid, resolve }] of table.names) {
    if (!told.has(key)) changes.push(["insert", name, pid, resolve]);
  }
  return changes;
}

/** Has a clash decided, on the node of our holder. Anything but one of the two pids takes the name away. */
function* settle(ours: ToldName, theirs: ToldName): Steps<NameChange> {
  const [name, pid, resolve] = ours;
  const request = ["resolve", resolve, name, theirs[1], pid];
  const decided = yield* ask<unknown>(nodeOfAddress(pid) ?? node(), request);
  if (decided === undefined || decided === theirs[1]) return ["insert", ...theirs];
  return decided === pid ? ["insert", ...ours] : ["delete", name];
}

/** Asks another node's name server; undefined when it cannot be reached. */
function* ask<Reply>(on: string, request: unknown): Steps<Reply | undefined> {
  try {
    const options = { timeout: Number.POSITIVE_INFINITY };
    return yield* wait(call<Reply>({ name: NAME_SERVER, node: on }, request, options));
  } catch (thrown) {
    if (isStop(thrown)) throw thrown;
    return undefined;
  }
}

/**
 * Decides who of two keeps a name, in the running process: the pid that does, or `"none"`. The
 * random ones draw from the process's own stream. What a function throws takes the name away.
 */
export function* decide(resolve: Resolve, name: unknown, pid1: Pid, pid2: Pid): Steps<unknown> {
  if (resolve === "notifyAll") {
    send(pid1, { tag: "global_name_conflict", name, pid: pid2 });
    send(pid2, { tag: "global_name_conflict", name, pid: pid1 });
    return "none";
  }
  if (typeof resolve === "function") return yield* wait(resolve(name as never, pid1, pid2));
  const [winner, loser] = random() < 0.5 ? [pid1, pid2] : [pid2, pid1];
  if (resolve === "randomNotify") send(loser, { tag: "global_name_conflict", name });
  else exit(loser, "kill");
  return winner;
}
