/**
 * A second, naive account of a run, from the rows of its trace and the plan of its faults alone:
 * who sent what, what became of it, who lived when. Each `broken…` gives a sentence for every
 * place where a promise about delivery was not kept; none when all were.
 */
import {
  KIND,
  nodeOf,
  type Scenario,
  SIGNAL,
  serialOf,
  type Trace,
  type WireSpec,
} from "../../workers/kernel/index.ts";
import { PROBE_MS, TALK_MS } from "./random-worlds.ts";

/** What a chatterer says; `channel` when it goes over a socket. */
interface Said {
  readonly n?: number;
  readonly channel?: number;
  readonly probe?: string;
}

interface Sent {
  readonly row: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly number: number;
  /** When it arrives, by its row. */
  readonly due: number;
  readonly said: Said;
  /** Another one with the same content, sent before: the wire has doubled it. */
  readonly doubles: Sent | undefined;
  fate: "arrived" | "lost" | "discarded" | undefined;
  fateAt: number;
  fateRow: number;
  receiver: number;
}

interface Life {
  readonly node: number;
  readonly begins: number;
  ends: number;
  reason: unknown;
}

interface Interval {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** One who watches, or is linked with, another. */
interface Watch {
  readonly row: number;
  readonly at: number;
  readonly watcher: number;
  readonly target: number;
  readonly isLink: boolean;
  readonly heard: { readonly tag: string; readonly reason: unknown; readonly at: number }[];
}

/** So much of a node's book is lasting, or was found there by its next life. */
interface Page {
  readonly node: number;
  readonly what: "lasting" | "found";
  readonly count: number;
  readonly isWhole: boolean;
}

export interface Account {
  readonly scenario: Scenario;
  readonly sends: ReadonlyMap<number, Sent>;
  readonly broken: readonly string[];
  readonly lives: ReadonlyMap<number, Life>;
  readonly watches: readonly Watch[];
  readonly names: ReadonlyMap<number, string>;
  /** By node: when it was dead. */
  readonly deaths: readonly (readonly Interval[])[];
  /** By node: when it stood still. */
  readonly pauses: readonly (readonly Interval[])[];
  /** `"0-1"`: when node 0 was connected with node 1, as it noted itself. */
  readonly connections: ReadonlyMap<string, readonly Interval[]>;
  /** What the scribes said of the disks, in order. */
  readonly books: readonly Page[];
}

const MS = 1_000;
const OWN_WORDS: readonly number[] = [SIGNAL.call, SIGNAL.reply, SIGNAL.cast, SIGNAL.info];

/** Reads a trace; what no run may show is written down on the way. */
export function accountOf(trace: Trace, scenario: Scenario): Account {
  const sends = new Map<number, Sent>();
  const broken: string[] = [];
  const lives = new Map<number, Life>();
  const names = new Map<number, string>();
  const watches: Watch[] = [];
  const watchesOf = new Map<number, Watch>();
  const books: Page[] = [];
  const connections = connectedAtFirst(scenario);
  const end = (wire: string, at: number) => {
    const now = connections.get(wire)?.at(-1);
    if (now?.to === Number.POSITIVE_INFINITY) now.to = at;
  };
  const deaths: { from: number; to: number }[][] = scenario.nodes.map(() => []);
  const pauses: { from: number; to: number }[][] = scenario.nodes.map(() => []);
  const isUp = scenario.nodes.map(() => false);
  const firstSaid = new Map<string, Sent>();
  const numbers = new Set<number>();
  let last = 0;
  for (let row = 0; row < trace.rowCount; row++) {
    const at = trace.atOf(row);
    const kind = trace.kindOf(row);
    const process = trace.processOf(row);
    const peer = trace.peerOf(row);
    const number = trace.messageOf(row);
    const signal = trace.signalOf(row);
    const wrong = (what: string) => broken.push(`row ${row} at ${at}: ${what}`);
    if (at < last) wrong(`time goes back from ${last}`);
    last = at;
    const node = nodeOf(process);
    const isByNode = kind === KIND.nodeUp || kind === KIND.nodeDown;
    // A loss is told of at the far end too, in the name of the sender there.
    const writer =
      kind === KIND.lose && serialOf(peer) === 0 && sends.get(number)?.at !== at
        ? nodeOf(peer)
        : node;
    if (!isByNode && !isUp[writer]) wrong(`dead node ${writer} writes a row of kind ${kind}`);
    const pause = pauses[writer]?.at(-1);
    if (
      pause?.to === Number.POSITIVE_INFINITY &&
      !isByNode &&
      // What was done meanwhile is noted when it goes on, also when it is stopped again at once.
      !(kind === KIND.fault && (trace.payloadOf(row) === "resume" || at === pause.from))
    )
      wrong(`paused node ${writer} writes a row of kind ${kind}`);
    switch (kind) {
      case KIND.nodeUp:
        if (isUp[node]) wrong(`node ${node} begins and was not dead`);
        isUp[node] = true;
        {
          const death = deaths[node]?.at(-1);
          if (death !== undefined) death.to = at;
        }
        break;
      case KIND.nodeDown: {
        if (!isUp[node]) wrong(`node ${node} dies and was dead`);
        isUp[node] = false;
        for (let other = 0; other < isUp.length; other++) end(`${node}-${other}`, at);
        deaths[node]?.push({ from: at, to: Number.POSITIVE_INFINITY });
        if (pause?.to === Number.POSITIVE_INFINITY) pause.to = at;
        for (const life of lives.values())
          if (life.node === node && life.ends === Number.POSITIVE_INFINITY) {
            life.ends = at;
            life.reason = "node";
          }
        break;
      }
      case KIND.fault:
        if (trace.payloadOf(row) === "pause")
          pauses[node]?.push({ from: at, to: Number.POSITIVE_INFINITY });
        if (trace.payloadOf(row) === "resume" && pause !== undefined) pause.to = at;
        break;
      case KIND.connect: {
        const wire = `${node}-${nodeOf(peer)}`;
        const before = connections.get(wire) ?? [];
        if (before.at(-1)?.to === Number.POSITIVE_INFINITY) wrong(`${wire} is connected twice`);
        connections.set(wire, [...before, { from: at, to: Number.POSITIVE_INFINITY }]);
        break;
      }
      case KIND.disconnect:
        end(`${node}-${nodeOf(peer)}`, at);
        break;
      case KIND.spawn:
        if (lives.has(process)) wrong(`pid ${process} is given twice`);
        lives.set(process, { node, begins: at, ends: Number.POSITIVE_INFINITY, reason: undefined });
        names.set(process, String(trace.payloadOf(row)));
        break;
      case KIND.register:
        names.set(process, String(trace.payloadOf(row)));
        break;
      case KIND.exit: {
        const life = lives.get(process);
        if (life === undefined || life.ends !== Number.POSITIVE_INFINITY)
          wrong(`${process} ends and does not live`);
        else {
          life.ends = at;
          life.reason = trace.payloadOf(row);
        }
        break;
      }
      case KIND.monitor:
      case KIND.link: {
        if (kind === KIND.monitor) {
          if (numbers.has(number)) wrong(`number ${number} is given twice`);
          numbers.add(number);
        }
        const watch = {
          row,
          at,
          watcher: process,
          target: peer,
          isLink: kind === KIND.link,
          heard: [],
        };
        watches.push(watch);
        watchesOf.set(process, watch);
        break;
      }
      case KIND.log: {
        const text = String(trace.payloadOf(row));
        if (!text.startsWith("[")) break;
        const [what, one, two] = JSON.parse(text);
        if (what === "heard") watchesOf.get(process)?.heard.push({ tag: one, reason: two, at });
        if (what === "lasting" || what === "found")
          books.push({ node, what, count: one, isWhole: two !== false });
        break;
      }
      case KIND.send: {
        if (numbers.has(number)) wrong(`number ${number} is given twice`);
        numbers.add(number);
        const said = saidOf(trace.payloadOf(row));
        const key = `${process} ${said.n} ${said.channel}`;
        const doubles = said.n === undefined ? undefined : firstSaid.get(key);
        const sent: Sent = {
          row,
          at,
          from: process,
          to: peer,
          number,
          due: trace.valueIn(row),
          said,
          doubles,
          fate: undefined,
          fateAt: Number.POSITIVE_INFINITY,
          fateRow: -1,
          receiver: 0,
        };
        if (doubles === undefined) firstSaid.set(key, sent);
        sends.set(number, sent);
        break;
      }
      case KIND.lose:
      case KIND.arrive:
      case KIND.discard: {
        if (!OWN_WORDS.includes(signal) || (kind !== KIND.lose && peer === 0)) {
          // A DOWN, an EXIT, a timer, news of a socket: the node's own, with a number of its own.
          if (kind === KIND.arrive && (nodeOf(number) !== node || numbers.has(number)))
            wrong(`${process} gets ${number} from nobody`);
          numbers.add(number);
          if (kind === KIND.arrive && !isAlive(lives.get(process)))
            wrong(`${process} is dead and gets ${number}`);
          break;
        }
        const sent = sends.get(number);
        if (sent === undefined) {
          wrong(`message ${number} comes from nowhere`);
          break;
        }
        if (sent.fate !== undefined) wrong(`message ${number} was ${sent.fate} before`);
        sent.fate = kind === KIND.lose ? "lost" : kind === KIND.arrive ? "arrived" : "discarded";
        sent.fateAt = at;
        sent.fateRow = row;
        sent.receiver = process;
        const sender = kind === KIND.lose ? process : peer;
        if (sender !== sent.from) wrong(`message ${number} is said to be from ${sender}`);
        if (kind === KIND.lose) break;
        if (node !== nodeOf(sent.to) || (serialOf(sent.to) > 0 && process !== sent.to))
          wrong(`message ${number} for ${sent.to} comes to ${process}`);
        if (kind === KIND.arrive && !isAlive(lives.get(process)))
          wrong(`${process} is dead and gets ${number}`);
        break;
      }
    }
  }
  return { scenario, sends, broken, lives, watches, names, deaths, pauses, connections, books };
}

/**
 * What was sent has arrived, was lost, was discarded, is under way, or went with its receiver's
 * node; at its time, or when the receiver's node goes on after a pause. Rule DE1.
 */
export function brokenBooks({ sends, deaths, pauses, scenario }: Account): string[] {
  const broken: string[] = [];
  const { horizonUs } = scenario;
  for (const sent of sends.values()) {
    const { from, to, at, due, fate, fateAt, number } = sent;
    const wrong = (what: string) =>
      broken.push(`message ${number} sent at ${at} for ${due}: ${what}`);
    const isWithin = nodeOf(from) === nodeOf(to);
    const receiver = nodeOf(to);
    const isSocket = sent.said.channel !== undefined;
    if (isWithin && !isSocket) {
      if (fate === undefined || fate === "lost" || fateAt !== at || due !== at)
        wrong(`within a node ${fate} at ${fateAt}`);
      continue;
    }
    // Of all that crosses a wire only what waits for a silence to end has no time to arrive.
    const isWaiting = due === at;
    if (!isWaiting && due < at + 1) wrong("arrives before it is sent");
    if (fate === "lost" && fateAt === at) continue;
    const goesOnAt = whenGoingOn(pauses[receiver] ?? [], due);
    const death = deaths[receiver]?.find((one) => one.from <= goesOnAt && one.to > at);
    if (death !== undefined && !isWaiting) {
      if (fate !== undefined)
        wrong(
          `${fate} at ${fateAt}, and its receiver's node was dead from ${death.from} to ${death.to}`,
        );
      continue;
    }
    if (isWaiting) {
      const isLost =
        deaths[receiver]?.some((one) => one.to > at) ||
        deaths[nodeOf(from)]?.some((one) => one.to > at);
      const isSilent = blockedForEver(scenario, nodeOf(from), receiver);
      if (fate === undefined && !isLost && !isSilent)
        wrong("waited for a silence to end, and was forgotten");
      continue;
    }
    if (goesOnAt >= horizonUs) {
      if (fate !== undefined) wrong(`${fate} at ${fateAt}`);
      continue;
    }
    if (fate === undefined) wrong("is neither under way nor anything else");
    else if (fateAt !== goesOnAt) wrong(`${fate} at ${fateAt} and not at ${goesOnAt}`);
  }
  return broken;
}

/** From one process to another, what arrives comes in the order in which it was said. Rules S1, W2 and W5. */
export function brokenOrder({ sends, scenario }: Account): string[] {
  const broken: string[] = [];
  const arrived = [...sends.values()]
    .filter(({ fate, said }) => fate === "arrived" && said.n !== undefined)
    .sort((a, b) => a.fateRow - b.fateRow);
  const last = new Map<string, Sent>();
  for (const sent of arrived) {
    const { from, receiver, said, doubles } = sent;
    if (hasDetours(scenario, nodeOf(from), nodeOf(receiver))) continue;
    if (doubles !== undefined) {
      if (doubles.due >= sent.due)
        broken.push(`the second ${sent.number} comes no later than the first`);
      continue;
    }
    const key = `${from} ${receiver} ${said.channel}`;
    const before = last.get(key);
    if (before !== undefined && (before.said.n as number) >= (said.n as number))
      broken.push(`${from} said ${said.n} before ${before.said.n}, which ${receiver} got first`);
    // A channel loses none between two that arrive.
    if (said.channel !== undefined && said.n !== (before?.said.n ?? 0) + 1)
      broken.push(`channel ${said.channel}: ${said.n} follows ${before?.said.n}`);
    last.set(key, sent);
  }
  return broken;
}

/** Nothing that is sent on a silent wire or on one that is cut arrives, and nothing that a cut finds under way. Rules B5 and B6. */
export function brokenBlocks({ sends, scenario, pauses }: Account): string[] {
  const broken: string[] = [];
  for (const sent of sends.values()) {
    const { from, to, at, due, fate, fateAt, number, said } = sent;
    const [a, b] = [nodeOf(from), nodeOf(to)];
    if (a === b || fate !== "arrived") continue;
    const isSocket = said.channel !== undefined;
    const silence = silencesOf(scenario, a, b).find((one) => one.from <= at && at < one.to);
    if (silence !== undefined && !(isSocket && due === at && fateAt > silence.to))
      broken.push(
        `message ${number} sent at ${at} crosses the silence from ${silence.from} to ${silence.to}`,
      );
    const hold = scenario.faults.find(
      (one) =>
        one.kind === "hold" &&
        one.between.every((end) => [a, b].some((node) => scenario.nodes[node]?.name === end)) &&
        one.atUs <= at &&
        fateAt < one.untilUs,
    );
    if (hold !== undefined && !pauses[a]?.some((one) => one.to === at))
      broken.push(`message ${number} sent at ${at} arrives at ${fateAt} from a wire that is held`);
    if (isSocket) continue;
    // One that stands still notices a cut when it goes on, and breaks with what it has sent before.
    const cut = cutsOf(scenario, a, b).find((one) => at < one.to && one.from <= fateAt);
    const wasStill = pauses[b]?.some(
      (one) => cut !== undefined && one.from <= due && fateAt === one.to,
    );
    if (cut !== undefined && !wasStill)
      broken.push(`message ${number} sent at ${at} crosses the cut from ${cut.from} to ${cut.to}`);
  }
  return broken;
}

/** Exactly one DOWN for each monitor and one EXIT for each link, for the reason that was. Rules L1, L3 and L4. */
export function brokenTies(account: Account): string[] {
  const { watches, lives, connections, scenario } = account;
  const broken: string[] = [];
  const endUs = scenario.horizonUs;
  for (const { at, watcher, target, isLink, heard } of watches) {
    const own = lives.get(watcher);
    if (account.names.get(watcher) !== "watcher" || own === undefined) continue;
    const [a, b] = [nodeOf(watcher), nodeOf(target)];
    const label = `${isLink ? "link" : "monitor"} of ${watcher} with ${target} at ${at}`;
    const tag = isLink ? "EXIT" : "DOWN";
    const told = heard.filter((one) => one.tag === tag);
    if (told.length > 1) broken.push(`${label}: ${told.length} ${tag}`);
    const connected = connections.get(`${a}-${b}`) ?? [];
    const lostAt = connected.map(({ to }) => to).filter((when) => when >= at);
    const life = serialOf(target) > 0 ? lives.get(target) : undefined;
    const [first] = told;
    if (first !== undefined) {
      const { reason } = first;
      if (reason === "noconnection") {
        const stands = connected.some(({ from, to }) => from < first.at && first.at < to);
        if (a === b || stands)
          broken.push(`${label}: noconnection at ${first.at}, and the connection stood`);
      } else if (reason === "noproc") {
        const wasThere = life !== undefined && life.ends > first.at;
        if (wasThere) broken.push(`${label}: noproc, and it lives`);
      } else {
        const ends = serialOf(target) > 0 ? (life === undefined ? [] : [life]) : endsOn(account, b);
        const isSo = ends.some(
          (one) => one.ends <= first.at && one.ends >= at && same(one.reason, reason),
        );
        if (!isSo)
          broken.push(`${label}: ${JSON.stringify(reason)} at ${first.at}, which nobody's end was`);
      }
    }
    // Who is dead at the end, or was lost meanwhile, was told of once to each who still lives.
    const isOver =
      own.ends !== Number.POSITIVE_INFINITY || isStill(account, a) || isStill(account, b);
    if (isOver || told.length > 0 || at > endUs - 9_000 * MS) continue;
    if (blockedForEver(scenario, a, b)) continue;
    if (lostAt.some((when) => at < when && when < endUs))
      broken.push(`${label}: lost at ${lostAt[0]}, and nobody said so`);
    else if (life !== undefined && life.ends < endUs - 5_000 * MS)
      broken.push(`${label}: ended at ${life.ends}, and nobody said so`);
  }
  return broken;
}

/** What is said when all trouble is over gets there, where the wire loses nothing. Rules B1, B5 and DE3. */
export function brokenProbes({ sends, scenario, deaths, pauses, lives, names }: Account): {
  broken: string[];
  count: number;
} {
  const broken: string[] = [];
  let count = 0;
  const isChurning = scenario.faults.some(
    (fault) =>
      ["cut", "partition", "oneWay", "pause"].includes(fault.kind) && !("untilUs" in fault),
  );
  if (isChurning && scenario.distribution?.preventOverlappingPartitions !== false)
    return { broken, count };
  const probes = [...sends.values()].filter(({ said }) => said.probe !== undefined);
  for (const { from, to, said, fate, number, at, due } of probes) {
    const [a, b] = [nodeOf(from), nodeOf(to)];
    const wire = wireOf(scenario, a, b);
    if (a === b || wire === undefined || wire.loss > 0 || isDisturbedForEver(scenario, wire))
      continue;
    if (blockedForEver(scenario, a, b) || deaths[b]?.at(-1)?.to === Number.POSITIVE_INFINITY)
      continue;
    if (pauses[b]?.at(-1)?.to === Number.POSITIVE_INFINITY) continue;
    count++;
    if (fate !== "arrived" && fate !== "discarded" && due < scenario.horizonUs)
      broken.push(`the probe ${number} for ${said.probe} at ${at} is ${fate}`);
  }
  // Everybody who was there said it to everybody.
  const talkers = [...lives].filter(
    ([id, life]) =>
      ["ann", "bob"].includes(names.get(id) ?? "") &&
      life.ends === Number.POSITIVE_INFINITY &&
      !isStill({ pauses }, life.node),
  );
  for (const [id, life] of talkers) {
    if (life.begins > TALK_MS * MS) continue;
    const reached = new Set(probes.filter(({ from }) => from === id).map(({ said }) => said.probe));
    const nodes = scenario.nodes.filter(
      (_, i) =>
        !isStill({ pauses }, i) &&
        i !== life.node &&
        wireOf(scenario, life.node, i) !== undefined &&
        !blockedForEver(scenario, life.node, i),
    );
    for (const node of nodes)
      if (!reached.has(`ann@${node.name}`))
        broken.push(`${id} never got to say anything to ${node.name} after ${PROBE_MS}`);
  }
  return { broken, count };
}

/** What a scribe was told is lasting, the next life finds, in order and without a gap. Rules DK2 and DK6. */
export function brokenBooksOnDisk({ books }: Account): string[] {
  const broken: string[] = [];
  const lasting = new Map<number, number>();
  for (const { node, what, count, isWhole } of books) {
    const least = lasting.get(node) ?? 0;
    if (!isWhole) broken.push(`node ${node} finds a book with pages out of order`);
    if (what === "found" && count < least) broken.push(`node ${node} finds ${count} of ${least}`);
    if (what === "lasting") lasting.set(node, Math.max(least, count));
  }
  return broken;
}

// The plan, read a second time.

function silencesOf(scenario: Scenario, a: number, b: number): Interval[] {
  const [from, to] = [scenario.nodes[a]?.name as string, scenario.nodes[b]?.name as string];
  return scenario.faults.flatMap((fault) => {
    if (fault.kind === "oneWay" && fault.from === from && fault.to === to) return [bandOf(fault)];
    if (fault.kind !== "partition") return [];
    const [left, right] = fault.groups;
    const isBetween =
      (left.includes(from) && right.includes(to)) || (left.includes(to) && right.includes(from));
    return isBetween ? [bandOf(fault)] : [];
  });
}

function cutsOf(scenario: Scenario, a: number, b: number): Interval[] {
  const ends = [scenario.nodes[a]?.name, scenario.nodes[b]?.name];
  return scenario.faults.flatMap((fault) =>
    fault.kind === "cut" && fault.between.every((end) => ends.includes(end)) ? [bandOf(fault)] : [],
  );
}

function bandOf({ atUs, untilUs }: { readonly atUs: number; readonly untilUs?: number }): Interval {
  return { from: atUs, to: untilUs ?? Number.POSITIVE_INFINITY };
}

function blockedForEver(scenario: Scenario, a: number, b: number): boolean {
  return [
    ...silencesOf(scenario, a, b),
    ...silencesOf(scenario, b, a),
    ...cutsOf(scenario, a, b),
  ].some(({ to }) => to === Number.POSITIVE_INFINITY);
}

function wireOf(scenario: Scenario, a: number, b: number): WireSpec | undefined {
  const ends = [scenario.nodes[a]?.name, scenario.nodes[b]?.name];
  return scenario.wires.find(({ between }) => between.every((end) => ends.includes(end)));
}

function isDisturbedForEver(scenario: Scenario, { between }: WireSpec): boolean {
  return scenario.faults.some(
    (fault) =>
      fault.kind === "disturb" &&
      fault.untilUs === undefined &&
      fault.between.every((end) => between.includes(end)),
  );
}

function hasDetours(scenario: Scenario, a: number, b: number): boolean {
  const wire = wireOf(scenario, a, b);
  if (wire === undefined) return false;
  return (
    wire.reorder !== undefined ||
    scenario.faults.some(
      (fault) =>
        fault.kind === "disturb" &&
        fault.reorder !== undefined &&
        fault.between.every((end) => wire.between.includes(end)),
    )
  );
}

// The account, asked.

/** When a node does what is due at `due`: then, or after the pauses that it falls into. */
function whenGoingOn(pauses: readonly Interval[], due: number): number {
  let at = due;
  for (const { from, to } of pauses) if (from <= at && at < to) at = to;
  return at;
}

function saidOf(payload: unknown): Said {
  return typeof payload === "object" && payload !== null ? (payload as Said) : {};
}

function isAlive(life: Life | undefined): boolean {
  return life !== undefined && life.ends === Number.POSITIVE_INFINITY;
}

/** A pause that never ends. */
function isStill({ pauses }: Pick<Account, "pauses">, node: number): boolean {
  return pauses[node]?.at(-1)?.to === Number.POSITIVE_INFINITY;
}

function endsOn({ lives }: Account, node: number): Life[] {
  return [...lives.values()].filter((life) => life.node === node);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Nodes with a wire between them are connected when the run begins, where the world says so. */
function connectedAtFirst({
  nodes,
  wires,
  distribution,
}: Scenario): Map<string, { from: number; to: number }[]> {
  const index = (name: string) => nodes.findIndex((node) => node.name === name);
  const ways = wires.flatMap(({ between: [a, b] }) => [
    `${index(a)}-${index(b)}`,
    `${index(b)}-${index(a)}`,
  ]);
  const isUp = distribution?.connected ?? true;
  return new Map(
    ways.map((way) => [way, isUp ? [{ from: -1, to: Number.POSITIVE_INFINITY }] : []]),
  );
}
