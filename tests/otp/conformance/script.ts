/** Runs the steps of scripts (section 5). */
import { ErlangError, Exit, isStop } from "../../../workers/kernel/index.ts";
import { bed, type Variables } from "./bed.ts";
import { CLUSTER_OPS } from "./cluster-ops.ts";
import { type Script, settled } from "./coroutine.ts";
import { isEqual } from "./expressions.ts";
import { Arguments, type Ops, rounded } from "./op.ts";
import { clockMs, PROCESS_OPS } from "./process-ops.ts";
import { api } from "./product.ts";
import type { Step } from "./recording.ts";
import { SERVER_OPS } from "./server-ops.ts";
import { STAGE_OPS } from "./stage-ops.ts";
import { SUPERVISOR_OPS } from "./supervisor-ops.ts";
import { decode } from "./terms.ts";

const CONTROL_OPS: Ops = {
  at: {
    needs: ["sleep", "monotonic"],
    *run(step) {
      const leftMs = (step.value("ms") as number) - clockMs();
      if (leftMs > 0) yield* settled(api("sleep", leftMs));
    },
  },
  sleep: {
    needs: ["sleep"],
    *run(step) {
      yield* settled(api("sleep", step.ms("ms")));
    },
  },
  park: {
    needs: ["sleep"],
    *run() {
      yield* settled(api("sleep", Number.POSITIVE_INFINITY));
    },
  },
  now: { needs: ["monotonic"], run: () => bed().write("now", rounded(clockMs())) },
  log: { needs: [], run: (step) => bed().write("log", step.value("value")) },
  let: { needs: [], run: (step) => step.variables.set(step.text("var"), step.value("value")) },
  if: {
    needs: [],
    *run(step) {
      const [a, b] = step.value("eq") as readonly unknown[];
      yield* perform(step.steps(isEqual(a, b) ? "then" : "else"), step.variables);
    },
  },
  repeat: {
    needs: [],
    *run(step) {
      for (let i = step.value("n") as number; i > 0; i--) {
        yield* perform(step.steps("do"), step.variables);
      }
    },
  },
  forever: {
    needs: [],
    *run(step) {
      for (;;) yield* perform(step.steps("do"), step.variables);
    },
  },
  try: {
    needs: [],
    *run(step) {
      let uncaught: { readonly thrown: unknown } | undefined;
      try {
        yield* tryAndCatch(step);
      } catch (thrown) {
        if (isStop(thrown)) throw thrown;
        uncaught = { thrown };
      }
      yield* perform(step.steps("after_do"), step.variables);
      if (uncaught !== undefined) throw uncaught.thrown;
    },
  },
};

function* tryAndCatch(step: Arguments): Script<void> {
  try {
    yield* perform(step.steps("do"), step.variables);
  } catch (thrown) {
    bed().write("raise", ...exceptionOf(thrown));
    yield* perform(step.steps("catch_do"), step.variables);
  }
}

const OPS: Ops = {
  ...CONTROL_OPS,
  ...PROCESS_OPS,
  ...SERVER_OPS,
  ...SUPERVISOR_OPS,
  ...CLUSTER_OPS,
  ...STAGE_OPS,
};

/** What the API lacks for an op; undefined when the op itself is unknown here. */
export function needsOf(op: string): readonly string[] | undefined {
  return OPS[op]?.needs;
}

/** Runs steps one after the other in the running process. */
export function* perform(steps: readonly Step[], variables: Variables): Script<void> {
  for (const step of steps) yield* performOne(step, variables);
}

function* performOne(step: Step, variables: Variables): Script<void> {
  let value: unknown;
  try {
    value = yield* resultOf(step, variables);
  } catch (thrown) {
    if (step["catch"] !== true) throw thrown;
    bed().write("raise", ...exceptionOf(thrown));
    return;
  }
  if (typeof step["bind"] === "string") variables.set(step["bind"], value);
  if (step["show"] === true) bed().write("ret", step.op, value);
}

function* resultOf(step: Step, variables: Variables): Script<unknown> {
  const op = OPS[step.op];
  if (op === undefined) throw new Error(`unknown op ${step.op}`);
  const value: unknown = op.run(new Arguments(step, variables));
  const isScript = typeof (value as { next?: unknown } | undefined)?.next === "function";
  return isScript ? yield* value as Script<unknown> : value;
}

/** Class and reason of an exception. An error that Erlang has no class for is thrown on: it is ours. */
function exceptionOf(thrown: unknown): readonly [string, unknown] {
  if (thrown instanceof Exit) return ["exit", decode(thrown.reason)];
  if (thrown instanceof ErlangError) return ["error", decode(thrown.reason)];
  if (thrown instanceof Error) throw thrown;
  return ["throw", decode(thrown)];
}
