import type { Evidence } from "./verdict.ts";

/** What is said of a finding when the lesson has no sentence of its own. Says what was seen, not what to do. */
export function generalSentence({ check, pattern, values }: Evidence): string {
  const v = (name: string) => String(values[name] ?? "?");
  switch (`${check}/${pattern}`) {
    case "exactEffect/none-at-all":
      return `Customers came, but not one ${v("effect")} happened.`;
    case "exactEffect/twice":
      return `Customer ${v("customer")} caused ${v("times")} ${v("effect")}s instead of one.`;
    case "exactEffect/lost":
      return `Customer ${v("customer")} was told it was done, but the ${v("effect")} never happened.`;
    case "conserve/acknowledged-not-counted":
      return `Customer ${v("customer")} was told it was done, but it was never counted.`;
    case "conserve/shared":
      return `${v("of")} counts ${v("observed")}, which is what all of them did together.`;
    case "conserve/differs":
      return `${v("of")} counts ${v("observed")}; what was done there comes to ${v("expected")}.`;
    case "conserve/no-answer":
      return `${v("of")} did not say what it counts.`;
    case "noLie/told-before":
      return `Customer ${v("customer")} was told it was done ${v("earlyMs")} ms before it was.`;
    case "noLie/told-without":
      return `Customer ${v("customer")} was told it was done, and it never was.`;
    case "noLie/denied":
      return `Customer ${v("customer")} was told no, without a reason.`;
    case "noLie/denied-but-done":
      return `Customer ${v("customer")} was told no, and ${v("lateMs")} ms later it happened all the same.`;
    case "latency/too-slow":
      return `The slowest waited ${v("measuredMs")} ms; ${v("boundMs")} ms are allowed.`;
    case "latency/nobody-served":
      return "Not one customer was served.";
    case "mailboxMax/overflow":
      return `The mailbox of ${v("role")} held ${v("length")} messages; ${v("bound")} are allowed.`;
    case "noLeak/process":
      return `${v("count")} process(es) "${v("label")}" were still alive at the end.`;
    case "noLeak/message":
      return `${v("count")} message(s) were left unread in the mailbox of ${v("role")}.`;
    case "noLeak/timer":
      return `${v("count")} timer(s) were still armed at the end.`;
    case "predicts/off":
      return `You said ${v("answer")}; the runs measured ${v("measured")}.`;
    case "predicts/missing":
      return "One answer is still missing.";
    default:
      return pattern === "cut"
        ? `The run was stopped: ${v("bound")}.`
        : `The check ${check} objects: ${pattern}.`;
  }
}
