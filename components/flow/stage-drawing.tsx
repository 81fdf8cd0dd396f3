/** The stage's still parts as SVG: cards, chips, tubes, wires and the numbers on them. */

import type { Distribution } from "../../workers/kernel/scenario.ts";
import { durationText } from "../playback/time-text.ts";
import { type ChipBox, DISC_RADIUS, type Lane, type StageLayout, TUBE_SLOTS } from "./layout.ts";
import {
  type ChipScene,
  DEPTH_BAR_MAX,
  type LaneScene,
  type NodeScene,
  type Scene,
} from "./scene.ts";
import { countText, plural, statusText } from "./scene-text.ts";
import styles from "./stage.module.css";

/** Core lanes that fit on a card's head. */
const CORES_SHOWN = 8;

interface StageDrawingProps {
  readonly layout: StageLayout;
  readonly scene: Scene;
  /** Latency to write on each wire, µs, in the scenario's order of wires. */
  readonly latencies: readonly string[];
  readonly hasRun: boolean;
}

export function StageDrawing({ layout, scene, latencies, hasRun }: StageDrawingProps) {
  return (
    <svg
      className={styles["drawing"]}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      aria-hidden="true"
      focusable="false"
    >
      {layout.lanes.map((lane, i) => (
        <LaneDrawing
          key={`${lane.from}-${lane.to}`}
          lane={lane}
          scene={scene.lanes[i]}
          latency={i % 2 === 0 ? latencies[i / 2] : undefined}
          quiet={!hasRun}
        />
      ))}
      {layout.cards.map((card, i) => (
        <CardDrawing key={card.node} card={card} scene={scene.nodes[i]} />
      ))}
      {scene.chips.map((chip) =>
        chip.box.many ? (
          <CrowdDrawing key={chipKey(chip.box)} chip={chip} />
        ) : (
          <ChipDrawing key={chipKey(chip.box)} chip={chip} />
        ),
      )}
    </svg>
  );
}

export function chipKey(box: ChipBox): string {
  return `${box.node}-${box.slot}-${box.title}-${box.y}`;
}

function CardDrawing({
  card,
  scene,
}: {
  readonly card: StageLayout["cards"][number];
  readonly scene: NodeScene | undefined;
}) {
  const right = card.x + card.width - 16;
  const shown = Math.min(card.cores, CORES_SHOWN);
  const laneWidth = shown > 2 ? 9 : 14;
  const lanesX = right - shown * (laneWidth + 3) + 3;
  const word = card.cores === 1 ? "core" : `${card.cores} cores`;
  const hasRoom = card.x + 16 + (card.name.length + word.length + 2) * 7 < lanesX;
  return (
    <g data-down={scene?.up === false || undefined} className={styles["card"]}>
      <rect x={card.x} y={card.y} width={card.width} height={card.height} rx={8} />
      <text className={styles["node"]} x={card.x + 16} y={card.y + 24}>
        {card.name}
      </text>
      {Array.from({ length: shown }, (_, i) => {
        const x = lanesX + i * (laneWidth + 3);
        const busy = Math.min(1, Math.max(0, (scene?.busy ?? 0) - i));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a core has no other name than its place.
          <g key={i}>
            <rect
              className={styles["coreWell"]}
              x={x}
              y={card.y + 17}
              width={laneWidth}
              height={5}
              rx={1}
            />
            <rect
              className={styles["core"]}
              x={x}
              y={card.y + 17}
              width={Math.round(laneWidth * busy)}
              height={5}
              rx={1}
            />
          </g>
        );
      })}
      {hasRoom && (
        <text className={styles["cores"]} x={lanesX - 7} y={card.y + 24}>
          {word}
        </text>
      )}
    </g>
  );
}

function ChipDrawing({ chip }: { readonly chip: ChipScene }) {
  const { box } = chip;
  const slots = TUBE_SLOTS;
  const end = box.tubeX + slots * box.slotStep;
  const top = box.tubeY - 9;
  const crowded = chip.depth > slots;
  return (
    <g className={styles["chip"]} data-status={chip.status}>
      <text className={styles["name"]} x={box.tubeX} y={box.y + 18}>
        {box.title}
      </text>
      <text className={styles["status"]} x={end} y={box.y + 18}>
        {statusText(chip)}
      </text>
      <rect
        className={styles["well"]}
        x={box.tubeX}
        y={top}
        width={end - box.tubeX}
        height={18}
        rx={2}
      />
      <path
        className={styles["slots"]}
        d={Array.from(
          { length: slots - 1 },
          (_, i) => `M${box.tubeX + (i + 1) * box.slotStep} ${top + 6}v6`,
        ).join("")}
      />
      <path
        className={styles["tube"]}
        d={`M${box.tubeX} ${top}H${end}M${box.tubeX} ${top + 18}H${end}M${end} ${box.tubeY}H${box.discX - DISC_RADIUS}`}
      />
      <circle className={styles["disc"]} cx={box.discX} cy={box.tubeY} r={DISC_RADIUS - 1} />
      {chip.status === "dead" && (
        <path
          className={styles["cross"]}
          d={`M${box.discX - 5} ${box.tubeY - 5}l10 10m0 -10l-10 10`}
        />
      )}
      {crowded && <DepthTicks x={box.tubeX} y={box.tubeY + 13} width={end - box.tubeX} />}
      <text className={styles["count"]} x={box.tubeX} y={box.tubeY + 30}>
        {chip.depth === 0 ? (
          <tspan className={styles["faint"]}>no message waits</tspan>
        ) : (
          <>
            <tspan className={crowded ? styles["loud"] : undefined}>{countText(chip.depth)}</tspan>
            <tspan className={styles["faint"]}> waiting</tspan>
          </>
        )}
      </text>
      {chip.stale > 0 && <StaleCount x={end} y={box.tubeY + 30} count={chip.stale} />}
    </g>
  );
}

