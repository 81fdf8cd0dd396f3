/**
 * What a compiled script needs of whoever runs it. The kernel's `coroutine.ts` has the part about
 * promises under these names; globals, modules, guard and power come from elsewhere.
 */

type Coroutine = Generator<unknown, unknown, unknown>;

/** The argument of a compiled script. */
export interface Runtime {
  /** A member for each of `SHIMMED`. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** The exports of "otp", "world" and (for scaffold files) "probe". */
  readonly modules: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /**
   * `left` is counted down at each loop turn and function entry, and `stop` called below zero. It
   * must throw what `isStop` knows, and leave `left` below zero until the process is gone.
   */
  readonly guard: { left: number; stop(): never };
  /** True for errors that learner code must not catch. */
  isStop(error: unknown): boolean;
  /** `base ** exponent` for numbers, the same on every machine. */
  pow(base: number, exponent: number): number;
  run(coroutine: Coroutine): unknown;
  done(value?: unknown): unknown;
  failed(reason: unknown): unknown;
  asyncGenerator(coroutine: Coroutine): unknown;
  yielded(value?: unknown): unknown;
  delegate(iterable: unknown): Coroutine;
  forAwait(iterable: unknown): unknown;
}

/** What evaluating a script gives: called once for each node of a run, it gives the files' exports. */
export type ScriptFactory = (
  runtime: Runtime,
) => Readonly<Record<string, Readonly<Record<string, unknown>>>>;
