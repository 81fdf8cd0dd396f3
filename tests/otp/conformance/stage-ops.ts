/** Starting and subscribing demand stages (section 8). */
import { type Script, settled } from "./coroutine.ts";
import { type Arguments, calling, type Ops } from "./op.ts";
import { api } from "./product.ts";
import { stageOf } from "./stage-tables.ts";
import { decode } from "./terms.ts";

export const STAGE_OPS: Ops = {
  stage_start: { needs: ["stage", "startLink", "start"], run: start },
  stage_subscribe: calling("genStage.syncSubscribe", (step) => [
    step.destination("consumer"),
    { to: step.destination("to"), ...subscriptionOf(step) },
  ]),
  stage_demand: calling("genStage.demand", (step) => [step.destination("to"), step.term("mode")]),
};

function* start(step: Arguments): Script<unknown> {
  const stage = step.text("stage");
  const definition = stageOf(stage, step.has("as") ? step.text("as") : stage);
  const path = step.text("mode") === "start" ? "start" : "startLink";
  return decode(yield* settled(api(path, definition, [], {})));
}

function subscriptionOf(step: Arguments): Readonly<Record<string, unknown>> {
  return {
    maxDemand: step.term("max_demand"),
    ...(step.has("min_demand") && { minDemand: step.term("min_demand") }),
    ...(step.has("cancel") && { cancel: step.term("cancel") }),
    ...(step.has("partition") && { partition: step.term("partition") }),
  };
}
