/**
 * The steps of a node's processes: who of the ready ones is next, and what a step is. In one step a
 * process starts, takes a message or is woken, under the guard; afterwards the jobs of its promises
 * run to empty, so that nothing of it is left when the next one's turn comes. Rules T1, T6, G1, G2.
 */
import { drain, enter, isQuiet } from "./coroutine.ts";
import { guard } from "./guard.ts";
import type { Lives } from "./lives.ts";
import { count, type NodeCore, type Resident, type Turn, Wake } from "./node-core.ts";
import { WAITS } from "./process.ts";
import type { RandomStream } from "./random.ts";
import { Stop } from "./reason.ts";
import type { Waits } from "./waits.ts";

export class Stepper {
  readonly #core: NodeCore;
  readonly #lives: Lives;
  readonly #waits: Waits;
  readonly #stepTurnsMax: number;
  #turnsLeft: number;

  constructor(core: NodeCore, lives: Lives, waits: Waits) {
    const { stepTurnsMax, nodeTurnsMax } = core.options.bounds;
    this.#core = core;
    this.#lives = lives;
    this.#waits = waits;
    this.#stepTurnsMax = stepTurnsMax;
    this.#turnsLeft = nodeTurnsMax;
  }

  /** Lets everybody who is ready take their steps, until nobody is or the trace is full. */
  drainRunQueue(): void {
    const { runQueue, shuffle, trace, options } = this.#core;
    const { rowCountMax } = options.bounds;
    while (runQueue.length > 0 && trace.rowCount <= rowCountMax) {
      if (shuffle !== undefined && this.#shuffleReady(shuffle)) continue;
      this.#step(runQueue.take());
    }
  }

  /** Draws who of the ready ones goes first; or does what is due at this instant instead, which is said by true. */
  #shuffleReady(shuffle: RandomStream): boolean {
    const core = this.#core;
    const { runQueue } = core;
    if (core.agenda.nextAt() <= core.now && shuffle.below(2) === 0 && !core.isPaused) {
      core.doNext();
      return true;
    }
    if (runQueue.length > 1) runQueue.bringForward(shuffle.below(runQueue.length));
    return false;
  }

  /** One step under the guard, its promise jobs included. */
  #step(turn: Turn): void {
    const core = this.#core;
    const process = turn instanceof Wake ? turn.process : turn;
    if (process.blockedUntil > core.now) {
      core.enlist(process.blockedUntil, this.#queueAgain, turn);
      return;
    }
    const stepTurnsMax = this.#stepTurnsMax;
    guard.left = stepTurnsMax;
    enter(process);
    try {
      if (turn instanceof Wake) {
        if (process.alive) turn.body();
      } else {
        this.#takeTurn(turn);
      }
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
    }
    enter(undefined);
    if (core.cutBy === undefined && !isQuiet()) this.#drainJobs();
    if (core.cutBy !== undefined) throw new Stop(core.cutBy);
    if (guard.left < 0) this.#lives.exit(process, tooMuchWork(stepTurnsMax));
    const used = stepTurnsMax - Math.max(0, guard.left);
    process.reductions += used;
    this.#turnsLeft -= used;
    if (this.#turnsLeft < 0) {
      const { nodeTurnsMax } = core.options.bounds;
      core.cut(`node ${core.name} did more than ${count(nodeTurnsMax)} loop turns and calls`);
    }
  }

  readonly #queueAgain = (turn: Turn): void => this.#core.runQueue.push(turn);

  #takeTurn(process: Resident): void {
    process.isQueued = false;
    if (!process.alive) return;
    const { waits } = process;
    if (waits === WAITS.message) {
      if (process.mailbox.length > 0) this.#waits.takeFor(process, undefined);
      return;
    }
    if (waits !== WAITS.nothing) {
      this.#waits.scan(process);
      return;
    }
    if (process.behaviour === undefined || process.isBusy || process.mailbox.length === 0) return;
    const envelope = this.#waits.take(process, undefined, 0);
    if (!process.alive) return;
    const result = process.behaviour(envelope);
    if (result === undefined) this.#core.ready(process);
  }

  /** Runs promise jobs to empty. A job of a process that ends itself throws Stop; the others go on. */
  #drainJobs(): void {
    for (;;) {
      try {
        drain();
        return;
      } catch (thrown) {
        if (!(thrown instanceof Stop)) throw thrown;
        if (this.#core.cutBy !== undefined) return;
      }
    }
  }
}

const tooMuchWork = (turns: number) => ({
  error: "TooMuchWork",
  message: `more than ${count(turns)} loop turns and calls in one step`,
});
