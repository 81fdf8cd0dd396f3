/**
 * Where things stand: a pure function of the scenario, the stage's width and the chips there are.
 *
 * Nodes have fixed slots and never drift. A node that only produces load stands on the left, what
 * it calls on the right, so the eye reads the traffic as it reads the page; a narrow stage stacks
 * them. A lesson may move nodes by hand with a `FlowLayout`. Units are CSS pixels.
 */

import type { Distribution, Scenario } from "../../workers/kernel/scenario.ts";

/** A lesson's own arrangement. Fractions of the room that is left around the cards, 0 to 1. */
export interface FlowLayout {
  readonly places?: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
  /** Least height of a wide stage. Default 300, before zooming. */
  readonly height?: number;
  /** Virtual µs between the ticks on a wire. Default: a fifth of its latency. */
  readonly tickUs?: number;
}

/** What the layout must know of a chip: the slot it shows, or -1 for one that is expected. */
export interface ChipNeed {
  readonly slot: number;
  readonly node: number;
  readonly title: string;
  readonly many: boolean;
}

export interface ChipBox extends ChipNeed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Left edge and middle line of the mailbox tube, and the middle of the process's disc. */
  readonly tubeX: number;
  readonly tubeY: number;
  readonly discX: number;
  /** Distance from one slot of the tube to the next. */
  readonly slotStep: number;
}

