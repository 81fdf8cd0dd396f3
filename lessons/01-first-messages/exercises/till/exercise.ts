/** E1: a till that sells each sale once, counts what it sold, and says nothing that is not so. */
import type { Exercise } from "../../../../workers/check/exercise.ts";
import type { Evidence } from "../../../../workers/check/verdict.ts";
import { count, duration } from "../../figures.ts";
import { SECOND, server, shop } from "../../scenario.ts";

const TILLS = ["till-1", "till-2"];

/** Two tills, about 240 customers, one of them with a pallet. The auditor comes when all is quiet. */
const twoTills = shop({
  name: "two-tills",
  horizonUs: 30 * SECOND,
  starts: [
    ...TILLS.map((name) => server("till.ts", "till", name)),
    {
      atUs: 28 * SECOND,
      node: "web",
      file: "customer.ts",
      run: "auditor",
      args: [TILLS],
      name: "auditor",
    },
  ],
  phases: [{ untilUs: 12 * SECOND, perSecond: 20 }],
  errand: { tills: TILLS, badShare: 0.02, palletFor: 60 },
});

export const exercise: Exercise = {
  id: "L01-E1",
  title: "Till",
  version: 1,
  kind: "code",
  speed: 1,
  run: twoTills,
  tiers: { S: { scenario: twoTills, seedCount: 200 } },
  checks: [
    { check: "exactEffect", tier: "S", effect: "sale", success: "sold" },
    { check: "conserve", tier: "S", effect: "sale", observed: "total", success: "sold" },
    { check: "noLie", tier: "S", effect: "sale", success: "sold", failure: "turned away" },
    { check: "noLeak", tier: "S" },
  ],
  mainFile: "till.ts",
  explain,
};

function explain({ check, pattern, values }: Evidence): string | undefined {
  const customer = values["customer"];
  switch (`${check}/${pattern}`) {
    case "exactEffect/none-at-all":
      return "Customers came all day, and not one sale was rung up.";
    case "exactEffect/twice":
      return explainTwice(values);
    case "exactEffect/lost":
      return `Customer ${customer} was told 'sold', and nothing was ever rung up for them.`;
    case "conserve/acknowledged-not-counted":
      return `Sale ${customer} was acknowledged but the total never changed.`;
    case "conserve/shared":
      return "Two processes changed one variable; processes may only share by message.";
    case "conserve/differs":
      return `${values["of"]} says that it sold ${count(values["observed"])} pieces; ${count(values["expected"])} went over its counter.`;
    case "conserve/no-answer":
      return `The auditor asked ${values["of"]} for its total, and nobody could say: what a process knew is gone when it has ended.`;
    case "noLie/told-before":
      return `The client was told 'sold' ${duration(Number(values["earlyMs"]))} before the till looked at the request.`;
    case "noLie/told-without":
      return `Customer ${customer} was told 'sold', and no till ever rang it up.`;
    case "noLie/denied-but-done":
      return `Customer ${customer} was told no, and the till sold to them ${duration(Number(values["lateMs"]))} later all the same.`;
    case "noLie/denied":
      return `Customer ${customer} asked for what the shop has, and was turned away.`;
    case "noLeak/process":
      return `${count(values["count"])} processes "${values["label"]}" were still there after closing time: a process lives until it ends, whether or not anybody remembers it.`;
    default:
      return undefined;
  }
}

/** Two numbers are two requests. One number, rung up twice, may have been one request or two. */
function explainTwice(values: Evidence["values"]): string {
  return values["from1"] === values["from2"]
    ? `Sale ${values["from1"]} was rung up ${values["times"]} times; the customer wanted it once.`
    : "The customer tried once, the till sold twice: the first request was still in the mailbox.";
}
