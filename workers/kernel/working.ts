/**
 * Time that a process spends: asleep, at work on a core, or at work elsewhere. What it waits for
 * so is void when it ends. Rules P3, C1 and C2; how the cores are shared is in cores.ts.
 */
import { type CoPromise, fulfil, pending } from "./coroutine.ts";
import type { Entry } from "./heap.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import { KIND, SIGNAL } from "./trace.ts";

export class Working {
  readonly #core: NodeCore;
  /** When the cores next have finished something. */
  #coresEntry: Entry | undefined = undefined;

  constructor(core: NodeCore) {
    this.#core = core;
  }

  /** Wakes the process after `delayUs`; never, when that is beyond all counting. */
  sleep(process: Resident, delayUs: number): CoPromise<void> {
    const promise = pending<void>();
    if (delayUs < Number.MAX_SAFE_INTEGER)
      this.arm(process, this.#core.now + delayUs, () =>
        this.#core.wake(process, () => fulfil(promise, undefined)),
      );
    return promise;
  }

  /** Work: of a core shared with others (`cpu`), or of something outside that others do not feel (`io`). Rule C2. */
  work(process: Resident, us: number, kind: "cpu" | "io"): CoPromise<void> {
    const core = this.#core;
    const promise = pending<void>();
    const signal = kind === "cpu" ? SIGNAL.cpu : SIGNAL.io;
    core.record(process, KIND.workStart, { signal, value: us });
    const finish = () => {
      core.record(process, KIND.workEnd, { signal });
      fulfil(promise, undefined);
    };
    if (kind === "cpu") this.workOnCores(process, us, finish);
    else this.arm(process, core.now + us, () => core.wake(process, finish));
    return promise;
  }

  /** An agenda entry that is void when its process has ended. */
  arm(process: Resident, at: number, due: () => void): Entry {
    const entry = this.#core.schedule(at, () => {
      process.pendingEntries?.delete(entry);
      due();
    });
    process.pendingEntries ??= new Set();
    process.pendingEntries.add(entry);
    return entry;
  }

  /** Takes back what `arm` put on the agenda. */
  disarm(process: Resident, entry: Entry): void {
    process.pendingEntries?.delete(entry);
    this.#core.agenda.remove(entry);
  }

  /** Uses `us` µs of a core, and lets `finish` run as a step of the process then. */
  workOnCores(process: Resident, us: number, finish: () => void): void {
    const core = this.#core;
    const work = core.cores.begin(core.now, us, () => {
      process.pendingWorks?.delete(work);
      core.wake(process, finish);
    });
    process.pendingWorks ??= new Set();
    process.pendingWorks.add(work);
    this.rearmCores();
  }

  /** A process has ended: what it slept and worked for will not come. */
  abandon(process: Resident): void {
    const { agenda, cores, now } = this.#core;
    for (const entry of process.pendingEntries ?? []) agenda.remove(entry);
    const works = process.pendingWorks;
    if (works === undefined || works.size === 0) return;
    for (const work of works) cores.cancel(now, work);
    this.rearmCores();
  }

  /** The cores' company has changed, and with it when they next have finished something. */
  rearmCores(): void {
    const core = this.#core;
    if (this.#coresEntry !== undefined) core.agenda.remove(this.#coresEntry);
    const at = core.cores.nextDoneAt();
    this.#coresEntry = Number.isFinite(at)
      ? core.schedule(at, () => {
          this.#coresEntry = undefined;
          for (const work of core.cores.takeDone(core.now)) if (!work.cancelled) work.done();
          this.rearmCores();
        })
      : undefined;
  }
}