export interface CardBox {
  readonly node: number;
  readonly name: string;
  readonly cores: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One direction of a wire: a line of straight pieces from node to node. */
export interface Lane {
  readonly from: number;
  readonly to: number;
  readonly points: readonly Point[];
  readonly length: number;
  /** Marks at equal virtual time apart: `across` is the direction to draw them in. */
  readonly ticks: readonly { readonly at: Point; readonly across: Point }[];
}

export interface StageLayout {
  /** In the drawing's own pixels: the stage's width divided by `zoom`. */
  readonly width: number;
  readonly height: number;
  readonly stacked: boolean;
  readonly cards: readonly CardBox[];
  readonly chips: readonly ChipBox[];
  readonly lanes: readonly Lane[];
  /** How much larger than drawn it is shown; more than 1 on a wide stage. */
  readonly zoom: number;
}

/** Slots across a mailbox tube; more messages than that show as a bar and a number. */
export const TUBE_SLOTS = 12;
const TUBE_STEP = 12;
const TUBE_STEP_MAX = 19;
export const DISC_RADIUS = 13;
/** Distance of a lane from the middle of its wire. */
const LANE_OFFSET = 8;
const MARGIN = 20;
const PADDING = 16;
const HEADER = 40;
const STACK_GAP = 92;
const ONE_CHIP = 80;
const MANY_CHIP = 106;
const CARD_WIDE = PADDING * 2 + TUBE_SLOTS * TUBE_STEP + 12 + DISC_RADIUS * 2 + 2;
const CARD_CROWD = 176;
const STACK_BELOW = 520;
/** From this width on everything is drawn larger, up to the limit, so a wide stage is not a void. */
const ZOOM_FROM = 740;
const ZOOM_MAX = 1.4;
const HEIGHT_AT_LEAST = 300;

/** Middles of n nodes in a wide stage that has no load node to put on the left, n from 1 to 8. */
const PLACES: readonly (readonly (readonly [number, number])[])[] = [
  [[0.5, 0.5]],
  [
    [0, 0.5],
    [1, 0.5],
  ],
  [
    [0, 0.5],
    [1, 0],
    [1, 1],
  ],
  [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  [
    [0.5, 0],
    [0, 0.45],
    [1, 0.45],
    [0.12, 1],
    [0.88, 1],
  ],
  [
    [0, 0],
    [0.5, 0],
    [1, 0],
    [0, 1],
    [0.5, 1],
    [1, 1],
  ],
  [
    [0, 0],
    [0.5, 0],
    [1, 0],
    [0, 0.5],
    [1, 0.5],
    [0.2, 1],
    [0.8, 1],
  ],
  [
    [0, 0],
    [0.5, 0],
    [1, 0],
    [0, 0.5],
    [1, 0.5],
    [0, 1],
    [0.5, 1],
    [1, 1],
  ],
];

/** Chips that a run of the scenario will surely have, for a stage on which nothing ran yet. */
export function expectedChips(scenario: Scenario): readonly ChipNeed[] {
  const node = (name: string) => scenario.nodes.findIndex((n) => n.name === name);
  const loads = scenario.loads.map((load) => ({
    slot: -1,
    node: node(load.node),
    title: load.name,
    many: true,
  }));
  const starts = scenario.starts.map((start) => ({
    slot: -1,
    node: node(start.node),
    title: start.name ?? start.run,
    many: false,
  }));
  return [...loads, ...starts].filter((chip) => chip.node >= 0);
}

/** The stage for a width in CSS pixels. Its height follows from what stands on it. */
export function layoutStage(
  scenario: Scenario,
  chips: readonly ChipNeed[],
  stageWidth: number,
  custom: FlowLayout = {},
): StageLayout {
  const zoom = Math.min(ZOOM_MAX, Math.max(1, stageWidth / ZOOM_FROM));
  const width = Math.round(stageWidth / zoom);
  const stacked = width < STACK_BELOW;
  const sizes = scenario.nodes.map((node, i) =>
    cardSize(chips, i, stacked ? width : 0, node.cores),
  );
  const order = readingOrder(scenario);
  const cards = stacked
    ? stack(scenario, sizes, order, width)
    : spread(scenario, sizes, order, width, custom);
  const bottom = cards.reduce((low, card) => Math.max(low, card.y + card.height), 0);
  return {
    width,
    height: Math.max(bottom + MARGIN, stacked ? 0 : (custom.height ?? HEIGHT_AT_LEAST)),
    stacked,
    cards,
    chips: cards.flatMap((card) => placeChips(chips, card)),
    lanes: scenario.wires.flatMap((wire, i) => lanesOf(wire, i, cards, order, width, custom)),
    zoom,
  };
}

/** The point a share of the way along a lane, written into `out`. */
export function along(lane: Lane, share: number, out: { x: number; y: number }): void {
  let left = share * lane.length;
  for (let i = 1; i < lane.points.length; i++) {
    const a = lane.points[i - 1] as Point;
    const b = lane.points[i] as Point;
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const piece = Math.sqrt(dx * dx + dy * dy);
    if (left <= piece || i === lane.points.length - 1) {
      const part = piece === 0 ? 0 : left / piece;
      out.x = a.x + dx * part;
      out.y = a.y + dy * part;
      return;
    }
    left -= piece;
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function cardSize(
  chips: readonly ChipNeed[],
  node: number,
  stackWidth: number,
  cores: number,
): Size {
  const here = chips.filter((chip) => chip.node === node);
  const height = here.reduce((sum, chip) => sum + (chip.many ? MANY_CHIP : ONE_CHIP), 0);
  const crowdOnly = here.length > 0 && here.every((chip) => chip.many);
  const natural = crowdOnly ? Math.max(CARD_CROWD, 110 + cores * 8) : CARD_WIDE;
  return {
    width: stackWidth > 0 ? stackWidth - MARGIN * 2 : natural,
    height: HEADER + Math.max(height, ONE_CHIP) + 6,
  };
}

/** Load nodes first, then the others, each in the scenario's order. */
function readingOrder(scenario: Scenario): readonly number[] {
  const isLoad = (i: number) => {
    const name = scenario.nodes[i]?.name;
    return (
      scenario.loads.some((load) => load.node === name) &&
      !scenario.starts.some((start) => start.node === name)
    );
  };
  const all = scenario.nodes.map((_, i) => i);
  return [...all.filter(isLoad), ...all.filter((i) => !isLoad(i))];
}

function stack(
  scenario: Scenario,
  sizes: readonly Size[],
  order: readonly number[],
  width: number,
): CardBox[] {
  const gutter = Math.max(0, scenario.wires.length - order.length + 1) * 24;
  let y = MARGIN;
  return order.map((node) => {
    const size = sizes[node] as Size;
    const card = cardAt(scenario, node, MARGIN, y, { ...size, width: width - MARGIN * 2 - gutter });
    y += size.height + STACK_GAP;
    return card;
  });
}

function spread(
  scenario: Scenario,
  sizes: readonly Size[],
  order: readonly number[],
  width: number,
  custom: FlowLayout,
): CardBox[] {
  const places = PLACES[Math.min(order.length, PLACES.length) - 1] ?? [];
  const rows = new Map<number, number>();
  order.forEach((node, i) => {
    const y = places[i]?.[1] ?? 1;
    rows.set(y, Math.max(rows.get(y) ?? 0, (sizes[node] as Size).height));
  });
  const stackedRows = [...rows.values()].reduce((sum, h) => sum + h + 56, -56);
  const tallest = sizes.reduce((most, size) => Math.max(most, size.height), 0);
  const inner = Math.max(
    (custom.height ?? HEIGHT_AT_LEAST) - MARGIN * 2,
    tallest,
    order.length <= 3 ? Math.max(tallest, columnHeight(order, places, sizes)) : stackedRows,
  );
  // A very wide stage does not pull the cards apart for ever: wires stay short enough to follow.
  const room = Math.min(width, 980);
  const left = (width - room) / 2 + MARGIN;
  return order.map((node, i) => {
    const size = sizes[node] as Size;
    const name = scenario.nodes[node]?.name ?? "";
    const place = custom.places?.[name];
    const x = place?.x ?? places[i]?.[0] ?? 0.5;
    const y = place?.y ?? places[i]?.[1] ?? 1;
    return cardAt(
      scenario,
      node,
      Math.round(left + x * (room - MARGIN * 2 - size.width)),
      Math.round(MARGIN + y * (inner - size.height)),
      size,
    );
  });
}

function columnHeight(
  order: readonly number[],
  places: readonly (readonly [number, number])[],
  sizes: readonly Size[],
): number {
  const right = order.filter((_, i) => places[i]?.[0] === 1);
  return right.reduce((sum, node) => sum + (sizes[node] as Size).height + 48, -48);
}

function cardAt(scenario: Scenario, node: number, x: number, y: number, size: Size): CardBox {
  const spec = scenario.nodes[node];
  return { node, name: spec?.name ?? "", cores: spec?.cores ?? 1, x, y, ...size };
}

function placeChips(chips: readonly ChipNeed[], card: CardBox): ChipBox[] {
  let y = card.y + HEADER;
  return chips
    .filter((chip) => chip.node === card.node)
    .map((chip) => {
      const height = chip.many ? MANY_CHIP : ONE_CHIP;
      const tubeX = card.x + PADDING;
      const room = card.width - PADDING * 2 - DISC_RADIUS * 2 - 14;
      const slotStep = Math.min(TUBE_STEP_MAX, Math.max(TUBE_STEP, Math.floor(room / TUBE_SLOTS)));
      const box = {
        ...chip,
        x: card.x + 6,
        y,
        width: card.width - 12,
        height,
        tubeX,
        tubeY: y + 39,
        slotStep,
        discX: chip.many
          ? card.x + card.width - PADDING - DISC_RADIUS
          : tubeX + TUBE_SLOTS * slotStep + 12 + DISC_RADIUS,
      };
      y += height;
      return box;
    });
}

function lanesOf(
  wire: Scenario["wires"][number],
  index: number,
  cards: readonly CardBox[],
  order: readonly number[],
  width: number,
  custom: FlowLayout,
): Lane[] {
  const a = cards.find((card) => card.name === wire.between[0]);
  const b = cards.find((card) => card.name === wire.between[1]);
  if (a === undefined || b === undefined) return [];
  const [first, second] =
    order.indexOf(a.node) < order.indexOf(b.node) ? ([a, b] as const) : ([b, a] as const);
  const skipped = order.indexOf(second.node) - order.indexOf(first.node) > 1;
  const route =
    width < STACK_BELOW && skipped
      ? around(first, second, width - 12 - index * 20)
      : between(first, second);
  const latencyUs = middleUs(wire.latency);
  const tickUs = custom.tickUs ?? latencyUs / 5;
  const tickCount = tickUs > 0 ? Math.min(40, Math.ceil(latencyUs / tickUs) - 1) : 0;
  const there = beside(route, LANE_OFFSET);
  const back = beside([...route].reverse(), LANE_OFFSET);
  return [
    lane(first, second, there, tickCount, tickUs / latencyUs),
    lane(second, first, back, tickCount, tickUs / latencyUs),
  ];
}

/** Straight across the gap between two cards, at the middle of what they share. */
function between(a: CardBox, b: CardBox): Point[] {
  const gapX = Math.max(b.x - (a.x + a.width), a.x - (b.x + b.width));
  const gapY = Math.max(b.y - (a.y + a.height), a.y - (b.y + b.height));
  const [left, right] = a.x + a.width / 2 <= b.x + b.width / 2 ? [a, b] : [b, a];
  const [upper, lower] = a.y + a.height / 2 <= b.y + b.height / 2 ? [a, b] : [b, a];
  if (gapX >= gapY) {
    const shared = overlap(left.y, left.height, right.y, right.height);
    const from = { x: left.x + left.width, y: shared ?? left.y + left.height / 2 };
    const to = { x: right.x, y: shared ?? right.y + right.height / 2 };
    return left === a ? [from, to] : [to, from];
  }
  const shared = overlap(upper.x, upper.width, lower.x, lower.width);
  const from = { x: shared ?? upper.x + upper.width / 2, y: upper.y + upper.height };
  const to = { x: shared ?? lower.x + lower.width / 2, y: lower.y };
  return upper === a ? [from, to] : [to, from];
}

/** The middle of the stretch that two intervals share, if it is wide enough for two lanes. */
function overlap(a: number, aLength: number, b: number, bLength: number): number | undefined {
  const low = Math.max(a, b);
  const high = Math.min(a + aLength, b + bLength);
  return high - low >= 48 ? (low + high) / 2 : undefined;
}

/** Past the cards in between, through the gutter beside a stack. */
function around(a: CardBox, b: CardBox, x: number): Point[] {
  const fromY = a.y + a.height / 2;
  const toY = b.y + b.height / 2;
  return [
    { x: a.x + a.width, y: fromY },
    { x, y: fromY },
    { x, y: toY },
    { x: b.x + b.width, y: toY },
  ];
}

/** The same line moved to its right by `distance`, seen in its own direction. */
function beside(route: readonly Point[], distance: number): Point[] {
  return route.map((point, i) => {
    const before = direction(
      route[i - 1] ?? point,
      route[i - 1] === undefined ? route[i + 1] : point,
    );
    const after = direction(
      route[i + 1] === undefined ? route[i - 1] : point,
      route[i + 1] ?? point,
    );
    const turn = before.x === after.x && before.y === after.y;
    return {
      x: point.x - (turn ? after.y : before.y + after.y) * distance,
      y: point.y + (turn ? after.x : before.x + after.x) * distance,
    };
  });
}

function direction(a: Point | undefined, b: Point | undefined): Point {
  const dx = (b?.x ?? 0) - (a?.x ?? 0);
  const dy = (b?.y ?? 0) - (a?.y ?? 0);
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  return { x: dx / length, y: dy / length };
}

function lane(
  from: CardBox,
  to: CardBox,
  points: readonly Point[],
  tickCount: number,
  tickShare: number,
): Lane {
  const length = points.reduce((sum, point, i) => sum + distance(points[i - 1] ?? point, point), 0);
  const bare: Lane = { from: from.node, to: to.node, points, length, ticks: [] };
  const ticks = Array.from({ length: tickCount }, (_, i) => {
    const at = { x: 0, y: 0 };
    const next = { x: 0, y: 0 };
    along(bare, (i + 1) * tickShare, at);
    along(bare, Math.min(1, (i + 1) * tickShare + 0.001), next);
    const ahead = direction(at, next);
    return { at, across: { x: -ahead.y, y: ahead.x } };
  });
  return { ...bare, ticks };
}

function distance(a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  return Math.sqrt(dx * dx + dy * dy);
}

/** The middle of a distribution, µs, near enough for a length on the stage. */
function middleUs(latency: Distribution): number {
  switch (latency.kind) {
    case "det":
      return latency.us;
    case "uniform":
      return (latency.fromUs + latency.toUs) / 2;
    case "exponential":
    case "normal":
      return latency.meanUs;
    case "lognormal":
      return latency.medianUs;
    case "pareto":
      return latency.leastUs;
    case "mix":
      return latency.parts.reduce((sum, { share, of }) => sum + share * middleUs(of), 0);
  }
}
