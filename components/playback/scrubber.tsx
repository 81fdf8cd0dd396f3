"use client";

import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from "react";
import type { Band } from "./band.ts";
import { density, densityPath } from "./density.ts";
import type { Playhead } from "./playhead.ts";
import { secondsText } from "./time-text.ts";
import type { TraceSource } from "./trace-source.ts";
import styles from "./transport.module.css";
import { usePlayhead } from "./use-playhead.ts";

interface ScrubberProps {
  readonly source: TraceSource;
  readonly playhead: Playhead;
  readonly bands: readonly Band[];
}

const BUCKETS = 240;
const HEIGHT = 28;

/** The whole run on one line: how much happened when, the load's phases, and the play-head to drag. */
export function Scrubber({ source, playhead, bands }: ScrubberProps) {
  const now = usePlayhead(playhead);
  const track = useRef<HTMLDivElement>(null);
  const { trace } = source;
  const rows = trace.rowCount;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the trace grows in place; `rows` says that it did.
  const shape = useMemo(
    () => densityPath(density(trace, now.horizonUs, BUCKETS), HEIGHT),
    [trace, rows, now.horizonUs],
  );
  const share = (us: number) => `${(us / now.horizonUs) * 100}%`;

  const drag = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined) return;
    playhead.seek(((event.clientX - box.left) / box.width) * now.horizonUs);
  };
  const press = (event: KeyboardEvent) => {
    // What React heard last may be a tenth of a second old: keys go on from the very moment.
    const us = keyTarget(event, playhead.snapshot().atUs, now.horizonUs);
    if (us === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    playhead.pause();
    playhead.seek(us);
  };

  return (
    <div className={styles["scrubber"]}>
      <div
        ref={track}
        className={styles["track"]}
        role="slider"
        tabIndex={0}
        aria-label="Virtual time"
        aria-valuemin={0}
        aria-valuemax={now.horizonUs / 1_000_000}
        aria-valuenow={Math.round(now.atUs / 1000) / 1000}
        aria-valuetext={`${secondsText(now.atUs)}${bandText(bands, now.atUs)}`}
        onKeyDown={press}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          playhead.pause();
          drag(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event);
        }}
      >
        <svg viewBox={`0 0 ${BUCKETS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={shape} />
        </svg>
        {bands.slice(1).map((band) => (
          <span key={band.fromUs} className={styles["edge"]} style={{ left: share(band.fromUs) }} />
        ))}
        {now.recordedUs < now.horizonUs && (
          <span className={styles["unrecorded"]} style={{ left: share(now.recordedUs) }} />
        )}
        <span className={styles["passed"]} style={{ width: share(now.atUs) }} />
        <span className={styles["head"]} style={{ left: share(now.atUs) }} />
      </div>
      <div className={styles["bands"]} aria-hidden="true">
        {bands.map((band) => (
          <span
            key={band.fromUs}
            data-here={(now.atUs >= band.fromUs && now.atUs < band.toUs) || undefined}
            style={{ left: share(band.fromUs), width: share(band.toUs - band.fromUs) }}
          >
            {band.label}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Where a slider key leads: an arrow a hundredth, a page key a tenth, Home and End the ends. */
function keyTarget(event: KeyboardEvent, atUs: number, horizonUs: number): number | undefined {
  switch (event.key) {
    case "ArrowRight":
    case "ArrowUp":
      return atUs + horizonUs / 100;
    case "ArrowLeft":
    case "ArrowDown":
      return atUs - horizonUs / 100;
    case "PageUp":
      return atUs + horizonUs / 10;
    case "PageDown":
      return atUs - horizonUs / 10;
    case "Home":
      return 0;
    case "End":
      return horizonUs;
    default:
      return undefined;
  }
}

function bandText(bands: readonly Band[], atUs: number): string {
  const here = bands.find((band) => atUs >= band.fromUs && atUs < band.toUs);
  return here === undefined ? "" : `, ${here.label}`;
}
