/** A run on this thread: the batch placement, used by the judge, by Node and by every test. */
import {
  BOUNDS,
  type Bounds,
  Cluster,
  type Crash,
  type Scenario,
  type Trace,
} from "../kernel/index.ts";
import { populate } from "../world/index.ts";
import type { ProgramFactory } from "./realm.ts";
import { createInstance, SERVICES } from "./realm.ts";

export interface Simulation {
  readonly program: ProgramFactory;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly bounds?: Bounds;
  /** Where the rows go; default: a trace of its own that keeps all. */
  readonly trace?: Trace;
  readonly onCrash?: (crash: Crash) => void;
}

/** Makes a cluster whose nodes each have an instance of the program, ready to run. */
export function createCluster(simulation: Simulation): Cluster {
  const { program, scenario, seed, bounds = BOUNDS, trace, onCrash } = simulation;
  return new Cluster({
    scenario,
    seed,
    bounds,
    services: SERVICES,
    populate: (node, life) => populate(node, scenario, seed, createInstance(program), life),
    ...(trace === undefined ? undefined : { trace }),
    ...(onCrash === undefined ? undefined : { onCrash }),
  });
}

/** Runs a simulation to its end. */
export function simulate(simulation: Simulation): Trace {
  return createCluster(simulation).runToEnd();
}
