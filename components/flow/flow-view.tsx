"use client";

import {
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Scenario } from "../../workers/kernel/scenario.ts";
import { SIGNAL } from "../../workers/kernel/trace.ts";
import { type Playhead, SPEEDS } from "../playback/playhead.ts";
import { pressKey } from "../playback/playhead-keys.ts";
import { speedText } from "../playback/time-text.ts";
import type { TraceSource } from "../playback/trace-source.ts";
import { usePlayhead } from "../playback/use-playhead.ts";
import { namesOf } from "./event-sentence.ts";
import { Glyph } from "./glyph.tsx";
import { indexOf } from "./index-of.ts";
import { type ChipBox, expectedChips, type FlowLayout, layoutStage } from "./layout.ts";
import { Lens } from "./lens.tsx";
import { toneOf } from "./palette.ts";
import { type ChipScene, createDots, dotNear, PLACE, sceneAt, viewAt } from "./scene.ts";
import { chipText, countText, sceneText } from "./scene-text.ts";
import { processOf, type Selection } from "./selection.ts";
import { slotChips } from "./slot-chips.ts";
import styles from "./stage.module.css";
import { chipKey, latencyText, StageDrawing } from "./stage-drawing.tsx";
import { createStageLoop, type StageLoop } from "./stage-loop.ts";
import { NONE } from "./tables.ts";

interface FlowViewProps {
  readonly source: TraceSource;
  readonly scenario: Scenario;
  readonly playhead: Playhead;
  readonly layout?: FlowLayout;
  /** Registered names in the order in which their chips stand. */
  readonly pinned?: readonly string[];
  /** Told of every pick; undefined when it is given up. */
  readonly onSelect?: (selection: Selection | undefined) => void;
}

/** A stage before its width is known: drawn at this width and scaled by the browser. */
const WIDTH_AT_FIRST = 720;
/** A dot catches a pointer this near; on a chip, whose own target is larger, only closer ones do. */
const REACH_OPEN = 22;
const REACH_ON_CHIP = 7;
/** A flight shorter than this much real time cannot be followed; speeds are offered that give it. */
const FLIGHT_MS_LEGIBLE = 120;
const FLIGHT_MS_OFFERED = 500;
const NO_NAMES: readonly string[] = [];

