/** E2: the receipt goes on paper, and nobody stands in line for it. */
import type { Exercise } from "../../../../workers/check/exercise.ts";
import type { Evidence } from "../../../../workers/check/verdict.ts";
import type { Scenario } from "../../../../workers/kernel/scenario.ts";
import { count } from "../../figures.ts";
import { SECOND, server, shop } from "../../scenario.ts";

/** One till and 60 customers a second, for as long as `untilUs`; then five seconds to finish. */
function steadyTill(untilUs: number): Scenario {
  return shop({
    name: "steady-till",
    horizonUs: untilUs + 5 * SECOND,
    starts: [server("till.ts", "till", "till"), server("till.ts", "printer", "printer")],
    phases: [{ untilUs, perSecond: 60 }],
    errand: { tills: ["till"], badShare: 0, palletFor: 0 },
  });
}

export const exercise: Exercise = {
  id: "L01-E2",
  title: "Do not block the till",
  version: 1,
  kind: "code",
  speed: 1,
  run: steadyTill(10 * SECOND),
  tiers: { P: { scenario: steadyTill(60 * SECOND), seedCount: 20 } },
  checks: [
    {
      check: "latency",
      tier: "P",
      percentile: 0.99,
      success: "sold",
      boundUs: 120_000,
      role: "till",
    },
    { check: "mailboxMax", tier: "P", role: "till", bound: 25 },
    { check: "exactEffect", tier: "P", effect: "print", success: "sold" },
    { check: "noLeak", tier: "P" },
  ],
  mainFile: "till.ts",
  explain,
};

function explain({ check, pattern, values }: Evidence): string | undefined {
  const customer = values["customer"];
  switch (`${check}/${pattern}`) {
    case "latency/too-slow":
    case "latency/nobody-served":
      return explainSlow(values);
    case "mailboxMax/overflow":
      return `${count(values["length"])} messages waited at the ${values["role"]} at once; ${values["bound"]} are allowed.`;
    case "exactEffect/none-at-all":
      return "Everybody went home without a receipt: nothing was printed all day.";
    case "exactEffect/twice":
      return `The receipt of sale ${values["from1"]} was printed ${values["times"]} times.`;
    case "exactEffect/lost":
      return `Customer ${customer} was told 'sold', and their receipt was never printed.`;
    case "noLeak/message":
      return explainUnread(values);
    case "noLeak/process":
      return `${count(values["count"])} processes "${values["label"]}" were still there five seconds after closing time.`;
    default:
      return undefined;
  }
}

/** When the server's own work is more than there is time for, that is the cause; else the general words do. */
function explainSlow({ busyMs, ratePerS, workPerS }: Evidence["values"]): string | undefined {
  if (workPerS === undefined || Number(workPerS) < 1) return undefined;
  return `Each sale occupied the till for ${busyMs} ms; at ${ratePerS} sales/s it needs ${workPerS} s of work per second.`;
}

function explainUnread({ role, count: unread }: Evidence["values"]): string {
  const left = `${count(unread)} messages were still unread at the ${role} five seconds after closing time.`;
  return role === "printer"
    ? `${left} One receipt after the other, 40 ms each, makes 25 a second; 60 came.`
    : left;
}
