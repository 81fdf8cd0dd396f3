/** A program on a node: its files' exports, and how the scenario starts what they name. */
import { copy } from "../kernel/index.ts";
import { definitionBody, isDefinition } from "../otp/start.ts";

/** The exports of every file of a program, made anew for each node and run. */
export type Instance = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What the scenario can start. */
export interface Startable {
  readonly perform: (args: readonly unknown[]) => unknown;
}

/**
 * Finds the function or behaviour (genServer and its kin) that a scenario names. When it is
 * missing, the process that should have run it crashes with a sentence that says what to export.
 */
export function startable(instance: Instance, file: string, name: string): Startable {
  const found = instance[file]?.[name];
  if (isDefinition(found)) return { perform: (args) => definitionBody(found, args)() };
  if (typeof found === "function") {
    return {
      perform: (args) =>
        (found as (...args: unknown[]) => unknown)(...(copy(args).value as unknown[])),
    };
  }
  return {
    perform: () => {
      throw new Error(
        `${file} does not export a function or genServer named "${name}"${found === undefined ? "" : `, but a ${typeof found}`}`,
      );
    },
  };
}
