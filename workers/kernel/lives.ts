/**
 * The lives of a node's processes: how one begins, what it is called, and how it ends.
 *
 * A process ends in one place, `exit`, at once and for good: its row is written first, then it is
 * taken out of every table and what it owned changes hands, then links and watchers are told. Code
 * that still runs for it is stopped by its promises (coroutine.ts). Rules P1, P2, P4, X1 and X4.
 */
import { type CoPromise, isOurs, Job, whenSettled } from "./coroutine.ts";
import type { Distribution } from "./distribution.ts";
import { makePid, type Pid } from "./names.ts";
import { count, type NodeCore, type Resident } from "./node-core.ts";
import { type Copied, copy } from "./payload.ts";
import { Exit, reasonOf, Stop } from "./reason.ts";
import type { Signalling } from "./signalling.ts";
import type { ExitReason } from "./signals.ts";
import { KIND, SERIAL_SPAN, SIGNAL, traceId } from "./trace.ts";
import type { Working } from "./working.ts";

/** Of a node's serials, those from here on belong to processes that other nodes spawn here. */
export const SPAWNED_FROM_AFAR = SERIAL_SPAN / 2;

/** Makes the object of a process; the node does it, whose processes know it. */
type MakeProcess = (pid: Pid, id: number, label: string) => Resident;

export class Lives {
  readonly #core: NodeCore;
  readonly #working: Working;
  readonly #signalling: Signalling;
  readonly #distribution: Distribution;
  readonly #makeProcess: MakeProcess;
  #serial: number;

  constructor(
    core: NodeCore,
    working: Working,
    signalling: Signalling,
    distribution: Distribution,
    makeProcess: MakeProcess,
  ) {
    this.#core = core;
    this.#working = working;
    this.#signalling = signalling;
    this.#distribution = distribution;
    this.#makeProcess = makeProcess;
    this.#serial = core.options.life.firstSerial;
  }

  /** Where the node's next life goes on counting. */
  get serialsUsed(): number {
    return this.#serial;
  }

  // Beginning.

  /** A new process of a spawner of this node, or of the scenario's. It has no step to take yet. */
  createHere(label: string, name: string | undefined, parent: Resident | undefined): Resident {
    const process = this.create(
      this.#serial++,
      name ?? label,
      parent?.id ?? 0,
      parent?.handling ?? 0,
    );
    if (this.#serial >= SPAWNED_FROM_AFAR)
      this.#core.cut(
        `node ${this.#core.name} began more than ${count(SPAWNED_FROM_AFAR)} processes`,
      );
    if (parent !== undefined) process.isRuntime = parent.isRuntime;
    if (name !== undefined) this.register(name, process);
    return process;
  }

  /** A new process under a serial that was given before. `parent` and `cause` are trace numbers. */
  create(serial: number, label: string, parent: number, cause: number): Resident {
    const core = this.#core;
    const { processes } = core;
    if (processes.size >= core.options.bounds.processCountMax) {
      core.cut(`node ${core.name} has ${count(processes.size)} living processes`);
    }
    const pid = makePid(core.name, serial);
    const process = this.#makeProcess(pid, traceId(core.index, serial), label);
    processes.set(process.pid, process);
    process.handling = cause;
    core.write(KIND.spawn, process.id, parent, 0, SIGNAL.none, 0, copy(label), cause);
    return process;
  }

  /** Queues a new process's first step, which calls `body`. Rule P1. */
  begin(process: Resident, body: () => unknown): void {
    this.#core.wake(process, () => this.#run(process, body));
  }

