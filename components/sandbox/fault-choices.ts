/**
 * What a reader can break in a scenario: the choices by group, whom each can strike, and the fault
 * that a choice becomes. Only what applies is offered: no wire, nothing to cut.
 */
import type { FaultSpec, Scenario } from "../../workers/kernel/scenario.ts";
import { isInstant, lengthUs, movedTo, type Plan } from "./fault-plan.ts";

/** Whom a fault strikes. */
export type Target =
  | { readonly kind: "node"; readonly node: string }
  | { readonly kind: "process"; readonly node: string; readonly process: string }
  | { readonly kind: "wire"; readonly between: readonly [string, string] }
  | { readonly kind: "way"; readonly from: string; readonly to: string }
  | {
      readonly kind: "split";
      readonly groups: readonly [readonly string[], readonly string[]];
    };

/** A process by the name that it is registered under. */
export type NamedProcess = Pick<Extract<Target, { kind: "process" }>, "node" | "process">;

/** What there is to break: the scenario, what is broken already, and who has a name by now. */
export interface Ground {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly processes: readonly NamedProcess[];
}

/** What the reader has picked in the picture: the first to be asked about. */
export interface Picked {
  readonly node?: string | undefined;
  readonly process?: string | undefined;
}

type ChoiceId =
  | Exclude<FaultSpec["kind"], "disturb" | "bug" | "outage">
  | "lose"
  | "double"
  | "overtake";

export interface Choice {
  readonly id: ChoiceId;
  readonly name: string;
  /** What it does, in a line. */
  readonly hint: string;
  /** Asked when there is more than one target. */
  readonly question: string;
}

export interface ChoiceGroup {
  readonly title: string;
  /** Rarely wanted: shown when asked for. */
  readonly isCollapsed?: boolean;
  readonly choices: readonly Choice[];
}

const GROUPS: readonly ChoiceGroup[] = [
  {
    title: "Node",
    choices: [
      choice(
        "crash",
        "Kill the node",
        "Its processes and all that they knew are gone at once.",
        "Which node is killed?",
      ),
      choice(
        "restart",
        "Begin it anew",
        "A killed node starts again and knows only what its disk kept.",
        "Which node begins anew?",
      ),
      choice(
        "pause",
        "Pause the node",
        "It stands still; what comes for it waits.",
        "Which node is paused?",
      ),
      choice(
        "slow",
        "Slow its cores ×4",
        "All work takes four times as long.",
        "Whose cores are slow?",
      ),
    ],
  },
  {
    title: "Process",
    choices: [
      choice(
        "kill",
        "Kill the process",
        "It ends at once, trapping or not; links and monitors are told.",
        "Which process is killed?",
      ),
      choice(
        "hang",
        "Hang the process",
        "It takes no step meanwhile; its mailbox fills.",
        "Which process hangs?",
      ),
    ],
  },
  {
    title: "Wire",
    choices: [
      choice(
        "cut",
        "Cut the wire",
        "The connection breaks, and both ends notice at once.",
        "Which wire is cut?",
      ),
      choice(
        "partition",
        "Silence both ways",
        "A partition: nothing gets through, and nobody is told.",
        "Who is parted from whom?",
      ),
      choice(
        "oneWay",
        "Silence one way",
        "Nothing gets there, and the way back is open.",
        "Which way is silent?",
      ),
      choice(
        "hold",
        "Hold what is sent",
        "It waits on the wire and arrives together afterwards.",
        "Which wire holds?",
      ),
      choice(
        "lose",
        "Lose half of the messages",
        "One in two dies on the way.",
        "Which wire loses messages?",
      ),
      choice(
        "double",
        "Double messages",
        "One in two arrives twice.",
        "Which wire doubles messages?",
      ),
      choice(
        "overtake",
        "Let messages overtake",
        "One in two takes a detour and is passed by later ones.",
        "On which wire?",
      ),
    ],
  },
  {
    title: "Disk and clock",
    isCollapsed: true,
    choices: [
      choice("diskFull", "Fill the disk", "Nothing more can be written.", "Whose disk is full?"),
      choice(
        "slowDisk",
        "Slow the disk ×10",
        "Reading and writing take ten times as long.",
        "Whose disk is slow?",
      ),
      choice(
        "skew",
        "Set the clock back 5 s",
        "The wall clock jumps; timers do not notice.",
        "Whose clock?",
      ),
    ],
  },
];

function choice(id: ChoiceId, name: string, hint: string, question: string): Choice {
  return { id, name, hint, question };
}