/** The message-flow picture: every message a dot, every mailbox a tube, all a function of the play-head. */
export function FlowView({
  source,
  scenario,
  playhead,
  layout: custom,
  pinned,
  onSelect,
}: FlowViewProps) {
  const now = usePlayhead(playhead);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const loop = useRef<StageLoop>(null);
  const [width, setWidth] = useState(WIDTH_AT_FIRST);
  const [selection, setSelection] = useState<Selection>();
  const [buffer] = useState(createDots);
  const hint = useId();

  const index = indexOf(source.trace, scenario);
  const hasRun = index.rowCount > 0;
  const { slotsVersion } = index;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the index grows in place; its slots change only with this number.
  const chips = useMemo(
    () => slotChips(index, expectedChips(scenario), pinned ?? NO_NAMES),
    [index, slotsVersion, scenario, pinned],
  );
  const layout = useMemo(
    () => layoutStage(scenario, chips, width, custom),
    [scenario, chips, width, custom],
  );
  const view = viewAt(now.speed);
  const scene = sceneAt(index, layout, now.atUs, view, buffer);
  const names = useMemo(
    () =>
      namesOf(
        index,
        scenario.nodes.map((node) => node.name),
      ),
    [index, scenario],
  );
  const selected = selection?.kind === "message" ? index.messages.find(selection.message) : -1;

  useEffect(() => {
    if (canvas.current === null || stage.current === null) return;
    const element = stage.current;
    const drawing = createStageLoop(canvas.current, playhead);
    loop.current = drawing;
    const resize = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(280, Math.round(entry.contentRect.width)));
    });
    resize.observe(element);
    const seen = new IntersectionObserver(([entry]) =>
      drawing.setVisible(entry?.isIntersecting ?? true),
    );
    seen.observe(element);
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const follow = () => playhead.setStepped(calm.matches);
    follow();
    calm.addEventListener("change", follow);
    return () => {
      resize.disconnect();
      seen.disconnect();
      calm.removeEventListener("change", follow);
      drawing.stop();
      loop.current = null;
    };
  }, [playhead]);

  useEffect(() => {
    loop.current?.show({ index, layout, selected: selected === NONE ? -1 : selected });
  }, [index, layout, selected]);

  const pick = (next: Selection | undefined) => {
    setSelection(next);
    onSelect?.(next);
  };

  /** Picks the message under the pointer; false when there is none within reach. */
  const pickDot = (event: MouseEvent, reach: number): boolean => {
    const box = stage.current?.getBoundingClientRect();
    const dots = loop.current?.dots;
    if (box === undefined || dots === undefined || event.detail === 0) return false;
    const ratio = layout.width / box.width;
    const found = dotNear(
      dots,
      (event.clientX - box.left) * ratio,
      (event.clientY - box.top) * ratio,
      reach,
    );
    if (found < 0) return false;
    pick({ kind: "message", message: index.messages.id[dots.message[found] as number] as number });
    return true;
  };

  const pickChip = (event: MouseEvent, chip: ChipScene) => {
    event.stopPropagation();
    if (pickDot(event, REACH_ON_CHIP)) return;
    if (chip.box.many) pick({ kind: "crowd", slot: chip.box.slot });
    else if (chip.process !== 0) pick({ kind: "process", process: chip.process });
  };

  const press = (event: KeyboardEvent) => {
    // A chip's own button keeps Space and Enter for picking it.
    if (event.key === " " && event.target !== stage.current) return;
    if (event.key === "Escape") pick(undefined);
    else if (event.key === "[" || event.key === "]") pickNext(event.key === "]" ? 1 : -1);
    else if (!pressKey(event, playhead, processOf(selection))) return;
    event.preventDefault();
  };

  /** Walks through the messages under way, the way to them without a pointer. */
  const pickNext = (direction: 1 | -1) => {
    const travelling: number[] = [];
    const { dots } = scene;
    for (let i = 0; i < dots.count; i++) {
      if (dots.place[i] === PLACE.wire || dots.place[i] === PLACE.mailbox) {
        travelling.push(dots.message[i] as number);
      }
    }
    if (travelling.length === 0) return;
    const at = travelling.indexOf(selected);
    const start = direction === 1 ? -1 : 0;
    const next = ((at < 0 ? start : at) + direction + travelling.length) % travelling.length;
    pick({ kind: "message", message: index.messages.id[travelling[next] as number] as number });
  };

  const latencies = useMemo(
    () => scenario.wires.map((wire) => latencyText(wire.latency)),
    [scenario],
  );
  const fit = hasRun ? speedThatFits(index.flightUsMax, now.speed) : undefined;

  return (
    <section className={styles["view"]} aria-label="Message flow">
      <div className={styles["frame"]} data-lens={selection !== undefined || undefined}>
        <div className={styles["main"]}>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's. */}
          <div
            ref={stage}
            className={styles["stage"]}
            role="group"
            aria-label="Stage"
            aria-describedby={hint}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the stage takes the play-back keys.
            tabIndex={0}
            onKeyDown={press}
            onClick={(event) => {
              if (!pickDot(event, REACH_OPEN)) pick(undefined);
            }}
          >
            <StageDrawing layout={layout} scene={scene} latencies={latencies} hasRun={hasRun} />
            {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus; the mirror below says what it shows. */}
            <canvas ref={canvas} className={styles["dots"]} aria-hidden="true" />
            {scene.chips.map((chip) => (
              <button
                key={chipKey(chip.box)}
                type="button"
                className={styles["target"]}
                style={place(chip.box, layout.width, layout.height)}
                aria-label={chipText(chip)}
                aria-pressed={isPicked(chip, selection)}
                disabled={!hasRun || (!chip.box.many && chip.process === 0)}
                onClick={(event) => pickChip(event, chip)}
              />
            ))}
            {!hasRun && <p className={styles["empty"]}>Run to see the messages move</p>}
            <p id={hint} className={styles["hidden"]}>
              Space plays and pauses, left and right arrow step by an event, square brackets pick
              messages.
            </p>
          </div>
          <div className={styles["foot"]}>
            <Legend
              signals={signalsOf(index.messages.signal, index.messages.count)}
              hasLosses={scene.lost > 0}
            />
            {fit !== undefined && (
              <button
                type="button"
                className={styles["tooFast"]}
                onClick={() => playhead.setSpeed(fit)}
              >
                Too fast to follow: slow to {speedText(fit)}
              </button>
            )}
            <p className={styles["totals"]}>
              {countText(scene.inFlight)} in flight · {countText(scene.sent)} sent
              {scene.lost > 0 && ` · ${countText(scene.lost)} lost`}
            </p>
          </div>
          <pre className={styles["hidden"]} data-mirror="">
            {sceneText(scene, names.node)}
          </pre>
        </div>
        {selection !== undefined && (
          <Lens
            selection={selection}
            index={index}
            atUs={now.atUs}
            names={names}
            onSelect={pick}
            onSeek={(us) => {
              playhead.pause();
              playhead.seek(us);
            }}
          />
        )}
      </div>
    </section>
  );
}

