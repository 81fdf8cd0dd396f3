/** An example as its page is given it. */
import type { Scenario } from "../../workers/kernel/scenario.ts";

/** What is compiled and run. */
export interface ExampleProgram {
  readonly code: string;
  readonly nodes: readonly string[];
  readonly world: Partial<Scenario>;
}

export interface ExampleView extends ExampleProgram {
  readonly id: string;
  readonly about: string;
  readonly prints: readonly string[];
}