/** What can be broken here; groups without a target for anything are left out. */
export function choicesFor(ground: Ground): readonly ChoiceGroup[] {
  return GROUPS.map((group) => ({
    ...group,
    choices: group.choices.filter(({ id }) => targetsFor(id, ground).length > 0),
  })).filter(({ choices }) => choices.length > 0);
}

/** Whom a choice can strike, those that were picked first. */
export function targetsFor(id: ChoiceId, ground: Ground, picked: Picked = {}): readonly Target[] {
  const targets = allTargets(kindOfChoice(id), ground);
  const rank = (target: Target) => (isPicked(target, picked) ? 0 : 1);
  return targets.toSorted((a, b) => rank(a) - rank(b));
}

/** Whom a fault that is there already could strike instead. */
export function targetsLike(fault: FaultSpec, ground: Ground): readonly Target[] {
  return allTargets(fault.kind, ground);
}

function allTargets(kind: FaultSpec["kind"], { scenario, plan, processes }: Ground): Target[] {
  const nodes = scenario.nodes.map(({ name }) => name);
  const wires = scenario.wires.map(({ between }): Target => ({ kind: "wire", between }));
  switch (kind) {
    case "kill":
    case "hang":
    case "bug":
    case "outage":
      return processes.map(({ node, process }) => ({ kind: "process", node, process }));
    case "cut":
    case "hold":
    case "disturb":
      return wires;
    case "oneWay":
      return scenario.wires.flatMap(({ between: [a, b] }): Target[] => [
        { kind: "way", from: a, to: b },
        { kind: "way", from: b, to: a },
      ]);
    case "partition":
      return splits(nodes, scenario);
    case "restart": {
      const dead = new Set(plan.flatMap((one) => (one.kind === "crash" ? [one.node] : [])));
      const standby = scenario.nodes.filter((node) => node.standby === true);
      for (const { name } of standby) dead.add(name);
      return nodes.filter((node) => dead.has(node)).map((node) => ({ kind: "node", node }));
    }
    default:
      return nodes.map((node) => ({ kind: "node", node }));
  }
}

/** Ways to part the nodes: with more than two each from all others, then the ends of each wire. */
function splits(nodes: readonly string[], { wires }: Scenario): Target[] {
  if (wires.length === 0) return [];
  const alone = nodes.map((node): Target => {
    const others = nodes.filter((other) => other !== node);
    return { kind: "split", groups: [[node], others] };
  });
  const pairs = wires.map(({ between: [a, b] }): Target => ({ kind: "split", groups: [[a], [b]] }));
  return nodes.length > 2 ? [...alone, ...pairs] : pairs;
}

function isPicked(target: Target, { node, process }: Picked): boolean {
  switch (target.kind) {
    case "process":
      return process === undefined ? target.node === node : target.process === process;
    case "node":
      return target.node === node;
    case "wire":
      return node !== undefined && target.between.includes(node);
    case "way":
      return target.from === node;
    case "split":
      return node !== undefined && target.groups[0][0] === node;
  }
}

/** A target in a word or two: "till on n1", "n1 – web". */
export function targetText(target: Target): string {
  switch (target.kind) {
    case "node":
      return target.node;
    case "process":
      return `${target.process} on ${target.node}`;
    case "wire":
      return target.between.join(" – ");
    case "way":
      return `from ${target.from} to ${target.to}`;
    case "split":
      return target.groups.map((group) => group.join(", ")).join(" from ");
  }
}

/** Whom a fault strikes. */
export function targetOf(fault: FaultSpec): Target {
  switch (fault.kind) {
    case "kill":
    case "hang":
    case "bug":
    case "outage":
      return { kind: "process", node: fault.node, process: fault.process };
    case "cut":
    case "hold":
    case "disturb":
      return { kind: "wire", between: fault.between };
    case "oneWay":
      return { kind: "way", from: fault.from, to: fault.to };
    case "partition":
      return { kind: "split", groups: fault.groups };
    default:
      return { kind: "node", node: fault.node };
  }
}

/** The same fault, striking somebody else; itself when the target is not of its sort. */
export function aimedAt(fault: FaultSpec, target: Target): FaultSpec {
  if (targetOf(fault).kind !== target.kind) return fault;
  const { kind: _, ...place } = target;
  return { ...fault, ...place } as FaultSpec; // A target's fields are those of the faults of its sort.
}

/**
 * The fault that a choice becomes, from `atUs` on; what lasts lasts a tenth of the run. A node that
 * dies only later begins anew a tenth of the run after that.
 */
