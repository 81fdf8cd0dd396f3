/**
 * Promises and async functions of the cluster: a Promise of our own and the tasks that wait on it.
 *
 * Learner code keeps its `async` and `await`; the compiler turns each async function into a
 * generator and this file runs it. Nothing here uses the host's microtasks. All jobs stand in one
 * queue per thread, which the kernel drains to empty after each process step, so a run does the
 * same things in the same order everywhere. Every job carries its owner, the process that it acts
 * for: this answers `self()` after an await, names whom a crash belongs to, and lets a process be
 * stopped for good, since jobs of the dead are dropped (their `finally` does not run, as on the BEAM).
 *
 * How it stays correct: the order of jobs is the specification's, job for job, which Promises/A+
 * and a comparison with native async functions test. How it stays cheap: a task is itself the
 * reaction that stands in a promise's list and the job that stands in the queue, so an await
 * allocates nothing of ours.
 *
 * How code is stopped: the kernel sets `alive` to false and throws; whatever is caught here from a
 * dead owner is thrown on, not made a rejection. Refused: native promises with a macrotask between
 * events (15 times slower), and TypeScript's `__awaiter` (a generator closure for every call).
 */

/** Whoever jobs belong to: a process. Jobs of owners that are not alive are skipped. */
export interface Owner {
  alive: boolean;
  /** Called at the end of `drain`, as current, for a promise rejected with no handler. */
  unhandled(reason: unknown): void;
}

/** What the compiler makes of an async function: yields what it awaits, is resumed with the value. */
export type Coroutine = Generator<unknown, unknown, unknown>;

/** An async iterator with its `next` method, looked up once as the specification asks. */
export interface AsyncSource {
  readonly iterator: object;
  readonly next: unknown;
}

type Settle = (value?: unknown) => void;
type Method = (this: unknown, ...values: unknown[]) => unknown;
type Resumption = "next" | "throw" | "return";

// Jobs.

let current: Owner | undefined;
let queueHead: Job | undefined;
let queueTail: Job | undefined;
let rejections: CoPromise<unknown>[] = [];

/**
 * Something to do when a promise is settled. It stands in one list at a time: first in that of the
 * promise, then in the queue.
 */
export abstract class Job {
  following: Job | undefined = undefined;
  owner: Owner | undefined = current;
  failed = false;
  outcome: unknown = undefined;
  /** Must not throw. */
  abstract perform(): void;
}

function enqueue(job: Job, failed: boolean, outcome: unknown): void {
  job.failed = failed;
  job.outcome = outcome;
  job.following = undefined;
  if (queueTail === undefined) queueHead = job;
  else queueTail.following = job;
  queueTail = job;
}

/** The process on whose behalf code is running now; undefined in the kernel's own time. */
export function currentOwner(): Owner | undefined {
  return current;
}

/** Makes `owner` current, until the next call. The kernel puts two of these around each process step. */
export function enter(owner: Owner | undefined): void {
  current = owner;
}

/** True when no job waits and no rejection is unreported: `drain` would do nothing. */
export function isQuiet(): boolean {
  return queueHead === undefined && rejections.length === 0;
}

/**
 * Runs queued jobs to empty, each with its own owner current, then reports rejections that nobody
 * handles, and repeats until quiet. Bounded only by the guard that the compiler puts in the code.
 */
export function drain(): void {
  const before = current;
  try {
    do runJobs();
    while (reportRejections());
  } finally {
    current = before;
  }
}

function runJobs(): void {
  for (let job = queueHead; job !== undefined; job = queueHead) {
    queueHead = job.following;
    if (queueHead === undefined) queueTail = undefined;
    current = job.owner;
    if (current === undefined || current.alive) job.perform();
  }
}

/** True when something was reported, so that more jobs may have come. */
function reportRejections(): boolean {
  if (rejections.length === 0) return false;
  const reported = rejections;
  rejections = [];
  for (const promise of reported) reportUnhandled(promise);
  return true;
}

function isStopped(owner: Owner | undefined): boolean {
  return owner !== undefined && !owner.alive;
}

// Promises.

const PENDING = 0;
const FULFILLED = 1;
const REJECTED = 2;

/** Stands for "no executor": the promise is settled from here. It never leaves this file. */
const INTERNAL = (): void => {};

const NativePromise = Promise;

