/** The product's API by name. What is not exported is missing, not imitated. */
import * as otp from "../../../workers/otp/index.ts";

type Callable = (...values: readonly unknown[]) => unknown;

/** A function of the API: "send", "pg.join". Undefined when there is none. */
function find(path: string): Callable | undefined {
  let found: unknown = otp;
  for (const name of path.split("."))
    found = (found as Record<string, unknown> | undefined)?.[name];
  return typeof found === "function" ? (found as Callable) : undefined;
}

/** True when the API has it. */
export function has(path: string): boolean {
  return find(path) !== undefined;
}

/** Calls a function of the API. */
export function api(path: string, ...values: readonly unknown[]): unknown {
  const found = find(path);
  if (found === undefined) throw new Error(`the API has no ${path}`);
  return found(...values);
}