export function faultFor(
  id: ChoiceId,
  target: Target,
  atUs: number,
  { scenario: { horizonUs }, plan }: Ground,
): FaultSpec {
  const times = { atUs: 0, untilUs: Math.min(horizonUs, lengthUs(horizonUs)) };
  // `aimedAt` puts the target in, so what stands here is never seen.
  const node = "";
  const between = ["", ""] as const;
  const make = (): FaultSpec => {
    switch (id) {
      case "crash":
      case "restart":
        return { kind: id, node, atUs };
      case "kill":
        return { kind: id, node, process: "", atUs };
      case "skew":
        return { kind: id, node, byUs: -5_000_000, atUs };
      case "pause":
      case "diskFull":
        return { kind: id, node, ...times };
      case "slow":
        return { kind: id, node, factor: 4, ...times };
      case "slowDisk":
        return { kind: id, node, factor: 10, ...times };
      case "hang":
        return { kind: id, node, process: "", ...times };
      case "cut":
      case "hold":
        return { kind: id, between, ...times };
      case "oneWay":
        return { kind: id, from: "", to: "", ...times };
      case "partition":
        return { kind: id, groups: [[], []], ...times };
      case "lose":
        return { kind: "disturb", between, loss: 0.5, ...times };
      case "double":
        return { kind: "disturb", between, dup: 0.5, ...times };
      case "overtake": {
        const extra = { kind: "uniform", fromUs: 1, toUs: detourUs(horizonUs) } as const;
        return { kind: "disturb", between, reorder: { share: 0.5, extra }, ...times };
      }
    }
  };
  const fault = aimedAt(make(), target);
  const beginUs = id === "restart" ? rebirthUs(fault, atUs, horizonUs, plan) : atUs;
  return movedTo(fault, beginUs, horizonUs);
}

/** Long enough to be overtaken by a few, short beside the run. */
function detourUs(horizonUs: number): number {
  return Math.max(2, Math.min(100_000, Math.floor(horizonUs / 100)));
}

function rebirthUs(fault: FaultSpec, atUs: number, horizonUs: number, plan: Plan): number {
  const node = isInstant(fault) ? fault.node : undefined;
  const deaths = plan.filter((one) => one.kind === "crash" && one.node === node);
  if (deaths.length === 0 || deaths.some((death) => death.atUs < atUs)) return atUs;
  return Math.min(...deaths.map((death) => death.atUs)) + lengthUs(horizonUs);
}

function kindOfChoice(id: ChoiceId): FaultSpec["kind"] {
  return id === "lose" || id === "double" || id === "overtake" ? "disturb" : id;
}

/** A figure of a fault that can be changed. */
export interface Figure {
  readonly id: "factor" | "loss" | "dup" | "reorder" | "byUs";
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** The figures of a fault, in the units of people: shares in per cent, clocks in seconds. */
export function figuresOf(fault: FaultSpec): readonly Figure[] {
  switch (fault.kind) {
    case "slow":
    case "slowDisk":
      return [
        { id: "factor", label: "Slower", unit: "times", value: fault.factor, min: 1, max: 1000 },
      ];
    case "skew":
      return [
        {
          id: "byUs",
          label: "Clock jumps by",
          unit: "s",
          value: fault.byUs / 1_000_000,
          min: -86_400,
          max: 86_400,
        },
      ];
    case "disturb": {
      const shares = [
        { id: "loss", label: "Lost", share: fault.loss },
        { id: "dup", label: "Doubled", share: fault.dup },
        { id: "reorder", label: "Overtaken", share: fault.reorder?.share },
      ] as const;
      return shares.flatMap(({ id, label, share }) =>
        share === undefined
          ? []
          : [{ id, label, unit: "%", value: Math.round(share * 1000) / 10, min: 0, max: 100 }],
      );
    }
    default:
      return [];
  }
}

/** The fault with another figure, given in the unit of `figuresOf`; itself when it has none such. */
export function withFigure(fault: FaultSpec, id: Figure["id"], value: number): FaultSpec {
  if ((fault.kind === "slow" || fault.kind === "slowDisk") && id === "factor")
    return { ...fault, factor: value };
  if (fault.kind === "skew" && id === "byUs")
    return { ...fault, byUs: Math.round(value * 1_000_000) };
  if (fault.kind !== "disturb") return fault;
  if (id === "loss" || id === "dup") return { ...fault, [id]: value / 100 };
  if (id !== "reorder" || fault.reorder === undefined) return fault;
  return { ...fault, reorder: { ...fault.reorder, share: value / 100 } };
}