let settle: (promise: CoPromise<unknown>, state: 1 | 2, value: unknown) => void;
let attach: (promise: CoPromise<unknown>, job: Job) => void;
let isCoPromise: (value: unknown) => value is CoPromise<unknown>;
let reportUnhandled: (promise: CoPromise<unknown>) => void;

/** What `then` must give back: one of ours, or a subclass with resolving functions of its own. */
interface Capability {
  readonly promise: CoPromise<unknown>;
  readonly resolve: Settle;
  readonly reject: Settle;
}

type PromiseClass = new (executor: (resolve: Settle, reject: Settle) => void) => CoPromise<unknown>;

/**
 * The `Promise` of learner code: the whole ES2023 interface and `withResolvers`, on our own queue.
 * Where the engine differs from ours is in nothing but identity; Promises/A+ is a test.
 */
export class CoPromise<T> {
  #state: 0 | 1 | 2 = PENDING;
  #handled = false;
  #value: unknown = undefined;
  /** The last of a circular list of jobs, so that first and last are both one step away. */
  #lastJob: Job | undefined = undefined;
  #owner: Owner | undefined = current;

  static {
    settle = (promise, state, value) => {
      if (promise.#state !== PENDING) return;
      promise.#state = state;
      promise.#value = value;
      const last = promise.#lastJob;
      promise.#lastJob = undefined;
      if (last === undefined) {
        if (state === REJECTED && !promise.#handled) rejections.push(promise);
        return;
      }
      let job = last.following as Job;
      while (job !== last) {
        const following = job.following as Job;
        enqueue(job, state === REJECTED, value);
        job = following;
      }
      enqueue(last, state === REJECTED, value);
    };
    attach = (promise, job) => {
      promise.#handled = true;
      if (promise.#state !== PENDING) {
        enqueue(job, promise.#state === REJECTED, promise.#value);
        return;
      }
      const last = promise.#lastJob;
      job.following = last === undefined ? job : last.following;
      if (last !== undefined) last.following = job;
      promise.#lastJob = job;
    };
    isCoPromise = (value): value is CoPromise<unknown> =>
      typeof value === "object" && value !== null && #state in value;
    reportUnhandled = (promise) => {
      const owner = promise.#owner;
      if (promise.#handled || owner === undefined || !owner.alive) return;
      promise.#handled = true;
      current = owner;
      owner.unhandled(promise.#value);
    };
  }

  constructor(executor: (resolve: (value: T | PromiseLike<T>) => void, reject: Settle) => void) {
    if (executor === INTERNAL) return;
    if (typeof executor !== "function") throw new TypeError("Promise needs a function");
    const { resolve, reject } = resolvingFunctions(this);
    try {
      executor(resolve, reject);
    } catch (error) {
      throwIfStopped(error);
      reject(error);
    }
  }

  // biome-ignore lint/suspicious/noThenProperty: this is a promise.
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): CoPromise<A | B> {
    if (!isCoPromise(this)) throw new TypeError("then was called on something that is no promise");
    const kind = speciesOf(this);
    const target = kind === BASE ? pending<unknown>() : newCapability(kind);
    attach(this, new Reaction(target, onFulfilled, onRejected));
    // The handlers' types say what it will hold; a reaction itself deals in unknowns.
    return (isCoPromise(target) ? target : target.promise) as CoPromise<A | B>;
  }

  catch<B = never>(
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): CoPromise<T | B> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): CoPromise<T> {
    if (typeof onFinally !== "function") return this.then(onFinally, onFinally) as CoPromise<T>;
    const kind = speciesOf(this);
    return this.then(
      (value) => promiseResolve(kind, onFinally()).then(() => value),
      (reason) =>
        promiseResolve(kind, onFinally()).then(() => {
          throw reason;
        }),
    ) as CoPromise<T>;
  }

  get [Symbol.toStringTag](): string {
    return "Promise";
  }

  static get [Symbol.species](): unknown {
    return this;
  }

  static resolve(): CoPromise<void>;
  static resolve<T>(value: T): CoPromise<Awaited<T>>;
  static resolve(value?: unknown): CoPromise<unknown> {
    return promiseResolve(this, value);
  }

  static reject<T = never>(reason?: unknown): CoPromise<T> {
    const { promise, reject } = newCapability(this);
    reject(reason);
    return promise as CoPromise<T>;
  }

  static withResolvers<T>(): {
    promise: CoPromise<T>;
    resolve: (value: T | PromiseLike<T>) => void;
    reject: Settle;
  } {
    const { promise, resolve, reject } = newCapability(this);
    return { promise: promise as CoPromise<T>, resolve: resolve as Settle, reject };
  }

  static all<T>(values: Iterable<T>): CoPromise<Awaited<T>[]> {
    return combine(this, values, ({ resolve, reject }, slots) => ({
      fulfilled: (i) => (value) => {
        if (slots.fill(i, value)) resolve(slots.values);
      },
      rejected: () => reject,
      none: () => resolve(slots.values),
    })) as CoPromise<Awaited<T>[]>;
  }

  static allSettled<T>(values: Iterable<T>): CoPromise<PromiseSettledResult<Awaited<T>>[]> {
    return combine(this, values, ({ resolve }, slots) => ({
      fulfilled: (i) => (value) => {
        if (slots.fill(i, { status: "fulfilled", value })) resolve(slots.values);
      },
      rejected: (i) => (reason) => {
        if (slots.fill(i, { status: "rejected", reason })) resolve(slots.values);
      },
      none: () => resolve(slots.values),
    })) as CoPromise<PromiseSettledResult<Awaited<T>>[]>;
  }

  static any<T>(values: Iterable<T>): CoPromise<Awaited<T>> {
    return combine(this, values, ({ resolve, reject }, slots) => {
      const refuseAll = () =>
        reject(new AggregateError(slots.values, "every promise was rejected"));
      return {
        fulfilled: () => resolve,
        rejected: (i) => (reason) => {
          if (slots.fill(i, reason)) refuseAll();
        },
        none: refuseAll,
      };
    }) as CoPromise<Awaited<T>>;
  }

  static race<T>(values: Iterable<T>): CoPromise<Awaited<T>> {
    return combine(this, values, ({ resolve, reject }) => ({
      fulfilled: () => resolve,
      rejected: () => reject,
      none: () => {},
    })) as CoPromise<Awaited<T>>;
  }
}

Object.defineProperty(CoPromise, "name", { value: "Promise", configurable: true });

/** The class itself, as the generic algorithms see it. */
const BASE = CoPromise as unknown as PromiseClass;
const baseThen: unknown = CoPromise.prototype.then;

/** A pending promise that only its maker settles, with `fulfil` or `refuse`. Allocates no closures. */
export function pending<T>(): CoPromise<T> {
  return new CoPromise<T>(INTERNAL);
}

/**
 * Settles a promise with a value, which is taken as it is, thenable or not. Whoever waits on it is
 * queued, each for its own owner. A settled promise stays as it was.
 */
export function fulfil<T>(promise: CoPromise<T>, value: T): void {
  settle(promise as CoPromise<unknown>, FULFILLED, value);
}

/** Rejects a promise; else as `fulfil`. */
export function refuse<T>(promise: CoPromise<T>, reason: unknown): void {
  settle(promise as CoPromise<unknown>, REJECTED, reason);
}

/** Has `job` performed when a promise is settled, for the current owner: a `then` without a second promise. */
export function whenSettled(promise: CoPromise<unknown>, job: Job): void {
  attach(promise, job);
}

/** True for a promise of this file. */
export function isOurs(value: unknown): value is CoPromise<unknown> {
  return isCoPromise(value);
}

/** What an async function without `await` returns for `return value`. */
export function done(value?: unknown): CoPromise<unknown> {
  const promise = pending<unknown>();
  resolvePromise(promise, value);
  return promise;
}

/** What an async function without `await` returns for an error; throws on when its owner is dead. */
export function failed(reason: unknown): CoPromise<unknown> {
  throwIfStopped(reason);
  const promise = pending<unknown>();
  refuse(promise, reason);
  return promise;
}

function throwIfStopped(error: unknown): void {
  if (isStopped(current)) throw error;
}

/** The specification's "promise resolve function": follows thenables, a job later. */
function resolvePromise(promise: CoPromise<unknown>, value: unknown): void {
  if (!isObject(value)) return settle(promise, FULFILLED, value);
  if (value === promise) {
    return refuse(promise, new TypeError("a promise cannot be resolved with itself"));
  }
  let then: unknown;
  try {
    then = (value as { then?: unknown }).then;
  } catch (error) {
    throwIfStopped(error);
    return refuse(promise, error);
  }
  if (typeof then !== "function") return settle(promise, FULFILLED, value);
  if (value instanceof NativePromise) return refuse(promise, nativePromiseError());
  enqueue(new Following(promise, value, then as Method), false, undefined);
}

function nativePromiseError(): TypeError {
  return new TypeError(
    "a native promise reached the sandbox: only promises made in it can be waited for",
  );
}

function resolvingFunctions(promise: object): { resolve: Settle; reject: Settle } {
  // Whatever its type parameter, a promise is settled here with unknowns.
  const target = promise as CoPromise<unknown>;
  let called = false;
  return {
    resolve: (value) => {
      if (called) return;
      called = true;
      resolvePromise(target, value);
    },
    reject: (reason) => {
      if (called) return;
      called = true;
      refuse(target, reason);
    },
  };
}

function newCapability(kind: unknown): Capability {
  if (kind === BASE) {
    const promise = pending<unknown>();
    return { promise, ...resolvingFunctions(promise) };
  }
  if (typeof kind !== "function") throw new TypeError("this is no promise class");
  let resolve: unknown;
  let reject: unknown;
  const promise = new (kind as PromiseClass)((a, b) => {
    if (resolve !== undefined || reject !== undefined) throw new TypeError("executed twice");
    resolve = a;
    reject = b;
  });
  if (typeof resolve !== "function" || typeof reject !== "function") {
    throw new TypeError("the promise class gave no resolving functions");
  }
  return { promise, resolve: resolve as Settle, reject: reject as Settle };
}

function speciesOf(promise: object): unknown {
  const kind: unknown = promise.constructor;
  if (kind === BASE || kind === undefined) return BASE;
  if (!isObject(kind)) throw new TypeError("a promise's constructor is no class");
  return (kind as { [Symbol.species]?: unknown })[Symbol.species] ?? BASE;
}

function promiseResolve(kind: unknown, value: unknown): CoPromise<unknown> {
  if (!isObject(kind)) throw new TypeError("this is no promise class");
  if (isCoPromise(value) && value.constructor === kind) return value;
  if (kind === BASE) return done(value);
  const { promise, resolve } = newCapability(kind);
  resolve(value);
  return promise;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** One `then`: a handler for each outcome, and the promise that its result goes to. */
class Reaction extends Job {
  readonly #target: CoPromise<unknown> | Capability;
  readonly #onFulfilled: unknown;
  readonly #onRejected: unknown;

  constructor(target: CoPromise<unknown> | Capability, onFulfilled: unknown, onRejected: unknown) {
    super();
    this.#target = target;
    this.#onFulfilled = onFulfilled;
    this.#onRejected = onRejected;
  }

  perform(): void {
    const handler = this.failed ? this.#onRejected : this.#onFulfilled;
    if (typeof handler !== "function") return this.#finish(this.failed, this.outcome);
    let result: unknown;
    try {
      result = (handler as Method)(this.outcome);
    } catch (error) {
      return this.#finish(true, error);
    }
    this.#finish(false, result);
  }

  #finish(failed: boolean, value: unknown): void {
    if (isStopped(this.owner)) return;
    const target = this.#target;
    if (isCoPromise(target)) {
      if (failed) refuse(target, value);
      else resolvePromise(target, value);
      return;
    }
    // A subclass's own functions are called without a this, as in the specification.
    const { resolve, reject } = target;
    try {
      if (failed) reject(value);
      else resolve(value);
    } catch {
      // As in the specification: nobody hears what a subclass's own resolving function throws.
    }
  }
}

/** A promise that was resolved with a thenable: first asks it, then (if it is ours) takes its outcome. */
class Following extends Job {
  readonly #target: CoPromise<unknown>;
  readonly #thenable: object;
  readonly #then: Method;
  #asked = false;

  constructor(target: CoPromise<unknown>, thenable: object, then: Method) {
    super();
    this.#target = target;
    this.#thenable = thenable;
    this.#then = then;
  }

  perform(): void {
    if (this.#asked) return this.#take();
    this.#asked = true;
    const thenable = this.#thenable;
    // Nobody can tell that the promise which `then` would have given back was never made.
    if (this.#then === baseThen && isCoPromise(thenable) && thenable.constructor === BASE) {
      return attach(thenable, this);
    }
    const { resolve, reject } = resolvingFunctions(this.#target);
    try {
      this.#then.call(thenable, resolve, reject);
    } catch (error) {
      if (!isStopped(this.owner)) reject(error);
    }
  }

  #take(): void {
    if (this.failed) refuse(this.#target, this.outcome);
    else resolvePromise(this.#target, this.outcome);
  }
}

// Promise.all and its kin.

interface Handlers {
  readonly fulfilled: (i: number) => Settle;
  readonly rejected: (i: number) => Settle;
  /** Called when all elements were already settled, or there were none. */
  readonly none: () => void;
}

/** Results in the order of the elements. One more is counted as open until all elements are read. */
class Slots {
  readonly values: unknown[] = [];
  readonly #isFilled: boolean[] = [];
  #openCount = 1;

  open(): number {
    this.#openCount += 1;
    return this.values.push(undefined) - 1;
  }

  /** True when this was the last one open. */
  fill(i: number, value: unknown): boolean {
    if (this.#isFilled[i] === true) return false;
    this.#isFilled[i] = true;
    this.values[i] = value;
    return this.close();
  }

  close(): boolean {
    this.#openCount -= 1;
    return this.#openCount === 0;
  }
}

function combine(
  kind: unknown,
  elements: Iterable<unknown>,
  handlersFor: (capability: Capability, slots: Slots) => Handlers,
): CoPromise<unknown> {
  const capability = newCapability(kind);
  const slots = new Slots();
  const handlers = handlersFor(capability, slots);
  try {
    // The specification reads `resolve` once, from the class that `all` was called on.
    const resolve: unknown = (kind as { resolve?: unknown }).resolve;
    if (typeof resolve !== "function") throw new TypeError("the promise class has no resolve");
    for (const element of elements) {
      const i = slots.open();
      const promise = (resolve as Method).call(kind, element) as PromiseLike<unknown>;
      promise.then(handlers.fulfilled(i), handlers.rejected(i));
    }
    if (slots.close()) handlers.none();
  } catch (error) {
    throwIfStopped(error);
    const { reject } = capability;
    reject(error);
  }
  return capability.promise;
}

// Async functions.

/** Makes `job` go on when `value` is settled. Throws what `await value` would throw at once. */
function awaitValue(value: unknown, job: Job): void {
  if (isCoPromise(value)) {
    if (value.constructor === BASE) return attach(value, job);
  } else if (!isObject(value)) {
    return enqueue(job, false, value);
  } else if (value instanceof NativePromise) {
    throw nativePromiseError();
  }
  attach(done(value), job);
}

/** A call of an async function that is under way. It is its own reaction and its own job. */
class Task extends Job {
  readonly promise = pending<unknown>();
  readonly #coroutine: Coroutine;

  constructor(coroutine: Coroutine) {
    super();
    this.#coroutine = coroutine;
  }

  perform(): void {
    try {
      this.step();
    } catch (error) {
      if (!isStopped(this.owner)) throw error;
    }
  }

  /** Runs up to the next await. Throws only when the owner was stopped on the way. */
  step(): void {
    let { failed, outcome } = this;
    this.outcome = undefined;
    for (;;) {
      let result: IteratorResult<unknown, unknown>;
      try {
        result = failed ? this.#coroutine.throw(outcome) : this.#coroutine.next(outcome);
      } catch (error) {
        if (isStopped(this.owner)) throw error;
        return refuse(this.promise, error);
      }
      if (result.done === true) return resolvePromise(this.promise, result.value);
      try {
        return awaitValue(result.value, this);
      } catch (error) {
        if (isStopped(this.owner)) throw error;
        failed = true;
        outcome = error;
      }
    }
  }
}

/**
 * Starts an async function: runs its generator up to the first await, for the current owner.
 * Returns the function's promise. Throws only what stopped the owner.
 */
export function run(coroutine: Coroutine): CoPromise<unknown> {
  const task = new Task(coroutine);
  task.step();
  return task.promise;
}

// Iteration.

/**
 * What `for await` iterates: the object's own async iterator, or its sync iterator with each value
 * awaited. Throws a TypeError when it has neither.
 */
function asyncIterator(iterable: unknown): AsyncSource {
  const object = iterable as { [Symbol.asyncIterator]?: unknown; [Symbol.iterator]?: unknown };
  const method = object[Symbol.asyncIterator];
  if (method !== undefined && method !== null) return sourceOf(iterable, method);
  const source = sourceOf(iterable, object[Symbol.iterator]);
  const iterator = new FromSync(source);
  return { iterator, next: FromSync.prototype.next };
}

function sourceOf(iterable: unknown, method: unknown): AsyncSource {
  if (typeof method !== "function") throw new TypeError("this cannot be iterated");
  const iterator: unknown = (method as Method).call(iterable);
  if (!isObject(iterator)) throw new TypeError("an iterator must be an object");
  return { iterator, next: (iterator as { next?: unknown }).next };
}

/** The specification's %AsyncFromSyncIterator%: a sync iterator whose values are awaited. */
class FromSync {
  readonly #source: AsyncSource;

  constructor(source: AsyncSource) {
    this.#source = source;
  }

  next(...values: unknown[]): CoPromise<unknown> {
    return this.#continue(() => callMethod(this.#source.iterator, this.#source.next, values), true);
  }

  return(...values: unknown[]): CoPromise<unknown> {
    const { iterator } = this.#source;
    try {
      const method = methodOf(iterator, "return");
      if (method === undefined) return done({ value: values[0], done: true });
      return this.#continue(() => callMethod(iterator, method, values), false);
    } catch (error) {
      return failed(error);
    }
  }

  throw(...values: unknown[]): CoPromise<unknown> {
    const { iterator } = this.#source;
    try {
      const method = methodOf(iterator, "throw");
      if (method !== undefined) {
        return this.#continue(() => callMethod(iterator, method, values), true);
      }
      this.#close();
      throw new TypeError("the iterator has no throw method");
    } catch (error) {
      return failed(error);
    }
  }

  #continue(call: () => unknown, closes: boolean): CoPromise<unknown> {
    try {
      const result = asResult(call());
      const isDone = Boolean(result.done);
      return this.#awaited(result.value, isDone, closes && !isDone);
    } catch (error) {
      return failed(error);
    }
  }

  #awaited(value: unknown, isDone: boolean, closes: boolean): CoPromise<unknown> {
    const onRejected = (reason: unknown): never => {
      this.#closeQuietly();
      throw reason;
    };
    let promise: CoPromise<unknown>;
    try {
      if (value instanceof NativePromise) throw nativePromiseError();
      promise = promiseResolve(BASE, value);
    } catch (error) {
      if (closes) this.#closeQuietly();
      throw error;
    }
    return promise.then((value) => ({ value, done: isDone }), closes ? onRejected : undefined);
  }

  #close(): void {
    const method = methodOf(this.#source.iterator, "return");
    if (method !== undefined) asResult(callMethod(this.#source.iterator, method, []));
  }

  #closeQuietly(): void {
    try {
      this.#close();
    } catch (error) {
      throwIfStopped(error);
    }
  }
}

function methodOf(iterator: object, name: Resumption): Method | undefined {
  const method = (iterator as Record<Resumption, unknown>)[name];
  if (method === undefined || method === null) return undefined;
  if (typeof method !== "function") throw new TypeError(`the iterator's ${name} is no function`);
  return method as Method;
}

function callMethod(iterator: object, method: unknown, values: unknown[]): unknown {
  if (typeof method !== "function") throw new TypeError("the iterator has no next method");
  return (method as Method).apply(iterator, values);
}

function asResult(result: unknown): { done?: unknown; value?: unknown } {
  if (!isObject(result)) throw new TypeError(`an iterator gave ${String(result)}, not an object`);
  return result;
}

/**
 * One `for await` under way. The compiler writes the loop around it:
 * `while (loop.take(yield loop.next())) …`, then closes it if it was left early.
 */
class AwaitLoop {
  /** True while the iterator has to be closed if the loop is left. */
  open = false;
  /** The element of this turn. */
  value: unknown = undefined;
  #threw = false;
  #return: Method | undefined = undefined;
  readonly #source: AsyncSource;

  constructor(iterable: unknown) {
    this.#source = asyncIterator(iterable);
  }

  /** Asks for the next element; what it gives is to be awaited. */
  next(): unknown {
    this.open = false;
    return callMethod(this.#source.iterator, this.#source.next, []);
  }

  /** Takes the awaited answer; false at the end. */
  take(answer: unknown): boolean {
    const result = asResult(answer);
    if (result.done) return false;
    this.value = result.value;
    this.open = true;
    return true;
  }

  /** Notes that the loop is left by an error, which then wins over any error in closing. */
  threw(error: unknown): unknown {
    this.#threw = true;
    return error;
  }

  /** True when the iterator wants to be told. */
  hasReturn(): boolean {
    this.#return = methodOf(this.#source.iterator, "return");
    return this.#return !== undefined;
  }

  /** Tells it; what it gives is to be awaited. */
  close(): unknown {
    return callMethod(this.#source.iterator, this.#return, []);
  }

  /** Takes the awaited answer to `close`. */
  closed(answer: unknown): void {
    if (!this.#threw) asResult(answer);
  }

  /** Takes an error from closing. */
  closeThrew(error: unknown): void {
    throwIfStopped(error);
    if (!this.#threw) throw error;
  }
}

/** Begins a `for await`. Throws a TypeError when `iterable` cannot be iterated. */
export function forAwait(iterable: unknown): AwaitLoop {
  return new AwaitLoop(iterable);
}

// Async generators. A coroutine of theirs yields one of these marks, with the value in `carried`;
// anything else that it yields is awaited. No code runs between the mark and its reading.

const YIELD = Object.freeze({ mark: "yield" });
const PASS = Object.freeze({ mark: "pass" });
const RETURN = Object.freeze({ mark: "return" });
let carried: unknown;

/** Compiled `yield value` of an async generator is `yield yielded(value)`. */
export function yielded(value?: unknown): object {
  carried = value;
  return YIELD;
}

interface Request {
  readonly how: Resumption;
  readonly value: unknown;
  readonly promise: CoPromise<unknown>;
  readonly owner: Owner | undefined;
}

/** Compiled `yield* iterable` of an async generator is `yield* delegate(iterable)`. */
export function* delegate(iterable: unknown): Coroutine {
  const source = asyncIterator(iterable);
  const { iterator } = source;
  let how: Resumption = "next";
  let value: unknown;
  for (;;) {
    const method: unknown = how === "next" ? source.next : methodOf(iterator, how);
    if (method === undefined && how === "return") {
      value = yield value;
      return yield leave(value);
    }
    if (method === undefined && how === "throw") {
      yield* closeAsync(iterator);
      throw new TypeError("the iterator has no throw method");
    }
    const result = asResult(yield callMethod(iterator, method, [value]));
    if (result.done) return how === "return" ? yield leave(result.value) : result.value;
    carried = result.value;
    const resumed = (yield PASS) as Pick<Request, "how" | "value">;
    how = resumed.how;
    value = resumed.value;
  }
}

function leave(value: unknown): object {
  carried = value;
  return RETURN;
}

function* closeAsync(iterator: object): Generator<unknown, void, unknown> {
  const method = methodOf(iterator, "return");
  if (method !== undefined) asResult(yield callMethod(iterator, method, []));
}

/** What an async generator is doing. */
type Stage = "start" | "suspended" | "running" | "closing" | "completed";

/** What the driver is waiting for while a value is awaited. */
type Wait = "await" | "yield" | "return" | "close";

/** Runs an async generator: one request at a time, the rest in a queue, as in the specification. */
class Driver extends Job {
  #stage: Stage = "start";
  #wait: Wait = "await";
  /** True while the coroutine stands in `delegate` and wants requests as they are. */
  #delegating = false;
  readonly #requests: Request[] = [];
  readonly #coroutine: Coroutine;

  constructor(coroutine: Coroutine) {
    super();
    this.#coroutine = coroutine;
  }

  request(how: Resumption, value: unknown): CoPromise<unknown> {
    const promise = pending<unknown>();
    if (how === "throw" && this.#stage === "start") this.#stage = "completed";
    if (this.#stage === "completed" && how !== "return") {
      if (how === "throw") refuse(promise, value);
      else fulfil(promise, { value: undefined, done: true });
      return promise;
    }
    this.#requests.push({ how, value, promise, owner: current });
    if (how === "return" && (this.#stage === "start" || this.#stage === "completed")) {
      this.#drain();
    } else if (this.#stage === "start" || this.#stage === "suspended") {
      this.#serve();
    }
    return promise;
  }

  perform(): void {
    try {
      this.#goOn();
    } catch (error) {
      if (!isStopped(this.owner)) throw error;
    }
  }

  #goOn(): void {
    const { failed, outcome } = this;
    this.outcome = undefined;
    switch (this.#wait) {
      case "await":
        return this.#resume(failed ? "throw" : "next", outcome);
      case "yield":
        if (failed) return this.#resume("throw", outcome);
        return this.#deliver(outcome);
      case "return":
        return this.#hand(failed ? "throw" : "return", outcome);
      case "close":
        this.#stage = "completed";
        this.#answer(failed, outcome, true);
        return this.#drain();
    }
  }

  /** Gives a yielded value to whoever asked, and goes on at once if more is asked. */
  #deliver(value: unknown): void {
    this.#stage = "suspended";
    this.#answer(false, value, false);
    if (this.#requests.length > 0) this.#serve();
  }

  /** Resumes the coroutine for the first request. */
  #serve(): void {
    const { how, value, owner } = this.#requests[0] as Request;
    this.#stage = "running";
    this.owner = owner;
    if (how !== "return") return this.#hand(how, value);
    const error = this.#awaitFor("return", value);
    if (error !== undefined) this.#hand("throw", error.reason);
  }

  #hand(how: Resumption, value: unknown): void {
    if (!this.#delegating) return this.#resume(how, value);
    this.#delegating = false;
    this.#resume("next", { how, value });
  }

  #resume(how: Resumption, value: unknown): void {
    for (;;) {
      let result: IteratorResult<unknown, unknown>;
      try {
        result = this.#coroutine[how](value);
      } catch (error) {
        if (isStopped(this.owner)) throw error;
        return this.#complete(true, error);
      }
      if (result.done === true) return this.#complete(false, result.value);
      if (result.value === PASS) {
        this.#delegating = true;
        return this.#deliver(carried);
      }
      if (result.value === RETURN) {
        how = "return";
        value = carried;
        continue;
      }
      const isYield = result.value === YIELD;
      const error = this.#awaitFor(isYield ? "yield" : "await", isYield ? carried : result.value);
      if (error === undefined) return;
      how = "throw";
      value = error.reason;
    }
  }

  #awaitFor(wait: Wait, value: unknown): { reason: unknown } | undefined {
    this.#wait = wait;
    try {
      awaitValue(value, this);
      return undefined;
    } catch (reason) {
      if (isStopped(this.owner)) throw reason;
      return { reason };
    }
  }

  #complete(failed: boolean, value: unknown): void {
    this.#stage = "completed";
    this.#answer(failed, value, true);
    this.#drain();
  }

  #answer(failed: boolean, value: unknown, isDone: boolean): void {
    const request = this.#requests.shift() as Request;
    if (failed) refuse(request.promise, value);
    else fulfil(request.promise, { value, done: isDone });
  }

  /** Answers what is asked of a generator that has ended, up to a return whose value is awaited. */
  #drain(): void {
    for (let request = this.#requests[0]; request !== undefined; request = this.#requests[0]) {
      this.owner = request.owner;
      if (request.how === "return") {
        this.#stage = "closing";
        const error = this.#awaitFor("close", request.value);
        if (error === undefined) return;
        this.#stage = "completed";
        this.#answer(true, error.reason, true);
      } else {
        this.#answer(
          request.how === "throw",
          request.how === "throw" ? request.value : undefined,
          true,
        );
      }
    }
  }
}

class CoAsyncGenerator implements AsyncGenerator<unknown, unknown, unknown> {
  readonly #driver: Driver;

  constructor(coroutine: Coroutine) {
    this.#driver = new Driver(coroutine);
  }

  next(value?: unknown): CoPromise<IteratorResult<unknown, unknown>> {
    return CoAsyncGenerator.#request(this, "next", value);
  }

  return(value?: unknown): CoPromise<IteratorResult<unknown, unknown>> {
    return CoAsyncGenerator.#request(this, "return", value);
  }

  throw(reason?: unknown): CoPromise<IteratorResult<unknown, unknown>> {
    return CoAsyncGenerator.#request(this, "throw", reason);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  get [Symbol.toStringTag](): string {
    return "AsyncGenerator";
  }

  static #request(
    generator: CoAsyncGenerator,
    how: Resumption,
    value: unknown,
  ): CoPromise<IteratorResult<unknown, unknown>> {
    const promise =
      isObject(generator) && #driver in generator
        ? generator.#driver.request(how, value)
        : failed(new TypeError("this is no async generator"));
    return promise as CoPromise<IteratorResult<unknown, unknown>>;
  }
}

/**
 * Makes the object that calling an async generator function gives. Requests are queued without
 * bound, as in the specification; it runs for the owner of the request that it serves.
 */
export function asyncGenerator(coroutine: Coroutine): AsyncGenerator<unknown, unknown, unknown> {
  return new CoAsyncGenerator(coroutine);
}
