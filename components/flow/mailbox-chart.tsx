"use client";

import { scaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Scenario } from "../../workers/kernel/scenario.ts";
import type { Playhead } from "../playback/playhead.ts";
import { secondsText } from "../playback/time-text.ts";
import type { TraceSource } from "../playback/trace-source.ts";
import { usePlayhead } from "../playback/use-playhead.ts";
import { depthAt, depthPeaks } from "./depth-path.ts";
import { indexOf } from "./index-of.ts";
import styles from "./mailbox-chart.module.css";
import { countText } from "./scene-text.ts";

interface MailboxChartProps {
  readonly source: TraceSource;
  readonly scenario: Scenario;
  readonly playhead: Playhead;
  /** The registered name of the process. */
  readonly process: string;
  /** CSS pixels of the plot. Default 88. */
  readonly height?: number;
}

const WIDTH_AT_FIRST = 640;
const HEADROOM = 6;

/** How many messages waited for one process, over the whole run; on the scrubber's scale. */
export function MailboxChart({
  source,
  scenario,
  playhead,
  process,
  height = 88,
}: MailboxChartProps) {
  const now = usePlayhead(playhead);
  const plot = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(WIDTH_AT_FIRST);
  useEffect(() => {
    if (plot.current === null) return;
    const resize = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(160, Math.round(entry.contentRect.width)));
    });
    resize.observe(plot.current);
    return () => resize.disconnect();
  }, []);

  const index = indexOf(source.trace, scenario);
  const slot = index.slots.find((s) => s.title === process && s.members > 0 && !s.many);
  const series = slot === undefined ? undefined : index.depths.get(slot.index);
  const changes = series?.count ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the series grows in place; `changes` says that it did.
  const { path, fill, ticks } = useMemo(() => {
    const { peaks, known } = depthPeaks(series, now.horizonUs, width);
    const most = peaks.reduce((max, peak) => Math.max(max, peak), 0);
    const y = scaleLinear([0, Math.max(10, most)], [height, HEADROOM]).nice(3);
    const step = width / peaks.length;
    const shown = Array.from(peaks.subarray(0, known));
    const x = (_: number, i: number) => i * step;
    return {
      path: line<number>(x, (d) => y(d)).curve(curveStepAfter)(shown) ?? "",
      fill: area<number>(x, height, (d) => y(d)).curve(curveStepAfter)(shown) ?? "",
      ticks: y.ticks(3).map((value) => ({ value, y: y(value) })),
    };
  }, [series, changes, now.horizonUs, width, height]);
  const headX = (now.atUs / now.horizonUs) * width;
  const depth = depthAt(series, now.atUs);
  const jump = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    playhead.seek(((event.clientX - box.left) / box.width) * now.horizonUs);
  };

  return (
    <figure className={styles["chart"]}>
      <figcaption className={styles["caption"]}>
        <span>
          Mailbox of <code>{process}</code>
        </span>
        <output
          className={styles["depth"]}
          aria-label={`Messages waiting at ${secondsText(now.atUs)}`}
          aria-live="off"
        >
          {countText(depth)}
        </output>
      </figcaption>
      {/* The scrubber above moves the same play-head by keyboard; this plot adds pointing only. */}
      <div
        ref={plot}
        className={styles["plot"]}
        style={{ height }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          playhead.pause();
          jump(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) jump(event);
        }}
      >
        <svg
          width="100%"
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {ticks.map((tick) => (
            <path
              key={tick.value}
              className={styles["grid"]}
              d={`M0 ${Math.round(tick.y) + 0.5}H${width}`}
            />
          ))}
          <path className={styles["fill"]} d={fill} />
          <path className={styles["line"]} d={path} />
          <path className={styles["head"]} d={`M${headX} 0V${height}`} />
          <circle className={styles["point"]} cx={headX} cy={yOf(ticks, depth, height)} r={3.5} />
        </svg>
        {ticks.slice(1).map((tick) => (
          <span key={tick.value} className={styles["tick"]} style={{ top: tick.y }}>
            {countText(tick.value)}
          </span>
        ))}
      </div>
    </figure>
  );
}

/** The height of a depth, from two ticks of the linear scale. */
function yOf(
  ticks: readonly { value: number; y: number }[],
  depth: number,
  height: number,
): number {
  const [zero, next] = ticks;
  if (zero === undefined || next === undefined) return height;
  return zero.y + ((next.y - zero.y) * (depth - zero.value)) / (next.value - zero.value);
}