/** How many of the waiting are hollow: with the mark that says so, ending at `x`. */
function StaleCount({
  x,
  y,
  count,
}: {
  readonly x: number;
  readonly y: number;
  readonly count: number;
}) {
  const text = countText(count);
  return (
    <g>
      <circle className={styles["stale"]} cx={x - text.length * 7 - 9} cy={y - 4} r={3.4} />
      <text className={styles["staleCount"]} x={x} y={y}>
        {text}
      </text>
    </g>
  );
}

/** Marks at 10, 100 and 1,000 on the mailbox bar, whose length is logarithmic. */
function DepthTicks({
  x,
  y,
  width,
}: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}) {
  const decades = String(DEPTH_BAR_MAX).length - 1;
  const at = (decade: number) => x + Math.round((width * decade) / decades);
  return (
    <g className={styles["ticks"]}>
      <rect x={x} y={y} width={width} height={3} />
      <path d={[1, 2, 3].map((d) => `M${at(d)} ${y - 1}v5`).join("")} />
    </g>
  );
}

function CrowdDrawing({ chip }: { readonly chip: ChipScene }) {
  const { box } = chip;
  const x = box.tubeX;
  return (
    <g className={styles["chip"]} data-status={chip.status}>
      <text className={styles["name"]} x={x} y={box.y + 18}>
        {plural(box.title)}
      </text>
      <text className={styles["big"]} x={x} y={box.y + 52}>
        {countText(chip.alive)}
        <tspan className={styles["unit"]} dx={6}>
          alive
        </tspan>
      </text>
      <text className={styles["count"]} x={x} y={box.y + 76}>
        <tspan>{countText(chip.waiting)}</tspan>
        <tspan className={styles["faint"]}> wait on a call</tspan>
      </text>
      <text className={styles["count"]} x={x} y={box.y + 94}>
        <tspan className={chip.gaveUp > 0 ? styles["amber"] : styles["faint"]}>
          {countText(chip.gaveUp)} gave up
        </tspan>
      </text>
    </g>
  );
}

function LaneDrawing({
  lane,
  scene,
  latency,
  quiet,
}: {
  readonly lane: Lane;
  readonly scene: LaneScene | undefined;
  readonly latency: string | undefined;
  readonly quiet: boolean;
}) {
  const path = lane.points.map((p, i) => `${i === 0 ? "M" : "L"}${p.x} ${p.y}`).join("");
  const last = lane.points[lane.points.length - 1];
  const before = lane.points[lane.points.length - 2];
  const a = lane.points[0];
  const b = lane.points[1];
  if (!last || !before || !a || !b) return null;
  const length = Math.hypot(last.x - before.x, last.y - before.y) || 1;
  const ux = (last.x - before.x) / length;
  const uy = (last.y - before.y) / length;
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const first = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const side = { x: -(b.y - a.y) / first, y: (b.x - a.x) / first };
  const upright = Math.abs(side.x) > Math.abs(side.y);
  const rate = quiet ? "" : `${countText(scene?.perSecond ?? 0)}/s`;
  return (
    <g className={styles["lane"]}>
      <path className={styles["line"]} d={path} />
      <path
        className={styles["isochrones"]}
        d={lane.ticks
          .map(
            ({ at, across }) =>
              `M${at.x - across.x * 3} ${at.y - across.y * 3}l${across.x * 6} ${across.y * 6}`,
          )
          .join("")}
      />
      <path
        className={styles["arrow"]}
        d={`M${last.x - ux * 7 - uy * 4} ${last.y - uy * 7 + ux * 4}L${last.x - ux} ${last.y - uy}L${last.x - ux * 7 + uy * 4} ${last.y - uy * 7 - ux * 4}`}
      />
      <text
        className={styles["rate"]}
        data-anchor={upright ? (side.x > 0 ? "start" : "end") : "middle"}
        x={middle.x + side.x * 16}
        y={middle.y + side.y * 20 + 4}
      >
        {rate}
      </text>
      {latency !== undefined && (
        <text
          className={styles["latency"]}
          data-anchor={upright ? "start" : "middle"}
          x={upright ? middle.x + (side.x > 0 ? 16 : 32) : middle.x}
          y={upright ? middle.y + 22 : middle.y + side.y * 20 + 4 + (side.y > 0 ? 16 : -16)}
        >
          {latency}
        </text>
      )}
    </g>
  );
}

/** A wire's latency in a few characters: `1 ms`, `2–8 ms`, `≈ 5 ms`. */
export function latencyText(latency: Distribution): string {
  switch (latency.kind) {
    case "det":
      return durationText(latency.us);
    case "uniform":
      return `${durationText(latency.fromUs)} – ${durationText(latency.toUs)}`;
    case "exponential":
    case "normal":
      return `≈ ${durationText(latency.meanUs)}`;
    case "lognormal":
      return `≈ ${durationText(latency.medianUs)}`;
    case "pareto":
      return `≥ ${durationText(latency.leastUs)}`;
    case "mix":
      return latency.parts.map(({ of }) => latencyText(of)).join(" or ");
  }
}
