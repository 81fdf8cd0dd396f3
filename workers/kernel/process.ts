import type { CpuWork } from "./cores.ts";
import type { CoPromise, Owner } from "./coroutine.ts";
import type { Entry } from "./heap.ts";
import { Mailbox } from "./mailbox.ts";
import type { NameOnNode, Pid, Ref } from "./names.ts";
import type { RandomStream } from "./random.ts";
import type { Envelope } from "./signals.ts";

/** Which messages a waiting receive takes. */
export type Match =
  | { readonly kind: "any" }
  /** The reply to, or the DOWN of, this reference. */
  | { readonly kind: "ref"; readonly ref: Ref }
  /** Those of which the learner's own function says true. It runs in the receiver. */
  | { readonly kind: "test"; readonly test: (message: unknown) => boolean };

/** What a process waits for, and what it then gets. */
export const WAITS = {
  /** It waits for no message. */
  nothing: 0,
  /** Any message; gets what `messageOf` says. */
  message: 1,
  /** A message that `receivingTest` takes; gets the envelope. */
  test: 2,
  /** What answers to `receivingRef`; gets the envelope. */
  ref: 3,
  /** The answer to its call `receivingRef`; gets the value, or exits. */
  answer: 4,
  /** Any message; gets the envelope. */
  envelope: 5,
} as const;
export type Waits = (typeof WAITS)[keyof typeof WAITS];

/**
 * What a process does with a message when it is a behaviour (gen_server and its kin) rather than
 * a function: called with one message at a time; while its promise is pending none is taken.
 */
export type Behaviour = (envelope: Envelope) => CoPromise<unknown> | undefined;

/** Who watches a process, and under which word for it. */
export interface Watcher {
  readonly watcher: Pid;
  readonly object: Pid | NameOnNode;
}

/** When a monitor's reference, used as an address, stops being one. As in erlang:monitor/3. */
export type AliasMode = "explicitUnalias" | "demonitor" | "replyDemonitor";

/** A call under way, as whoever asked sees it. */
export interface CallUnderWay {
  readonly ref: Ref;
  /** Number of the reference in its node. */
  readonly serial: number;
  readonly target: Pid | NameOnNode;
  /** As the caller wrote it, for the exit reason. */
  readonly args: readonly [dest: unknown, request: unknown, ...rest: unknown[]];
}

/** What a process needs of the node that it lives on. */
interface Home<Resident> {
  crash(process: Resident, thrown: unknown): void;
}

/**
 * The state of a process. It belongs to its node, which alone changes it. Collections are made
 * when they are first needed: most processes have neither links nor monitors, and there may be
 * fifty thousand of them.
 */
export class ProcessOn<Node extends Home<ProcessOn<Node>>> implements Owner {
  // What every message touches comes first, so that it lies together in memory.
  alive = true;
  /** Stands in the node's run queue for its next message. */
  isQueued = false;
  /** A behaviour is handling a message and has not finished. */
  isBusy = false;
  /** What it waits for in a receive. */
  waits: Waits = WAITS.nothing;
  /** Number in the trace. */
  readonly id: number;
  /** Number of the message being handled, the cause of what is done now. */
  handling = 0;
  /** Loop turns and calls that its code has made. */
  reductions = 0;
  /** Part of the runtime, as global's name servers are: what it sends to other nodes is never lost or doubled. */
  isRuntime = false;
  /** A full wire keeps it from going on until then. */
  blockedUntil = 0;
  readonly mailbox = new Mailbox();
  behaviour: Behaviour | undefined = undefined;
  /** The state of the behaviour, for whoever looks at it when the run is over. */
  stateOf: (() => unknown) | undefined = undefined;
  receivingPromise: CoPromise<unknown> | undefined = undefined;
  receivingRef: Ref | undefined = undefined;
  receivingTimer: Entry | undefined = undefined;
  receivingTest: ((message: unknown) => boolean) | undefined = undefined;
  /** The last message that the receive has looked at and left, and how many it looked at. */
  scannedTo: Envelope | undefined = undefined;
  scannedCount = 0;
  /** The call that it waits for. */
  calling: CallUnderWay | undefined = undefined;
  /** Whom it sent to last by pid, found without looking the pid up. */
  lastNeighbour: ProcessOn<Node> | undefined = undefined;

  readonly node: Node;
  readonly pid: Pid;
  /** What pictures and messages call it: its registered name, else its function's name. */
  readonly label: string;
  name: string | undefined = undefined;
  trapsExits = false;
  links: Set<Pid> | undefined = undefined;
  /** What this process watches. */
  monitors: Map<Ref, Pid | NameOnNode> | undefined = undefined;
  /** Who watches this process. */
  monitoredBy: Map<Ref, Watcher> | undefined = undefined;
  /** Requests under way: a reply to any other reference is too late and is dropped. */
  awaited: Set<Ref> | undefined = undefined;
  /** References of this process that messages can be sent to. */
  aliases: Map<Ref, AliasMode> | undefined = undefined;
  /** Agenda entries that end with the process. */
  pendingEntries: Set<Entry> | undefined = undefined;
  /** Timers that are to send to this pid. */
  timers: Set<Ref> | undefined = undefined;
  pendingWorks: Set<CpuWork> | undefined = undefined;
  /** Called when it ends, before links and watchers are told: what it owned changes hands. They do not throw. */
  endings: Set<() => void> | undefined = undefined;
  random: RandomStream | undefined = undefined;
  /** When the load that began it meant it to begin, µs; −1 for a process that no load began. */
  intendedUs = -1;
  /** Bytes of messages that may wait in its mailbox before it is killed; undefined without a bound. */
  heapBytesMax: number | undefined = undefined;
  /** Bytes of the messages that wait, counted only under such a bound. */
  heapBytes = 0;

  constructor(node: Node, pid: Pid, id: number, label: string) {
    this.node = node;
    this.pid = pid;
    this.id = id;
    this.label = label;
  }

  /** A promise of this process was rejected and nobody looked: it crashes, as an uncaught error would. */
  unhandled(thrown: unknown): void {
    this.node.crash(this, thrown);
  }
}
