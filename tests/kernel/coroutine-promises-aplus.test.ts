import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { CoPromise, drain } from "../../workers/kernel/coroutine.ts";

interface Deferred {
  readonly promise: unknown;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}
interface Adapter {
  deferred(): Deferred;
}
type RunSuite = (
  adapter: Adapter,
  options: object,
  done: (error: { failures?: number } | null) => void,
) => void;

const runSuite = createRequire(import.meta.url)("promises-aplus-tests") as RunSuite;

/** Mocha prints 872 lines else. */
class Count {
  static passed = 0;
  static failed: string[] = [];
  constructor(runner: { on(event: string, f: (test: { fullTitle(): string }) => void): void }) {
    runner.on("pass", () => {
      Count.passed += 1;
    });
    runner.on("fail", (test) => {
      Count.failed.push(test.fullTitle());
    });
  }
}

// Slow because the suite waits for real time in many of its tests; it is the definition of "promise".
it("CoPromise passes all 872 tests of Promises/A+", { timeout: 120_000 }, async () => {
  const adapter: Adapter = { deferred: () => CoPromise.withResolvers<unknown>() };
  let isRunning = true;
  const pump = (): void => {
    drain();
    if (isRunning) setImmediate(pump);
  };
  pump();
  await new Promise<void>((done) =>
    runSuite(adapter, { reporter: Count, timeout: 60_000 }, () => done()),
  );
  isRunning = false;
  expect(Count.failed).toEqual([]);
  expect(Count.passed).toBe(872);
});
