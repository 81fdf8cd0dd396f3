/**
 * Load: customers who come whether or not anybody keeps up.
 *
 * Arrivals are Poisson and wait for nothing, so a slow system meets the same customers as a fast
 * one: with one seed every solution sees the same arrivals. Rule D1.
 */
import { type Node, type OpenLoadSpec, RandomStream, STREAM } from "../kernel/index.ts";
import { type Instance, startable } from "./program.ts";

/**
 * Puts the arrivals of one load on their node's agenda. Those before `fromUs` came while the node
 * was not there: they are counted, and nobody sees them.
 */
export function addLoad(
  node: Node,
  seed: number,
  load: OpenLoadSpec,
  loadIndex: number,
  instance: Instance,
  fromUs = 0,
): void {
  const { perform } = startable(instance, load.file, load.run);
  const random = new RandomStream(seed, STREAM.load, loadIndex);
  let number = 0;
  const arrive = () => {
    number++;
    const args = [number, ...load.args];
    node.spawn(() => perform(args), { label: load.name });
    next(node.now);
  };
  const next = (afterUs: number) => {
    let at = nextArrivalUs(random, load, afterUs);
    for (; at !== undefined && at < fromUs; at = nextArrivalUs(random, load, at)) number++;
    if (at !== undefined) node.schedule(at, arrive);
  };
  next(0);
}

/**
 * The next arrival after `now`, or undefined when the last phase has ended. A draw that passes the
 * end of its phase is repeated from there at the new rate, which an exponential allows.
 */
export function nextArrivalUs(
  random: RandomStream,
  load: OpenLoadSpec,
  now: number,
): number | undefined {
  let from = now;
  for (const phase of load.phases) {
    if (phase.untilUs <= from) continue;
    if (phase.perSecond > 0) {
      const at = from + Math.max(1, Math.round(random.exponential(1_000_000 / phase.perSecond)));
      if (at < phase.untilUs) return at;
    }
    from = phase.untilUs;
  }
  return undefined;
}
