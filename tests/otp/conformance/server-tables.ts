/** gen_servers made from tables of clauses (section 6). */
import { error, type GenServer, genServer, self } from "../../../workers/otp/index.ts";
import { bed, type Variables } from "./bed.ts";
import { drive, type Script } from "./coroutine.ts";
import { evaluate, matcherOf } from "./expressions.ts";
import type { ClauseTable } from "./recording.ts";
import { decode, encodeReturn } from "./terms.ts";

/** What a callback gives when its clause does not say. */
const DEFAULT_RETURN = { t: ["noreply", { var: "State" }] };
const DEFAULT_INIT = { t: ["ok", { var: "Arg" }] };

/** The scenario's server `name`, whose process gets `label`. */
export function serverOf(name: string, label: string): GenServer {
  const table = bed().recording.servers?.[name];
  if (table === undefined) throw new Error(`the scenario has no server "${name}"`);
  const { init = [], handle_call, handle_cast, handle_info, handle_continue, terminate } = table;
  const taking = (callback: string, clauses: readonly ClauseTable[] | undefined, key: string) =>
    clauses && {
      [key]: (message: unknown, state: unknown) =>
        run(callback, clauses, { Arg: decode(message), State: decode(state) }),
    };
  return genServer({
    init(arg: unknown) {
      bed().begin(label, self());
      return run("init", init, { Arg: decode(arg) }) as never;
    },
    ...(handle_call && {
      handleCall: (request: unknown, from: unknown, state: unknown) =>
        run("handle_call", handle_call, {
          Arg: decode(request),
          From: decode(from),
          State: decode(state),
        }) as never,
    }),
    ...taking("handle_cast", handle_cast, "handleCast"),
    ...taking("handle_info", handle_info, "handleInfo"),
    ...taking("handle_continue", handle_continue, "handleContinue"),
    ...taking("terminate", terminate, "terminate"),
  }) as GenServer;
}

function run(
  callback: string,
  clauses: readonly ClauseTable[],
  own: Readonly<Record<string, unknown>>,
): unknown {
  return drive(apply(callback, clauses, new Map(Object.entries(own))));
}

function* apply(
  callback: string,
  clauses: readonly ClauseTable[],
  variables: Variables,
): Script<unknown> {
  bed().write("cb", callback, variables.get("Arg"));
  const clause = clauses.find((each) => fits(each, variables));
  if (clause === undefined) error("function_clause");
  try {
    yield* bed().perform(clause.do ?? [], variables);
  } catch (thrown) {
    // A thrown value is what the callback returns.
    throw thrown instanceof Error ? thrown : encodeReturn(decode(thrown));
  }
  const expression = clause.return ?? (callback === "init" ? DEFAULT_INIT : DEFAULT_RETURN);
  return encodeReturn(evaluate(expression, variables));
}

/** Matches the callback's argument; binds the variables of the clause that fits. */
function fits(clause: ClauseTable, variables: Variables): boolean {
  const bound = matcherOf(clause.match ?? { any: true }, variables)(variables.get("Arg"));
  for (const [name, value] of bound ?? []) variables.set(name, value);
  return bound !== undefined;
}
