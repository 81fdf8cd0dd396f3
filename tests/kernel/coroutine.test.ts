import { describe, expect, it } from "vitest";
import {
  asyncGenerator,
  CoPromise,
  currentOwner,
  drain,
  enter,
  fulfil,
  type Owner,
  pending,
  refuse,
  run,
  yielded,
} from "../../workers/kernel/coroutine.ts";

interface Process extends Owner {
  readonly reasons: unknown[];
}

function process(): Process {
  const reasons: unknown[] = [];
  return { alive: true, reasons, unhandled: (reason) => void reasons.push(reason) };
}

/** Runs `f` as a step of `owner`, as the kernel does. */
function withOwner<T>(owner: Owner, f: () => T): T {
  enter(owner);
  try {
    return f();
  } finally {
    enter(undefined);
  }
}

describe("owners", () => {
  it("are current in their own steps and after each await, whoever settles the promise", () => {
    const [a, b] = [process(), process()];
    const seen: unknown[] = [];
    const answer = pending<number>();
    function* waits() {
      seen.push(currentOwner());
      seen.push(yield answer);
      seen.push(currentOwner());
    }
    withOwner(a, () => run(waits()));
    withOwner(b, () => fulfil(answer, 7));
    expect(currentOwner()).toBeUndefined();
    drain();
    expect(seen).toEqual([a, 7, a]);
  });

  it("that died are not resumed: neither catch nor finally runs", () => {
    const [dies, lives] = [process(), process()];
    const seen: string[] = [];
    const answer = pending<void>();
    function* waits(name: string) {
      try {
        yield answer;
        seen.push(`${name} goes on`);
      } finally {
        seen.push(`${name} cleans up`);
      }
    }
    withOwner(dies, () => run(waits("the dead")));
    withOwner(lives, () => run(waits("the living")));
    fulfil(answer, undefined);
    dies.alive = false;
    drain();
    expect(seen).toEqual(["the living goes on", "the living cleans up"]);
  });

  it("stopped in a step take the error out of run instead of getting a rejection", () => {
    const owner = process();
    // biome-ignore lint/correctness/useYield: an async function that never waits is one too.
    function* isStopped(): Generator<unknown, unknown, unknown> {
      owner.alive = false;
      throw new Error("stop");
    }
    expect(() => withOwner(owner, () => run(isStopped()))).toThrow("stop");
    drain();
    expect(owner.reasons).toEqual([]);
  });
});

describe("rejections that nobody handles", () => {
  it("go to the owner of the promise at the end of drain, once", () => {
    const [a, b] = [process(), process()];
    withOwner(a, () => CoPromise.reject("orphan"));
    const handled = withOwner(b, () => CoPromise.reject("handled in time"));
    withOwner(b, () => CoPromise.resolve().then(() => handled.catch(() => {})));
    drain();
    drain();
    expect([a.reasons, b.reasons]).toEqual([["orphan"], []]);
  });

  it("include those of a function that the kernel refused", () => {
    const owner = process();
    const answer = pending<void>();
    withOwner(owner, () =>
      run(
        (function* () {
          yield answer;
        })(),
      ),
    );
    refuse(answer, "timeout");
    drain();
    expect(owner.reasons).toEqual(["timeout"]);
  });

  it("are not reported to the dead", () => {
    const owner = process();
    withOwner(owner, () => CoPromise.reject("late"));
    owner.alive = false;
    drain();
    expect(owner.reasons).toEqual([]);
  });
});

describe("native promises", () => {
  const native = Promise.resolve(1);

  it("are named when awaited, resolved with, or yielded", () => {
    const reasons: unknown[] = [];
    const note = (reason: unknown) => void reasons.push((reason as Error).message.slice(0, 36));
    const isCaught = run(
      (function* () {
        try {
          yield native;
        } catch (error) {
          note(error);
        }
      })(),
    );
    isCaught.catch(note);
    CoPromise.resolve(native as unknown).catch(note);
    const generator = asyncGenerator(
      (function* () {
        yield yielded(native);
      })(),
    );
    (generator.next() as unknown as CoPromise<unknown>).catch(note);
    drain();
    expect(reasons).toEqual(Array(3).fill("a native promise reached the sandbox"));
  });
});

it("a promise settled twice stays as it was", () => {
  const answer = pending<number>();
  fulfil(answer, 1);
  fulfil(answer, 2);
  refuse(answer, "no");
  const seen: number[] = [];
  answer.then((value) => void seen.push(value));
  drain();
  expect(seen).toEqual([1]);
});
