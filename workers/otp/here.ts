import { currentOwner, type Process, Stop } from "../kernel/index.ts";

/** The process whose code is running. Code of a dead process goes no further than its next call. */
export function here(): Process {
  const process = currentOwner() as Process | undefined;
  if (process === undefined) {
    throw new Error(
      "this can only be called by a process: put it in a function that the scenario or spawn starts, not at the top of a file",
    );
  }
  if (!process.alive) throw new Stop("the process has ended");
  return process;
}

/** A time as learners write it. Refuses what is not a time, rather than guess. */
export function checkMs(ms: number, of: string): number {
  if (typeof ms !== "number" || Number.isNaN(ms) || ms < 0) {
    throw new Error(`${of} takes milliseconds from 0 on, not ${String(ms)}`);
  }
  return ms;
}
