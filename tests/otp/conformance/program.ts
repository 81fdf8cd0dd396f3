/**
 * The functions of the test bed that are named in messages and run on other nodes: they carry only
 * plain data and find the scenario in the bed.
 */
import { node, self, whereis } from "../../../workers/otp/index.ts";
import { bed } from "./bed.ts";
import { drive } from "./coroutine.ts";
import { decode } from "./terms.ts";

/** The body of a plain process: the script `proc`, under `label`, with variables. */
export function runScript(
  proc: string,
  label: string,
  variables: readonly (readonly [string, unknown])[],
): unknown {
  const steps = bed().recording.procs[proc];
  if (steps === undefined) throw new Error(`the scenario has no process "${proc}"`);
  bed().begin(label, self());
  const own = variables.map(([name, value]) => [name, decode(value)] as const);
  return drive(bed().perform(steps, new Map(own)));
}

/** What erpc_node and rpc_node call. */
export function nodeOf(): string {
  return node();
}

/** What erpc_whereis calls. */
export function lookUp(name: string): unknown {
  return whereis(name);
}
