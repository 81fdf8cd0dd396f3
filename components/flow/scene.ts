/**
 * What is where at one moment: a pure function of (trace, virtual time, layout, view).
 *
 * Dots (one dot is one message, never a sample) come as typed arrays for the rasteriser; nodes,
 * chips and lanes as short lists for the drawing's still parts and for the text. Only rows up to
 * the moment are read, so the scene of a moment never changes while the run goes on.
 */

import { KIND, nodeOf } from "../../workers/kernel/trace.ts";
import { type ClusterState, SLOT } from "./cluster-state.ts";
import { along, type ChipBox, DISC_RADIUS, type StageLayout, TUBE_SLOTS } from "./layout.ts";
import { NONE, upperBound } from "./tables.ts";
import type { TraceIndex } from "./trace-index.ts";

/** How the moment is looked at. All virtual µs; derived from the speed by `viewAt`, never from a clock. */
export interface SceneView {
  /** How long a message within a node, which travels in no time, is shown hopping. */
  readonly hopUs: number;
  /** How long a lost message's mark stays. */
  readonly lossUs: number;
  /** Work shorter than this is shown as a share of time instead of job by job. */
  readonly blurUs: number;
}

/** The view that suits a speed (virtual per real): hops last 0.3 s of the watcher's time. */
export function viewAt(speed: number): SceneView {
  return { hopUs: 300_000 * speed, lossUs: 1_500_000 * speed, blurUs: 250_000 * speed };
}

/** Where a dot is: on a wire, in a mailbox, being handled, hopping within a node, dead on a wire. */
export const PLACE = { wire: 0, mailbox: 1, disc: 2, hop: 3, loss: 4 } as const;

/** Number of a glyph: signal (0–7) + 8 × style + 24 when small. */
export const GLYPH = { solid: 0, hollow: 8, lost: 16, small: 24, select: 48, ring: 49 } as const;
/** Steps of a full ring; ring glyphs are GLYPH.ring + 0…RING_STEPS. */
export const RING_STEPS = 48;

export interface Dots {
  count: number;
  x: Float32Array;
  y: Float32Array;
  glyph: Uint8Array;
  place: Uint8Array;
  /** Position in the index's message table; NONE for marks that are no message. */
  message: Uint32Array;
}

export type ChipStatus = "unborn" | "idle" | "running" | "waiting" | "dead";

export interface ChipScene {
  readonly box: ChipBox;
  readonly title: string;
  readonly status: ChipStatus;
  /** Number of the process in the trace; 0 for a crowd or an empty slot. */
  readonly process: number;
  /** Messages in the mailbox, and those whose caller has given up. */
  readonly depth: number;
  readonly stale: number;
  /** Share of the work under way, or of time spent working when single jobs are too short to see. */
  readonly work: number;
  readonly isShare: boolean;
  /** For crowds: living, waiting on a call, ever given up, ended. */
  readonly alive: number;
  readonly waiting: number;
  readonly gaveUp: number;
  readonly ended: number;
}

export interface NodeScene {
  readonly node: number;
  readonly up: boolean;
  /** Cores in use: whole at slow speeds, a mean when jobs are too short to see. */
  readonly busy: number;
  readonly cores: number;
}

export interface LaneScene {
  readonly from: number;
  readonly to: number;
  readonly inFlight: number;
  readonly perSecond: number;
}

export interface Scene {
  readonly at: number;
  readonly dots: Dots;
  /** x, y, width, height, colour (see raster.ts) for each bar. */
  readonly bars: number[];
  readonly nodes: readonly NodeScene[];
  readonly chips: readonly ChipScene[];
  readonly lanes: readonly LaneScene[];
  readonly sent: number;
  readonly delivered: number;
  readonly lost: number;
  readonly inFlight: number;
}

/** Colours of bars; a ribbon's is this plus the signal. */
export const BAR = { depth: 0, ribbon: 8 } as const;
/** A mailbox bar is logarithmic and full at this many messages. */
export const DEPTH_BAR_MAX = 10_000;
/** More hops than this between two processes at once are drawn as one ribbon. */
const HOPS_APART_MAX = 7;
const HOP_ROWS_MAX = 4096;
const RATE_WINDOW_US = 1_000_000;

