/**
 * What `global` does under its cluster lock, from the side of whoever takes it: locks on many
 * nodes at once, and the registrar, which gives and takes names. Rules in SPEC.md, J.
 *
 * A lock is asked of all nodes at the same time. Who does not get all of them gives back what it
 * got, sleeps a random time (from its own stream) and tries again. The node with the greatest name,
 * the boss, is asked first and freed last, so that most who come too late find out there.
 */
import type { Pid } from "../kernel/index.ts";
import { type From, reply } from "./call.ts";
import { entryOf, NAME_SERVER, type NameTable, type Resolve, whereisGlobal } from "./global.ts";
import type { LockId } from "./global-locks.ts";
import { steps, wait } from "./here.ts";
import { multiCall } from "./multi-call.ts";
import { node, random, receive, self, sleep } from "./processes.ts";

/** What the registrar is asked to do under the lock. */
export type Registration =
  | readonly ["register" | "re_register", name: unknown, pid: Pid, resolve: Resolve]
  | readonly ["unregister", name: unknown];

/** A part of what a process does in steps: `yield* part`. */
export type Steps<T> = Generator<unknown, T, unknown>;

/** The resource that stands for all names. A process may lock it itself, to keep names as they are. */
const NAMES = "global";

/** Sleeps at most 1/8 s the first time, twice as long each time after, and never more than 8 s. */
const SLEEP_MS_MAX = 8000;

/** Takes a lock on nodes, `retries` + 1 times at most; false when it was not to be had. */
export function* takeLock(id: LockId, nodes: readonly string[], retries: number): Steps<boolean> {
  if (nodes.length === 0) return true;
  for (let times = 1; ; times++) {
    if (yield* tryLock(id, nodes)) return true;
    if (times > retries) return false;
    yield* wait(randomSleep(times));
  }
}

/** Asks all nodes for a lock once. Nodes that cannot be reached do not count. */
function* tryLock(id: LockId, nodes: readonly string[]): Steps<boolean> {
  const [replies] = yield* wait(multiCall<boolean>(nodes, NAME_SERVER, ["set_lock", id]));
  if (replies.every(([, isTaken]) => isTaken)) return true;
  const taken = replies.filter(([, isTaken]) => isTaken).map(([on]) => on);
  yield* giveLockBack(id, taken);
  return false;
}

/** Gives a lock back on nodes. */
export function* giveLockBack(id: LockId, nodes: readonly string[]): Steps<void> {
  if (nodes.length > 0) yield* wait(multiCall(nodes, NAME_SERVER, ["del_lock", id]));
}

/**
 * Tries to take the lock of all names on nodes, the boss first; after that `isStillAll` tells
 * whether they are all there are. False when not everything was had: then nothing is held.
 */
export function* tryLockNames(
  requester: unknown,
  nodes: readonly string[],
  isStillAll: () => Steps<boolean>,
): Steps<boolean> {
  const id: LockId = [NAMES, requester];
  const boss = bossOf(nodes);
  if (!(yield* tryLock(id, [boss]))) return false;
  const others = nodes.filter((name) => name !== boss);
  if (others.length > 0 && !(yield* tryLock(id, others))) {
    yield* giveLockBack(id, [boss]);
    return false;
  }
  if (yield* isStillAll()) return true;
  yield* giveNamesBack(requester, nodes);
  return false;
}

/** Gives the lock of all names back, the boss's last. */
export function* giveNamesBack(requester: unknown, nodes: readonly string[]): Steps<void> {
  const id: LockId = [NAMES, requester];
  const boss = bossOf(nodes);
  yield* giveLockBack(
    id,
    nodes.filter((name) => name !== boss),
  );
  yield* giveLockBack(id, [boss]);
}

/** Waits before the next attempt; `times` have failed. */
export function randomSleep(times: number): Promise<void> {
  const mostMs = Math.min(SLEEP_MS_MAX, (2 ** Math.min(times, 6) * 1000) / 8);
  return sleep(1 + Math.floor(random() * mostMs));
}

function bossOf(nodes: readonly string[]): string {
  return nodes.reduce((boss, name) => (name > boss ? name : boss));
}

/** The life of a registrar: one registration after the other, each under the lock of all known nodes. */
export function registrar(table: NameTable): unknown {
  return steps(function* () {
    for (;;) {
      const [asked, from] = yield* wait(receive<readonly [Registration, From]>());
      const nodes = yield* lockKnownNodes(table);
      const result = yield* carryOut(table, asked, nodes);
      yield* giveNamesBack(self(), nodes);
      reply(from, result);
    }
  });
}

function* lockKnownNodes(table: NameTable): Steps<readonly string[]> {
  for (let times = 0; ; times++) {
    const nodes = [node(), ...table.known];
    const isStillAll = () => allKnown(table, nodes);
    if (yield* tryLockNames(self(), nodes, isStillAll)) return nodes;
    yield* wait(randomSleep(times));
  }
}

function* allKnown(table: NameTable, nodes: readonly string[]): Steps<boolean> {
  return [...table.known].every((name) => nodes.includes(name));
}

function* carryOut(
  table: NameTable,
  asked: Registration,
  nodes: readonly string[],
): Steps<"yes" | "no" | "ok"> {
  if (asked[0] === "unregister") {
    yield* wait(multiCall(nodes, NAME_SERVER, asked));
    return "ok";
  }
  const [how, name, pid, resolve] = asked;
  const isFree = whereisGlobal(name) === undefined && entryOf(table, pid) === undefined;
  if (how === "register" && !isFree) return "no";
  yield* wait(multiCall(nodes, NAME_SERVER, ["register", name, pid, resolve]));
  return "yes";
}
