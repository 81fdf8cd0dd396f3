import { declareExports, type Life, type Node, type Scenario } from "../kernel/index.ts";
import { addLoad } from "./load.ts";
import { type Instance, startable } from "./program.ts";

/**
 * Puts a scenario's processes and loads on one of its nodes, whose program is `instance`. In a later
 * life what should have been started by then is started at once, in order. Rule D2.
 */
export function populate(
  node: Node,
  scenario: Scenario,
  seed: number,
  instance: Instance,
  life: Life,
): void {
  declareExports(instance);
  node.declare(instance);
  for (const start of scenario.starts) {
    if (start.node !== node.name) continue;
    if (start.version !== undefined && start.version !== node.version) continue;
    const { perform } = startable(instance, start.file, start.run);
    const options = {
      label: start.run,
      ...(start.name === undefined ? undefined : { name: start.name }),
    };
    const atUs = Math.max(start.atUs, life.startUs);
    node.schedule(atUs, () => node.spawn(() => perform(start.args), options));
  }
  scenario.loads.forEach((load, index) => {
    if (load.node === node.name) addLoad(node, seed, load, index, instance, life.startUs);
  });
}
