/**
 * What a canary is judged by: the metrics of its nodes and of those that still have the old release,
 * at the start of the bake and now. Only the same minutes can be compared. Rules in SPEC.md, OP.
 */
import { brief, Exit, isStop, type Pid } from "../kernel/index.ts";
import { call } from "../otp/call.ts";
import { genServer } from "../otp/gen-server.ts";
import { here, steps, wait } from "../otp/here.ts";
import { log } from "../otp/log.ts";
import { multiCall } from "../otp/multi-call.ts";
import { exit, unlink } from "../otp/processes.ts";
import { definitionBody } from "../otp/start.ts";
import type { Reading } from "./metrics.ts";
import type { Member, Operation } from "./ops-operator.ts";
import {
  ANSWER_MS,
  type CanaryMeasures,
  NODE_AGENT,
  type NodeMeasures,
  type Verdict,
} from "./ops-protocol.ts";

/** Ms that a judge may take. */
const JUDGE_MS = 60_000;

/** What comes back from a judge that threw something. */
const FAILED = "judge failed";

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

/** Asks the judge. One that fails, is late, or says anything else, has said that it goes back, and why. */
export function* askJudge(
  judge: Pid,
  measures: CanaryMeasures,
): Operation<readonly [Verdict, why: string]> {
  try {
    const said = yield* wait(call<unknown>(judge, measures, { timeout: JUDGE_MS }));
    if (said === "go" || said === "back" || said === "wait") return [said, "judge"];
    return [
      "back",
      Array.isArray(said) && said[0] === FAILED ? "judge_failed" : "judge_bad_answer",
    ];
  } catch (thrown) {
    if (thrown instanceof Exit) return ["back", "judge_failed"];
    throw thrown;
  }
}

/** The process of a judge, begun by whoever runs; it has to be ended. `isLinked`: it ends with them, too. */
export function beginJudge(judge: (measures: CanaryMeasures) => unknown, isLinked: boolean): Pid {
  const parent = here();
  const server = genServer<null, CanaryMeasures>({
    init: () => ["ok", null],
    handleCall: (measures) =>
      steps(function* () {
        let said: unknown;
        try {
          said = yield* wait(judge(measures));
        } catch (thrown) {
          // Stop is not to be caught; of anything else it is enough that it was thrown.
          if (isStop(thrown)) throw thrown;
          log("error", `the judge of the canary failed: ${brief(thrown)}`);
          said = [FAILED];
        }
        return ["reply", said, null] as const;
      }),
  });
  const body = definitionBody(server, []);
  return parent.node.spawn(body, { parent, link: isLinked, label: "judge" }).process.pid;
}

/** Ends a judge, and nobody with it. */
export function endJudge(judge: Pid): void {
  unlink(judge);
  exit(judge, "kill");
}
