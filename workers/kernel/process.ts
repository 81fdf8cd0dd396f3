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
  | { readonly kind: "test"; readonly test: (body: unknown) => boolean };

/** A receive that has not found its message yet. */
export interface Receiving {
  readonly match: Match;
  readonly promise: CoPromise<Envelope | undefined>;
  /** Messages at the front of the mailbox that are known not to match. */
  scanned: number;
  readonly timer: Entry | undefined;
}

/**
 * What a process does with a message when it is a behaviour (gen_server and its kin) rather than
 * a function: called with one message at a time; while its promise is pending none is taken.
 */
export type Behaviour = (envelope: Envelope) => CoPromise<unknown> | undefined;

/** What a process needs of the node that it lives on. */
interface Home<Resident> {
  crash(process: Resident, thrown: unknown): void;
}

/** The state of a process. It belongs to its node, which alone changes it. */
export class ProcessOn<Node extends Home<ProcessOn<Node>>> implements Owner {
  readonly node: Node;
  readonly pid: Pid;
  /** Number in the trace. */
  readonly id: number;
  /** What pictures and messages call it: its registered name, else its function's name. */
  readonly label: string;
  alive = true;
  name: string | undefined;
  trapsExits = false;
  readonly mailbox = new Mailbox();
  readonly links = new Set<Pid>();
  /** What this process watches. */
  readonly monitors = new Map<Ref, Pid | NameOnNode>();
  /** Who watches this process. */
  readonly monitoredBy = new Map<
    Ref,
    { readonly watcher: Pid; readonly object: Pid | NameOnNode }
  >();
  /** Calls under way: a reply to any other reference is too late and is dropped. */
  readonly awaited = new Set<Ref>();
  receiving: Receiving | undefined;
  behaviour: Behaviour | undefined;
  /** A behaviour is handling a message and has not finished. */
  isBusy = false;
  /** Stands in the node's run queue. */
  isQueued = false;
  /** Number of the message being handled, the cause of what is done now. */
  handling = 0;
  /** Agenda entries that end with the process. */
  readonly pendingEntries = new Set<Entry>();
  readonly pendingWorks = new Set<CpuWork>();
  random: RandomStream | undefined;

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
