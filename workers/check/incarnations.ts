/**
 * The lives of supervised children: which process stood for a child when, and as the how-manieth.
 * "Survivors" are children whose incarnation a fault did not change. Rule K7.
 */
import { KIND, type Trace } from "../kernel/index.ts";

/** One life of a child. */
export interface Incarnation {
  /** The process of the supervisor that began it. */
  readonly supervisor: number;
  /** The child's id in its specification. */
  readonly child: unknown;
  /** Counts from 0. */
  readonly incarnation: number;
  readonly process: number;
  readonly fromUs: number;
  /** When the process ended; undefined while it lives. */
  untilUs: number | undefined;
}

/**
 * All lives in the order in which they began. A child of a supervisor without ids is known by the
 * process whose place the new one takes; others by supervisor and id.
 */
export function incarnations(trace: Trace): Incarnation[] {
  const all: Incarnation[] = [];
  const byProcess = new Map<number, Incarnation>();
  const lives = new Map<string, number>();
  for (let row = 0; row < trace.rowCount; row++) {
    const kind = trace.kindOf(row);
    const process = trace.processOf(row);
    if (kind === KIND.exit) {
      const life = byProcess.get(process);
      if (life !== undefined) life.untilUs = trace.atOf(row);
    }
    if (kind !== KIND.child) continue;
    const child = trace.payloadOf(row);
    const before = byProcess.get(trace.valueIn(row));
    const key = JSON.stringify([process, child]);
    const incarnation = before === undefined ? (lives.get(key) ?? 0) : before.incarnation + 1;
    if (!isAlike(child)) lives.set(key, incarnation + 1);
    const begun: Incarnation = {
      supervisor: process,
      child,
      incarnation,
      process: trace.peerOf(row),
      fromUs: trace.atOf(row),
      untilUs: undefined,
    };
    byProcess.set(begun.process, begun);
    all.push(begun);
  }
  return all;
}

/** True for the id that children of one template share. */
function isAlike(child: unknown): boolean {
  return child === "undefined";
}
