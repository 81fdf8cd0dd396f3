/**
 * What a canary is judged by: the metrics of its nodes and of those that still have the old release,
 * at the start of the bake and now. Only the same minutes can be compared. Rules in SPEC.md, OP.
 */
import { CoPromise, isStop, type Pid } from "../kernel/index.ts";
import { call } from "../otp/call.ts";
import { genServer } from "../otp/gen-server.ts";
import { here, wait } from "../otp/here.ts";
import { multiCall } from "../otp/multi-call.ts";
import { definitionBody } from "../otp/start.ts";
import type { Reading } from "./metrics.ts";
import type { Member, Operation } from "./ops-operator.ts";
import {
  ANSWER_MS,
  type CanaryMeasures,
  type DeployOrder,
  NODE_AGENT,
  type NodeMeasures,
  type Verdict,
} from "./ops-protocol.ts";

type Measured = ReadonlyMap<string, readonly Reading[]>;

/** The readings of all nodes that answer. */
export function* measure(members: readonly Member[]): Operation<Measured> {
  const names = members.map(({ name }) => name);
  const [replies] = yield* wait(
    multiCall<readonly Reading[]>(names, NODE_AGENT, ["measure"], ANSWER_MS),
  );
  return new Map(replies);
}

/** Of those that answered both times. */
export function measuresOf(
  members: readonly Member[],
  before: Measured,
  now: Measured,
): readonly NodeMeasures[] {
  return members.flatMap(({ name, version }) => {
    const [first, last] = [before.get(name), now.get(name)];
    if (first === undefined || last === undefined) return [];
    return [{ node: name, version, before: first, now: last }];
  });
}

/** Asks the judge. One that fails, or says anything else, has said that it goes back, and why. */
export function* askJudge(
  judge: DeployOrder["judge"],
  measures: CanaryMeasures,
): Operation<readonly [Verdict, why: string]> {
  try {
    const said =
      typeof judge === "function"
        ? yield* wait(judge(measures))
        : yield* wait(call<Verdict>(judge as Pid, measures, { timeout: Number.POSITIVE_INFINITY }));
    if (said === "go" || said === "back" || said === "wait") return [said, "judge"];
    return ["back", "judge_bad_answer"];
  } catch (thrown) {
    if (isStop(thrown)) throw thrown;
    return ["back", "judge_failed"];
  }
}

/** A process beside the caller that asks a function which cannot travel; it ends with the caller. */
export function judgeBeside(judge: (measures: CanaryMeasures) => unknown): Pid {
  const parent = here();
  const server = genServer<null, CanaryMeasures>({
    init: () => ["ok", null],
    handleCall(measures) {
      return CoPromise.resolve(judge(measures)).then((said) => ["reply", said, null] as const);
    },
  });
  const body = definitionBody(server, []);
  return parent.node.spawn(body, { parent, link: true, label: "judge" }).process.pid;
}
