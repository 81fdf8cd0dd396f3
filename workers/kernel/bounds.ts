/** The bounds of a run. Each is counted in virtual things, so it is reached at the same place everywhere. */
export interface Bounds {
  /** Rows of trace; past it the run is cut with an honest mark. */
  readonly rowCountMax: number;
  /** Messages in one mailbox. The BEAM has no such bound; a browser tab must. */
  readonly mailboxLengthMax: number;
  /** Living processes on one node. */
  readonly processCountMax: number;
  /** Loop turns and function calls in one step of one process (between two waits). */
  readonly stepTurnsMax: number;
  /** Loop turns and function calls of all processes on one node. */
  readonly nodeTurnsMax: number;
}

export const BOUNDS: Bounds = {
  rowCountMax: 1_000_000,
  mailboxLengthMax: 100_000,
  processCountMax: 50_000,
  stepTurnsMax: 2_000_000,
  nodeTurnsMax: 100_000_000,
};
