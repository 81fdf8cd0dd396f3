/**
 * A trace, read once into what checks ask about: who was who, which message came from whom and
 * when it was taken, which facts were marked, and which customer each fact goes back to.
 */
import { KIND, nodeOf, type Scenario, SIGNAL, type Trace } from "../kernel/index.ts";

export interface ProcessStory {
  readonly id: number;
  readonly label: string;
  /** 0 when the scenario started it. */
  readonly parent: number;
  readonly cause: number;
  readonly spawnedAt: number;
  name: string | undefined;
  endedAt: number | undefined;
  mailboxLength: number;
  mailboxLengthMax: number;
  mailboxLengthMaxAt: number;
}

export interface MessageStory {
  readonly id: number;
  readonly from: number;
  to: number;
  readonly signal: number;
  readonly sentAt: number;
  /** The message that the sender was handling. */
  readonly cause: number;
  arrivedAt: number | undefined;
  takenAt: number | undefined;
}

/** A fact that the scaffold marked. */
export interface EffectStory {
  readonly at: number;
  readonly process: number;
  readonly kind: string;
  readonly key: string | number;
  readonly value: unknown;
  readonly cause: number;
}

/** Where a fact began: the first process of its causes, and whoever took the first message. */
export interface Origin {
  readonly customer: number;
  readonly server: number | undefined;
  readonly request: MessageStory | undefined;
}

export interface Observation {
  readonly at: number;
  readonly name: string;
  readonly value: unknown;
}

export class Story {
  readonly trace: Trace;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly processes = new Map<number, ProcessStory>();
  readonly messages = new Map<number, MessageStory>();
  readonly effects: EffectStory[] = [];
  readonly observations: Observation[] = [];
  /** Timers armed and neither fired nor cancelled, by number. */
  readonly armedTimers = new Map<number, number>();
  readonly endAt: number;
  readonly #loadNames: ReadonlySet<string>;

  constructor(trace: Trace, scenario: Scenario, seed: number) {
    this.trace = trace;
    this.scenario = scenario;
    this.seed = seed;
    this.#loadNames = new Set(scenario.loads.map((load) => load.name));
    this.endAt = trace.rowCount === 0 ? 0 : trace.atOf(trace.rowCount - 1);
    for (let row = 0; row < trace.rowCount; row++) this.#read(row);
  }

  /** Processes that arrived as load, in order of arrival. */
  customers(): ProcessStory[] {
    return [...this.processes.values()].filter((process) => this.isCustomer(process));
  }

  isCustomer(process: ProcessStory): boolean {
    return process.parent === 0 && this.#loadNames.has(process.label);
  }

  /** The processes that were registered under a name, one after the other. */
  named(name: string): ProcessStory[] {
    return [...this.processes.values()].filter((process) => process.name === name);
  }

  effectsOf(kind: string): EffectStory[] {
    return this.effects.filter((effect) => effect.kind === kind);
  }

  /** What each customer was told, by process; the last word counts. */
  told(): Map<number, EffectStory> {
    const told = new Map<number, EffectStory>();
    for (const effect of this.effectsOf("told")) told.set(this.origin(effect).customer, effect);
    return told;
  }

  /** Walks the causes of a fact back to where they began. */
  origin(effect: EffectStory): Origin {
    let process = effect.process;
    let request: MessageStory | undefined;
    let message = this.messages.get(effect.cause);
    while (message !== undefined) {
      // A reply goes back to whoever asked: the answer is part of the question's story.
      if (message.signal !== SIGNAL.reply) request = message;
      process = message.from;
      message = this.messages.get(message.cause);
    }
    return { customer: this.#root(process), server: request?.to, request };
  }

  /** The first ancestor of a process. */
  #root(id: number): number {
    let process = this.processes.get(id);
    while (process !== undefined && process.parent !== 0) {
      const parent = this.processes.get(process.parent);
      if (parent === undefined) break;
      process = parent;
    }
    return process?.id ?? id;
  }