export function createDots(): Dots {
  return {
    count: 0,
    x: new Float32Array(1024),
    y: new Float32Array(1024),
    glyph: new Uint8Array(1024),
    place: new Uint8Array(1024),
    message: new Uint32Array(1024),
  };
}

/** The scene at `at`. `dots` may be handed back in to be filled again, which saves allocation. */
export function sceneAt(
  index: TraceIndex,
  layout: StageLayout,
  at: number,
  view: SceneView,
  dots: Dots = createDots(),
): Scene {
  const state = index.stateAt(at);
  dots.count = 0;
  const bars: number[] = [];
  const laneCounts = new Uint32Array(layout.lanes.length);
  const lossesUnderWay = placeWires(index, layout, state, at, view, dots, laneCounts);
  placeHops(index, layout, at, view, dots, bars);
  const chips = layout.chips.map((box) => placeChip(index, state, box, at, view, dots, bars));
  const nodes = layout.cards.map((card) => ({
    node: card.node,
    up: state.row === 0 || state.up[card.node] === 1,
    cores: card.cores,
    busy: busyCores(index, state, card.node, card.cores, at, view),
  }));
  const lost = index.lostBy(at);
  return {
    at,
    dots,
    bars,
    nodes,
    chips,
    lanes: layout.lanes.map((lane, i) => ({
      from: lane.from,
      to: lane.to,
      inFlight: laneCounts[i] as number,
      perSecond: index.sentBetween(lane.from, lane.to, at, RATE_WINDOW_US),
    })),
    sent: state.totals.sent,
    delivered: state.totals.delivered + state.totals.discarded,
    lost,
    inFlight: state.inFlight.size + lossesUnderWay,
  };
}

const spot = { x: 0, y: 0 };

/** Travelling messages and the marks of dead ones; answers how many doomed ones still travel. */
function placeWires(
  index: TraceIndex,
  layout: StageLayout,
  state: ClusterState,
  at: number,
  view: SceneView,
  dots: Dots,
  counts: Uint32Array,
): number {
  const { messages } = index;
  const width = layout.cards.length;
  const laneByEnds = new Int16Array(width * width).fill(-1);
  layout.lanes.forEach((lane, i) => {
    laneByEnds[lane.from * width + lane.to] = i;
  });
  const place = (m: number, glyph: number, where: number, share: number): void => {
    const i = laneByEnds[(messages.fromNode[m] as number) * width + (messages.toNode[m] as number)];
    const lane = i === undefined ? undefined : layout.lanes[i];
    if (i === undefined || lane === undefined) return;
    if (where === PLACE.wire) counts[i] = (counts[i] as number) + 1;
    along(lane, share, spot);
    push(dots, spot.x, spot.y, glyph, where, m);
  };
  const flying = state.inFlight.members();
  for (let k = 0; k < flying.length; k++) {
    const m = flying[k] as number;
    const sendAt = messages.sendAt[m] as number;
    const arriveAt = messages.arriveAt[m] as number;
    if (at > arriveAt || arriveAt <= sendAt) continue;
    place(m, messages.signal[m] as number, PLACE.wire, (at - sendAt) / (arriveAt - sendAt));
  }
  let underWay = 0;
  const first = upperBound(index.lossAt, index.lossAt.length, at - view.lossUs);
  for (let k = first; k < index.lossAt.length; k++) {
    const dieAt = index.lossAt[k] as number;
    if (dieAt > at + index.flightUsMax) break;
    const m = index.lossMessages[k] as number;
    const sendAt = messages.sendAt[m] as number;
    if (sendAt > at) continue;
    const flightUs = (messages.arriveAt[m] as number) - sendAt;
    const share = flightUs > 0 ? (Math.min(at, dieAt) - sendAt) / flightUs : 1;
    const signal = messages.signal[m] as number;
    if (dieAt > at) {
      underWay++;
      place(m, signal, PLACE.wire, share);
    } else place(m, signal + GLYPH.lost, PLACE.loss, share);
  }
  return underWay;
}

