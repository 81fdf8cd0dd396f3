/**
 * Load: who comes from outside, whether or not anybody keeps up.
 *
 * Open arrivals wait for nothing, so a slow system meets the same customers as a fast one: with one
 * seed every solution sees the same arrivals. Users of a closed load wait for their answer, so a slow
 * system is asked less; when each request was meant to begin is kept, so that the wait cannot hide.
 * Each request is a process of its own. Rules D1 to D5.
 */
import {
  type ClosedLoadSpec,
  copy,
  KIND,
  type LoadSpec,
  type Node,
  type OpenLoadSpec,
  type Process,
  RandomStream,
  STREAM,
} from "../kernel/index.ts";
import { type Instance, startable } from "./program.ts";

/** Begins one request, meant for `intendedUs` and begun now. */
type Begin = (intendedUs: number) => Process;

/**
 * Puts a load on its node. In a later life of the node what came while it was not there was seen by
 * nobody: open arrivals are counted and drawn all the same; users begin anew.
 */
export function addLoad(
  node: Node,
  seed: number,
  load: LoadSpec,
  loadIndex: number,
  instance: Instance,
  fromUs = 0,
): void {
  const { perform } = startable(instance, load.file, load.run);
  let number = 0;
  const miss = () => number++;
  const begin: Begin = (intendedUs) => {
    number++;
    const args = [number, ...load.args];
    const { process } = node.spawn(() => perform(args), { label: load.name });
    process.intendedUs = intendedUs;
    if (intendedUs < node.now) {
      const row = { message: number, value: intendedUs, payload: copy(load.name) };
      node.record(process, KIND.intend, row);
    }
    return process;
  };
  switch (load.kind) {
    case "closed":
      addUsers(node, seed, load, loadIndex, begin, fromUs);
      return;
    case "recorded":
      follow(node, load.atUs[Symbol.iterator](), begin, miss, fromUs);
      return;
    default:
      follow(
        node,
        arrivalsOf(new RandomStream(seed, STREAM.load, loadIndex), load),
        begin,
        miss,
        fromUs,
      );
  }
}

/** Begins a request at each of the instants, earliest first; those before `fromUs` are missed. */
function follow(
  node: Node,
  instants: Iterator<number>,
  begin: Begin,
  miss: () => void,
  fromUs: number,
): void {
  const next = () => {
    let at = instants.next();
    for (; at.done !== true && at.value < fromUs; at = instants.next()) miss();
    if (at.done === true) return;
    const atUs = at.value;
    node.schedule(atUs, () => {
      begin(atUs);
      next();
    });
  };
  next();
}

/** The instants of an open load: Poisson arrivals with the bursts between them. */
function* arrivalsOf(random: RandomStream, load: OpenLoadSpec): Generator<number, void, undefined> {
  const bursts = [...(load.bursts ?? [])].sort((a, b) => a.atUs - b.atUs);
  let at = nextArrivalUs(random, load, 0);
  while (at !== undefined || bursts.length > 0) {
    const burst = bursts[0];
    if (burst === undefined || (at !== undefined && at < burst.atUs)) {
      yield at as number;
      at = nextArrivalUs(random, load, at as number);
      continue;
    }
    bursts.shift();
    for (let i = 0; i < burst.count; i++) yield burst.atUs;
  }
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

/** Users of a closed load, each with a stream of its own to think by. */
function addUsers(
  node: Node,
  seed: number,
  load: ClosedLoadSpec,
  loadIndex: number,
  begin: Begin,
  bornUs: number,
): void {
  const { users, think, everyUs, untilUs } = load;
  const fromUs = Math.max(bornUs, load.fromUs ?? 0);
  for (let user = 0; user < users; user++) {
    const random = new RandomStream(seed, STREAM.load, loadIndex, user);
    const ask = (intendedUs: number) => {
      const atUs = Math.max(intendedUs, node.now);
      if (atUs >= untilUs) return;
      node.schedule(atUs, () => {
        const process = begin(intendedUs);
        process.endings ??= new Set();
        process.endings.add(() => ask(everyUs === undefined ? thought() : intendedUs + everyUs));
      });
    };
    const thought = () => node.now + random.durationUs(think);
    if (everyUs !== undefined) ask(fromUs + Math.floor((user * everyUs) / users));
    else ask(fromUs + random.durationUs(think));
  }
}
