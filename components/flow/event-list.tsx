"use client";

import { now as realMs } from "d3-timer";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Scenario } from "../../workers/kernel/scenario.ts";
import type { Playhead } from "../playback/playhead.ts";
import { preciseText } from "../playback/time-text.ts";
import type { TraceSource } from "../playback/trace-source.ts";
import { usePlayhead } from "../playback/use-playhead.ts";
import styles from "./event-list.module.css";
import { eventSentence, namesOf } from "./event-sentence.ts";
import { eventWindow } from "./event-window.ts";
import { indexOf } from "./index-of.ts";
import { expectedChips, layoutStage } from "./layout.ts";
import { sceneAt, viewAt } from "./scene.ts";
import { sceneSummary } from "./scene-text.ts";
import { slotChips } from "./slot-chips.ts";

interface EventListProps {
  readonly source: TraceSource;
  readonly scenario: Scenario;
  readonly playhead: Playhead;
  /** Number in the trace of the process picked on the stage; offered as a filter. */
  readonly selected?: number | undefined;
}

/** Least real time between two sentences of the live region. */
const ANNOUNCE_MS = 2000;
const NO_NAMES: readonly string[] = [];

/** The run as text around the play-head: what the stage shows, in sentences that can be read and clicked. */
export function EventList({ source, scenario, playhead, selected = 0 }: EventListProps) {
  const now = usePlayhead(playhead);
  const list = useRef<HTMLOListElement>(null);
  const [filter, setFilter] = useState(0);
  /** A row that the reader moved the window to, and the moment at which they did; 0 rows = follow. */
  const [anchor, setAnchor] = useState<{ row: number; atUs: number }>();
  const index = indexOf(source.trace, scenario);
  const { trace } = index;
  const names = useMemo(
    () =>
      namesOf(
        index,
        scenario.nodes.map((n) => n.name),
      ),
    [index, scenario],
  );
  const current = trace.upperBound(now.atUs) - 1;
  const middle = anchor !== undefined && anchor.atUs === now.atUs ? anchor.row : current;
  const { rows, hasEarlier, hasLater } = eventWindow(trace, middle, filter);
  const summary = useSummary(source, scenario, playhead);

  const here = rows.findLast((row) => row <= current);
  useEffect(() => {
    const box = list.current;
    const item = box?.querySelector<HTMLElement>(`[data-row="${here ?? -1}"]`);
    if (box == null || item == null || anchor?.atUs === now.atUs) return;
    // Scrolls the list alone: scrollIntoView would move the page under the reader.
    box.scrollTop = item.offsetTop - box.clientHeight / 2 + item.offsetHeight / 2;
  }, [here, anchor, now.atUs]);

  const processes = named(index.processes, names.process, selected);
  return (
    <section className={styles["events"]} aria-label="Events">
      <div className={styles["bar"]}>
        <h3 className={styles["title"]}>Events</h3>
        <label className={styles["filter"]}>
          <span>Of</span>
          <select value={filter} onChange={(event) => setFilter(Number(event.target.value))}>
            <option value={0}>everyone</option>
            {processes.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className={styles["hidden"]} role="status">
        {summary}
      </p>
      {rows.length === 0 ? (
        <p className={styles["empty"]}>Nothing has happened yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        <ol ref={list} className={styles["list"]} tabIndex={0}>
          {hasEarlier && (
            <li>
              <button
                type="button"
                className={styles["more"]}
                onClick={() => setAnchor({ row: rows[0] ?? 0, atUs: now.atUs })}
              >
                Show earlier events
              </button>
            </li>
          )}
          {rows.map((row) => (
            <li key={row} data-row={row} data-when={row > current ? "later" : undefined}>
              <button
                type="button"
                className={styles["row"]}
                aria-current={row === here ? "step" : undefined}
                onClick={() => {
                  playhead.pause();
                  playhead.seek(trace.atOf(row));
                }}
              >
                <span className={styles["time"]}>{preciseText(trace.atOf(row))} s</span>
                <span className={styles["sentence"]}>{eventSentence(trace, row, names)}</span>
              </button>
            </li>
          ))}
          {hasLater && (
            <li>
              <button
                type="button"
                className={styles["more"]}
                onClick={() => setAnchor({ row: rows[rows.length - 1] ?? 0, atUs: now.atUs })}
              >
                Show later events
              </button>
            </li>
          )}
        </ol>
      )}
    </section>
  );
}

/** Processes with a registered name, and the one picked on the stage. At most 40. */
function named(
  table: { count: number; id: Uint32Array; name: readonly (string | undefined)[] },
  nameOf: (id: number) => string,
  selected: number,
): { id: number; name: string }[] {
  const found: { id: number; name: string }[] = [];
  for (let p = 0; p < table.count && found.length < 40; p++) {
    const id = table.id[p] as number;
    if (table.name[p] !== undefined || id === selected) found.push({ id, name: nameOf(id) });
  }
  return found;
}

/** A sentence on the moment, renewed at most every two seconds. */
function useSummary(source: TraceSource, scenario: Scenario, playhead: Playhead): string {
  const now = usePlayhead(playhead);
  const [summary, setSummary] = useState("");
  const saidMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const ms = realMs();
    if (source.trace.rowCount === 0 || ms - saidMs.current < ANNOUNCE_MS) return;
    saidMs.current = ms;
    const index = indexOf(source.trace, scenario);
    const layout = layoutStage(scenario, slotChips(index, expectedChips(scenario), NO_NAMES), 720);
    setSummary(sceneSummary(sceneAt(index, layout, now.atUs, viewAt(now.speed))));
  }, [source, scenario, now]);
  return summary;
}