/** Messages within one node: there in no time, so shown for a while after they were sent. */
function placeHops(
  index: TraceIndex,
  layout: StageLayout,
  at: number,
  view: SceneView,
  dots: Dots,
  bars: number[],
): void {
  const { trace, messages, processes } = index;
  const end = Math.min(trace.upperBound(at), index.rowCount);
  const last = Math.max(0, end - HOP_ROWS_MAX);
  const paths = new Map<number, number[]>();
  for (let row = end - 1; row >= last; row--) {
    if (at - trace.atOf(row) >= view.hopUs) break;
    if (trace.kindOf(row) !== KIND.send) continue;
    if (nodeOf(trace.processOf(row)) !== nodeOf(trace.peerOf(row))) continue;
    const m = messages.find(trace.messageOf(row));
    if (m === NONE || messages.from[m] === NONE || messages.to[m] === NONE) continue;
    const from = processes.slot[messages.from[m] as number] as number;
    const to = processes.slot[messages.to[m] as number] as number;
    if (from === to) continue;
    const path = paths.get(from * 4096 + to);
    if (path === undefined) paths.set(from * 4096 + to, [m]);
    else path.push(m);
  }
  for (const [ends, path] of paths) {
    const from = boxOf(layout, Math.floor(ends / 4096));
    const to = boxOf(layout, ends % 4096);
    if (from === undefined || to === undefined) continue;
    if (path.length > HOPS_APART_MAX)
      placeRibbon(from, to, path.length, signalOf(index, path[0]), bars);
    else for (const m of path) placeHop(index, from, to, m, at, view, dots);
  }
}

function signalOf(index: TraceIndex, m: number | undefined): number {
  return m === undefined ? 0 : (index.messages.signal[m] as number);
}

/** Down the column of discs, clear of the names: on its right going down, on its left going up. */
function placeHop(
  index: TraceIndex,
  from: ChipBox,
  to: ChipBox,
  m: number,
  at: number,
  view: SceneView,
  dots: Dots,
): void {
  const share = (at - (index.messages.sendAt[m] as number)) / view.hopUs;
  const down = to.tubeY > from.tubeY ? 1 : -1;
  const startY = from.tubeY + down * (DISC_RADIUS + 4);
  const endY = to.tubeY - down * (DISC_RADIUS + 4);
  // Bowed out as far as it must be to pass the discs in between.
  const between = Math.max(0, Math.abs(to.y - from.y) / from.height - 1);
  const bow = 4 * share * (1 - share) * Math.min(1, between) * (DISC_RADIUS + 4);
  push(
    dots,
    from.discX + (to.discX - from.discX) * share + down * (4 + bow),
    startY + (endY - startY) * share,
    signalOf(index, m) + GLYPH.small,
    PLACE.hop,
    m,
  );
}

/** So many hops that they would be one blur: a line as thick as they are many, logarithmically. */
function placeRibbon(
  from: ChipBox,
  to: ChipBox,
  count: number,
  signal: number,
  bars: number[],
): void {
  const down = to.tubeY > from.tubeY ? 1 : -1;
  const top = Math.min(from.tubeY, to.tubeY) + DISC_RADIUS + 3;
  const bottom = Math.max(from.tubeY, to.tubeY) - DISC_RADIUS - 3;
  const width = Math.min(6, 1 + Math.floor(Math.log2(count / 4)));
  bars.push(from.discX + down * 4 - width / 2, top, width, bottom - top, BAR.ribbon + signal);
}

function placeChip(
  index: TraceIndex,
  state: ClusterState,
  box: ChipBox,
  at: number,
  view: SceneView,
  dots: Dots,
  bars: number[],
): ChipScene {
  if (box.slot < 0) return blank(box);
  const base = box.slot * 5;
  const alive = state.slots[base + SLOT.alive] ?? 0;
  const counts = {
    alive,
    waiting: state.slots[base + SLOT.waiting] ?? 0,
    gaveUp: state.slots[base + SLOT.gaveUp] ?? 0,
    ended: state.slots[base + SLOT.ended] ?? 0,
  };
  if (box.many) return { ...blank(box), ...counts, status: alive > 0 ? "running" : "idle" };
  const process = index.holderOf(box.slot, state);
  if (process === 0) return { ...blank(box), ...counts };
  const p = index.processes.find(process);
  const depth = state.depth[p] ?? 0;
  const working = alive > 0 && state.workKind[p] !== 0;
  const isShare = working ? (state.workUs[p] as number) < view.blurUs : view.blurUs > 50_000;
  const work = isShare
    ? (index.slotWork.get(box.slot)?.mean(at, view.blurUs) ?? 0)
    : working
      ? Math.min(1, (at - (state.workAt[p] as number)) / Math.max(1, state.workUs[p] as number))
      : 0;
  placeMailbox(index, state, box, p, depth, dots, bars);
  if (work > 0 && alive > 0) {
    const ring = GLYPH.ring + Math.round(Math.min(1, work) * RING_STEPS);
    push(dots, box.discX, box.tubeY, ring, PLACE.disc, NONE);
  }
  const handled = state.handling[p] ?? 0;
  if (working && handled > 0 && !isShare) {
    const style = state.isStale(handled - 1) ? GLYPH.hollow : GLYPH.solid;
    const signal = index.messages.signal[handled - 1] as number;
    push(dots, box.discX, box.tubeY, signal + style, PLACE.disc, handled - 1);
  }
  return {
    ...blank(box),
    ...counts,
    status: statusOf(alive > 0, isShare ? work > 0.02 : working, state.waitingFor[p] !== 0),
    process,
    depth,
    stale: state.stale[p] ?? 0,
    work,
    isShare,
  };
}