function Legend({
  signals,
  hasLosses,
}: {
  readonly signals: readonly number[];
  readonly hasLosses: boolean;
}) {
  return (
    <ul className={styles["legend"]} aria-label="Marks">
      {signals.map((signal) => (
        <li key={signal}>
          <Glyph signal={signal} />
          {toneOf(signal).word}
        </li>
      ))}
      {signals.includes(SIGNAL.call) && (
        <li>
          <Glyph signal={SIGNAL.call} hollow />
          caller gave up
        </li>
      )}
      {hasLosses && (
        <li>
          <svg
            className={styles["lossMark"]}
            width="12"
            height="12"
            viewBox="-6 -6 12 12"
            aria-hidden="true"
          >
            <path d="M-4 -4L4 4M4 -4L-4 4" />
          </svg>
          lost
        </li>
      )}
    </ul>
  );
}

/** The kinds of message to explain: those seen among the first thousands, or the usual two before a run. */
function signalsOf(signal: Uint8Array, count: number): readonly number[] {
  if (count === 0) return [SIGNAL.call, SIGNAL.reply];
  const seen = new Set(signal.subarray(0, Math.min(count, 4096)));
  return [...seen].filter((s) => s !== SIGNAL.none).sort((a, b) => a - b);
}

/** The fastest speed at which a flight can be followed; undefined when the speed is slow enough. */
function speedThatFits(flightUs: number, speed: number): number | undefined {
  if (flightUs === 0 || flightUs / speed / 1000 >= FLIGHT_MS_LEGIBLE) return undefined;
  const limit = flightUs / 1000 / FLIGHT_MS_OFFERED;
  return [...SPEEDS].reverse().find((s) => s <= limit) ?? SPEEDS[0];
}

function isPicked(chip: ChipScene, selection: Selection | undefined): boolean {
  if (selection?.kind === "process") return chip.process === selection.process;
  return selection?.kind === "crowd" && chip.box.many && chip.box.slot === selection.slot;
}

/** A chip's place as shares of the stage, so that it fits before the width is known as well. */
function place(box: ChipBox, width: number, height: number) {
  return {
    left: `${(box.x / width) * 100}%`,
    top: `${(box.y / height) * 100}%`,
    width: `${(box.width / width) * 100}%`,
    height: `${(box.height / height) * 100}%`,
  };
}