  #read(row: number): void {
    const { trace } = this;
    const at = trace.atOf(row);
    const id = trace.processOf(row);
    const peer = trace.peerOf(row);
    const message = trace.messageOf(row);
    switch (trace.kindOf(row)) {
      case KIND.spawn:
        this.processes.set(id, {
          id,
          label: String(trace.payloadOf(row)),
          parent: peer,
          cause: trace.causeOf(row),
          spawnedAt: at,
          name: undefined,
          endedAt: undefined,
          mailboxLength: 0,
          mailboxLengthMax: 0,
          mailboxLengthMaxAt: at,
        });
        return;
      case KIND.exit:
        this.#change(id, (process) => {
          process.endedAt = at;
          process.mailboxLength = 0;
        });
        return;
      case KIND.register:
        this.#change(id, (process) => {
          process.name = String(trace.payloadOf(row));
        });
        return;
      case KIND.send:
        this.#addMessage(row, peer);
        return;
      case KIND.timerSet:
        this.armedTimers.set(message, id);
        this.#addMessage(row, id);
        return;
      case KIND.timerFire:
      case KIND.timerCancel:
        this.armedTimers.delete(message);
        return;
      case KIND.arrive:
        this.#arrive(id, message, at);
        return;
      case KIND.receive:
        this.#take(id, message, at);
        return;
      case KIND.drop:
        this.#change(id, (process) => {
          process.mailboxLength--;
        });
        return;
      case KIND.effect:
        this.#addEffect(row);
        return;
      case KIND.observe: {
        const fact = trace.payloadOf(row) as { readonly name: string; readonly value: unknown };
        this.observations.push({ at, name: fact.name, value: fact.value });
        return;
      }
      case KIND.nodeDown:
        this.#endNode(id, at);
        return;
      default:
        return;
    }
  }

  #addMessage(row: number, to: number): void {
    const { trace } = this;
    const id = trace.messageOf(row);
    this.messages.set(id, {
      id,
      from: trace.processOf(row),
      to,
      signal: trace.signalOf(row),
      sentAt: trace.atOf(row),
      cause: trace.causeOf(row),
      arrivedAt: undefined,
      takenAt: undefined,
    });
  }

  #arrive(id: number, messageId: number, at: number): void {
    const message = this.messages.get(messageId);
    if (message !== undefined) {
      message.to = id;
      message.arrivedAt = at;
    }
    this.#change(id, (process) => {
      process.mailboxLength++;
      if (process.mailboxLength > process.mailboxLengthMax) {
        process.mailboxLengthMax = process.mailboxLength;
        process.mailboxLengthMaxAt = at;
      }
    });
  }

  #take(id: number, messageId: number, at: number): void {
    const message = this.messages.get(messageId);
    if (message !== undefined) message.takenAt = at;
    this.#change(id, (process) => {
      process.mailboxLength--;
    });
  }

  #addEffect(row: number): void {
    const { trace } = this;
    const fact = trace.payloadOf(row) as {
      readonly effect: string;
      readonly key: string | number;
      readonly value: unknown;
    };
    this.effects.push({
      at: trace.atOf(row),
      process: trace.processOf(row),
      kind: fact.effect,
      key: fact.key,
      value: fact.value,
      cause: trace.causeOf(row),
    });
  }

  #endNode(node: number, at: number): void {
    for (const process of this.processes.values()) {
      if (nodeOf(process.id) !== nodeOf(node)) continue;
      process.endedAt ??= at;
      process.mailboxLength = 0;
    }
  }

  #change(id: number, change: (process: ProcessStory) => void): void {
    const process = this.processes.get(id);
    if (process !== undefined) change(process);
  }
}

/** The value below which a share `percentile` (0 to 1) of the values lies: the nearest rank. */
export function percentileOf(values: readonly number[], percentile: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(percentile * sorted.length) - 1)];
}