function placeMailbox(
  index: TraceIndex,
  state: ClusterState,
  box: ChipBox,
  p: number,
  depth: number,
  dots: Dots,
  bars: number[],
): void {
  state.mailbox(p, TUBE_SLOTS).forEach((m, i) => {
    const style = state.isStale(m) ? GLYPH.hollow : GLYPH.solid;
    push(
      dots,
      box.tubeX + (TUBE_SLOTS - 1 - i + 0.5) * box.slotStep,
      box.tubeY,
      (index.messages.signal[m] as number) + style + GLYPH.small,
      PLACE.mailbox,
      m,
    );
  });
  if (depth <= TUBE_SLOTS) return;
  const share = Math.min(1, Math.log10(depth) / Math.log10(DEPTH_BAR_MAX));
  bars.push(box.tubeX, box.tubeY + 13, Math.round(share * TUBE_SLOTS * box.slotStep), 3, BAR.depth);
}

function busyCores(
  index: TraceIndex,
  state: ClusterState,
  node: number,
  cores: number,
  at: number,
  view: SceneView,
): number {
  if (view.blurUs <= 50_000) return Math.min(cores, state.cpu[node] as number);
  return Math.min(cores, index.nodeWork.get(node)?.mean(at, view.blurUs) ?? 0);
}

function statusOf(alive: boolean, working: boolean, waiting: boolean): ChipStatus {
  if (!alive) return "dead";
  if (working) return "running";
  return waiting ? "waiting" : "idle";
}

function boxOf(layout: StageLayout, slot: number | undefined): ChipBox | undefined {
  return layout.chips.find((box) => box.slot === slot);
}

function blank(box: ChipBox): ChipScene {
  return {
    box,
    title: box.title,
    status: "unborn",
    process: 0,
    depth: 0,
    stale: 0,
    work: 0,
    isShare: false,
    alive: 0,
    waiting: 0,
    gaveUp: 0,
    ended: 0,
  };
}

function push(dots: Dots, x: number, y: number, glyph: number, place: number, m: number): void {
  if (dots.count === dots.x.length) grow(dots);
  const i = dots.count++;
  dots.x[i] = x;
  dots.y[i] = y;
  dots.glyph[i] = glyph;
  dots.place[i] = place;
  dots.message[i] = m;
}

function grow(dots: Dots): void {
  const length = dots.x.length * 2;
  const wider = { x: new Float32Array(length), y: new Float32Array(length) };
  wider.x.set(dots.x);
  wider.y.set(dots.y);
  const glyph = new Uint8Array(length);
  glyph.set(dots.glyph);
  const place = new Uint8Array(length);
  place.set(dots.place);
  const message = new Uint32Array(length);
  message.set(dots.message);
  Object.assign(dots, { ...wider, glyph, place, message });
}

/** The dot nearest to a point, at most `reach` away; -1 when none. Ring marks are not messages. */
export function dotNear(dots: Dots, x: number, y: number, reach: number): number {
  let best = -1;
  let least = reach * reach;
  for (let i = 0; i < dots.count; i++) {
    if (dots.message[i] === NONE) continue;
    const dx = (dots.x[i] as number) - x;
    const dy = (dots.y[i] as number) - y;
    const away = dx * dx + dy * dy;
    if (away <= least) {
      least = away;
      best = i;
    }
  }
  return best;
}