  #run(process: Resident, body: () => unknown): void {
    let result: unknown;
    try {
      result = body();
    } catch (thrown) {
      if (thrown instanceof Stop) throw thrown;
      this.crash(process, thrown);
      return;
    }
    if (isOurs(result)) {
      whenSettled(result, new Ending(this, process));
    } else if (isThenable(result)) {
      result.then(
        () => this.endOf(process),
        (thrown: unknown) => this.crash(process, thrown),
      );
    } else {
      this.endOf(process);
    }
  }

  /** The function of a process has returned: it ends, unless it has become a behaviour. */
  endOf(process: Resident): void {
    if (process.behaviour === undefined) this.exit(process, "normal");
  }

  /** The process of a service of this node, begun if it does not run; undefined when there is none of that name. */
  ensure(name: string): Resident | undefined {
    const body = this.#core.options.services.get(name);
    const running = this.#core.names.get(name);
    if (running !== undefined || body === undefined) return running;
    const process = this.createHere(name, name, undefined);
    this.begin(process, body);
    process.isRuntime = true;
    return process;
  }

  // Names.

  /** Gives a name. Returns false when the name is taken or the process has one. Rule P4. */
  register(name: string, process: Resident): boolean {
    const { names } = this.#core;
    if (names.has(name) || process.name !== undefined || !process.alive) return false;
    names.set(name, process);
    process.name = name;
    this.#core.record(process, KIND.register, { payload: copy(name) });
    return true;
  }

  /** Takes a name away. Returns false when nobody has it. */
  unregister(name: string): boolean {
    const process = this.#core.names.get(name);
    if (process === undefined) return false;
    this.#core.names.delete(name);
    process.name = undefined;
    return true;
  }

  // Ending.

  /** Something thrown in a process was not caught: it ends with the reason. */
  crash(process: Resident, thrown: unknown): void {
    if (thrown instanceof Stop) return;
    const reason = reasonOf(thrown);
    if (!(thrown instanceof Exit) && process.alive) this.#report(process, thrown, reason);
    this.exit(process, reason);
  }

  /** Ends a process at once: links and watchers are told, its mailbox is lost, its waits are void. Rule X1. */
  exit(process: Resident, reason: ExitReason): void {
    if (!process.alive) return;
    const core = this.#core;
    process.alive = false;
    const kept = copyOrText(reason);
    core.record(process, KIND.exit, { value: process.mailbox.length, payload: kept });
    core.processes.delete(process.pid);
    if (process.name !== undefined) core.names.delete(process.name);
    this.#dropWaits(process);
    this.#distribution.forget(process.pid);
    if (process.aliases !== undefined)
      for (const ref of process.aliases.keys()) core.aliases.delete(ref);
    for (const ending of process.endings ?? []) ending();
    this.#signalling.together(() => this.#tellOfExit(process, kept.value));
  }

  /** What leaves a process at its end, in the order in which the BEAM was seen to send it. */
  #tellOfExit(process: Resident, why: ExitReason): void {
    const signalling = this.#signalling;
    if (process.calling !== undefined)
      signalling.stopWatching(process.calling.ref, process.calling.target);
    for (const [ref, target] of process.monitors ?? []) signalling.stopWatching(ref, target);
    const { pid: from } = process;
    for (const partner of process.links ?? [])
      signalling.emit({ kind: "exit", from, to: partner, reason: why, byLink: true });
    for (const [ref, { watcher, object }] of process.monitoredBy ?? [])
      signalling.emit({ kind: "down", ref, to: watcher, object, reason: why });
  }

  #dropWaits(process: Resident): void {
    for (const ref of process.timers ?? []) this.#core.dropTimer(ref);
    if (process.receivingTimer !== undefined) this.#core.agenda.remove(process.receivingTimer);
    this.#working.abandon(process);
  }

  #report(process: Resident, thrown: unknown, reason: ExitReason): void {
    const isError = thrown instanceof Error;
    this.#core.options.onCrash?.({
      at: this.#core.now,
      pid: process.pid,
      label: process.label,
      reason,
      message: isError ? `${thrown.name}: ${thrown.message}` : String(thrown),
      stack: isError ? String(thrown.stack) : "",
    });
  }
}

/** An exit reason that cannot be sent is replaced by what can be said of it. */
export function copyOrText(reason: ExitReason): Copied {
  try {
    return copy(reason);
  } catch {
    return copy({ error: "BadReason", message: "the exit reason was not plain data" });
  }
}

/** Waits for the end of a process's function. Most processes have one all their lives, so it is small. */
class Ending extends Job {
  readonly #lives: Lives;
  readonly #process: Resident;

  constructor(lives: Lives, process: Resident) {
    super();
    this.#lives = lives;
    this.#process = process;
  }

  perform(): void {
    if (this.failed) this.#lives.crash(this.#process, this.outcome);
    else this.#lives.endOf(this.#process);
  }
}

function isThenable(value: unknown): value is CoPromise<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}
