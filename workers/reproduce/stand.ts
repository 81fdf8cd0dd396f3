/**
 * The test stand: a world whose processes are closures, run on this thread to its end.
 *
 * It is our engine and nothing else: nodes, wires, mailboxes, timers and cores are the kernel's, so
 * what comes out of it is what a lesson would show. Only the compiler is left out, because a
 * published model is given as processes, not as a learner's files. The trace keeps no rows.
 */
import {
  BOUNDS,
  type Bounds,
  brief,
  Cluster,
  type Destination,
  type Envelope,
  type Node,
  type Process,
  reasonOf,
  type Scenario,
  Trace,
} from "../kernel/index.ts";
import { steps, wait } from "../otp/here.ts";

/** What a stand has; by default one node of one core, and nothing goes wrong. */
export interface World
  extends Pick<Scenario, "horizonUs">,
    Partial<Pick<Scenario, "nodes" | "wires" | "faults" | "distribution">> {
  /** Ends the run early: asked every 10 ms of virtual time. */
  readonly isOver?: () => boolean;
}

/** How often `isOver` is asked. */
const LOOK_US = 10_000;

/** Wider than a lesson's: a result may need a million messages in one run. */
const WIDE: Bounds = {
  ...BOUNDS,
  rowCountMax: 100_000_000,
  mailboxLengthMax: 1_000_000,
  processCountMax: 1_000_000,
  nodeTurnsMax: 10_000_000_000,
};

const ONE_NODE = [{ name: "stand", cores: 1 }] as const;

/**
 * Runs a world to its end. `populate` begins the processes of each node. A process that crashes or
 * a bound that is passed is a mistake of the model: both are thrown.
 */
export function run(world: World, seed: number, populate: (node: Node) => void): void {
  const { isOver, ...parts } = world;
  const cluster = new Cluster({
    scenario: {
      name: "stand",
      nodes: ONE_NODE,
      wires: [],
      faults: [],
      starts: [],
      loads: [],
      ...parts,
    },
    seed,
    bounds: WIDE,
    trace: new Trace({ keep: "digest" }),
    populate,
    onCrash: ({ label, stack }) => {
      throw new Error(`${label} crashed on the stand: ${stack}`);
    },
  });
  if (isOver === undefined) cluster.runToEnd();
  else for (let at = 0; !cluster.isOver && !isOver(); at += LOOK_US) cluster.runUntil(at);
  const cut = cluster.nodes.find(({ cutBy }) => cutBy !== undefined)?.cutBy;
  if (cut !== undefined) throw new Error(`a run on the stand was cut: ${cut}`);
}

/** What a process does with each message. */
export type Handler<Message> = (message: Message, envelope: Envelope) => void;

/**
 * Begins a process that handles one message at a time. `begin` is its first step and says how. The
 * messages are those of its model, sent by its other processes, which is the reason for the cast.
 * With `name` it is registered, for other nodes to send to.
 */
export function serve<Message>(
  node: Node,
  label: string,
  begin: (self: Process) => Handler<Message>,
  name?: string,
): Process {
  const { process }: { process: Process } = node.spawn(
    () => {
      const handle = begin(process);
      node.become(process, (envelope) => {
        handle(envelope.body as Message, envelope);
        return undefined;
      });
    },
    name === undefined ? { label } : { label, name },
  );
  return process;
}

/** The steps of a process that is written as a learner would, with waits in it. */
export type Steps<T = void> = Generator<unknown, T, unknown>;

/** Begins a process that goes through `body`; `yield* ask(…)` and `yield* sleep(…)` wait. */
export function begin(
  node: Node,
  label: string,
  body: (self: Process) => Steps,
  name?: string,
): Process {
  const { process }: { process: Process } = node.spawn(
    () => steps(() => body(process)),
    name === undefined ? { label } : { label, name },
  );
  return process;
}

/** Calls a process and waits for its answer. When it ends instead, the model is wrong, and the caller crashes. */
export function* ask(self: Process, to: Destination, request: unknown): Steps<unknown> {
  try {
    return yield* wait(self.node.call(self, to, [to, request], undefined));
  } catch (thrown) {
    throw new Error(`${self.label} got no answer: ${brief(reasonOf(thrown))}`);
  }
}

/** Waits for `us` of virtual time. */
export function* sleep(self: Process, us: number): Steps {
  yield* wait(self.node.sleep(self, Math.round(us)));
}

/** Waits for a message and gives its envelope. */
export function* receive(self: Process): Steps<Envelope> {
  return (yield* wait(self.node.receive(self, { kind: "any" }, undefined))) as Envelope;
}

/** Answers a call. */
export function answer(self: Process, { caller, ref }: Envelope, value: unknown): void {
  if (caller !== undefined && ref !== undefined) self.node.reply(self, caller, ref, value);
}

/**
 * Sends with a delay that the sender has drawn, to a process of the same node: a network in which
 * every message has a delay of its own, so that messages overtake one another. A wire keeps their
 * order. The message is copied when it is delivered; it must not be changed after it was posted.
 */
export function post(from: Process, to: Process, body: unknown, delayUs: number): void {
  const { node } = from;
  const due = () => node.send(from, to.pid, body);
  node.schedule(node.now + Math.max(0, Math.round(delayUs)), due);
}

/** Lets a process do something after `delayUs`, unless it has ended. Returns how to take it back. */
export function later(process: Process, delayUs: number, body: () => void): () => void {
  const { node } = process;
  const at = node.now + Math.max(0, Math.round(delayUs));
  const entry = node.arm(process, at, () => node.wake(process, body));
  return () => node.disarm(process, entry);
}
