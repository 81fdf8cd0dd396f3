"use client";

import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import type { FaultDesk } from "../sandbox/fault-desk.ts";
import { type Edge, endUs, isInstant, movedTo, resized, stepUs } from "../sandbox/fault-plan.ts";
import { roomOf, rowsOf, type Spot } from "../sandbox/fault-rows.ts";
import { faultLabel, faultSpoken, faultTimes, faultTimesBrief } from "../sandbox/fault-text.ts";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./fault-bands.module.css";
import { isSame } from "./same-faults.ts";

interface FaultBandsProps {
  readonly desk: FaultDesk;
  readonly horizonUs: number;
  /** Opens the little editor of a fault. */
  onEdit(index: number): void;
  /** Opens the list of all faults, for those that have no row. */
  onMore(): void;
}

/** A fault under the hand, not yet let go. */
interface Draft {
  readonly index: number;
  readonly fault: FaultSpec;
}

/** A pointer that holds a fault: at what, since where, and what the fault was then. */
interface Grip {
  readonly edge: Edge | undefined;
  readonly x: number;
  readonly index: number;
  readonly fault: FaultSpec;
  hasMoved: boolean;
}

/** A row's height, CSS pixels: 28 to hit and 2 between. */
const ROW = 30;
/** A press that goes no further is a click. */
const CLICK_PX = 3;
/** After the last arrow key, real milliseconds until the run is made again. */
const KEY_MS = 600;
/** The label's letters, CSS pixels, a little on the safe side. */
const LETTER_PX = 6.9;
const LABEL_PX = 18;
const WIDTH_AT_FIRST = 640;

/**
 * The faults of the run under its time line, each to be dragged by its body or its ends. The run is
 * made again when the hand lets go, never on the way.
 */
export function FaultBands({ desk, horizonUs, onEdit, onMore }: FaultBandsProps) {
  const { plan } = desk;
  const line = useRef<HTMLUListElement>(null);
  const grip = useRef<Grip>(undefined);
  const wasDragged = useRef(false);
  const [width, setWidth] = useState(WIDTH_AT_FIRST);
  const [draft, drawDraft] = useState<Draft>();
  /** The draft itself: what is drawn may be a moment behind, and a fault is let go of only once. */
  const due = useRef<Draft>(undefined);
  const [byKeys, setByKeys] = useState(false);
  const hint = useId();
  const commit = useRef<() => void>(undefined);

  const hasFaults = plan.length > 0;
  useLayoutEffect(() => {
    const element = line.current;
    if (!hasFaults || element === null) return;
    const resize = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(entry.contentRect.width);
    });
    resize.observe(element);
    return () => resize.disconnect();
  }, [hasFaults]);

  const setDraft = (next: Draft | undefined) => {
    due.current = next;
    drawDraft(next);
  };
  const letGo = () => {
    const last = due.current;
    setDraft(undefined);
    setByKeys(false);
    const before = last && plan[last.index];
    if (last === undefined || before === undefined || isSame(last.fault, before)) return;
    desk.change(last.index, last.fault);
  };
  useLayoutEffect(() => {
    commit.current = letGo;
  });
  useLayoutEffect(() => () => commit.current?.(), []);

  // Keys have no "let go": a pause is one, and so is another stage's coming.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each key gives another draft, and time anew.
  useEffect(() => {
    if (!byKeys) return;
    const timer = setTimeout(() => commit.current?.(), KEY_MS);
    return () => clearTimeout(timer);
  }, [byKeys, draft]);

  if (!hasFaults) return null;

  const usPerPx = horizonUs / width;
  const labelUs = (fault: FaultSpec) => (faultLabel(fault).length * LETTER_PX + LABEL_PX) * usPerPx;
  const { spots, rowCount, moreCount } = rowsOf(plan, horizonUs, labelUs);

  const grab = (event: PointerEvent<HTMLElement>, index: number, edge?: Edge) => {
    const fault = due.current?.index === index ? due.current.fault : plan[index];
    if (event.button !== 0 || fault === undefined) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    commit.current?.();
    grip.current = { edge, x: event.clientX, index, fault, hasMoved: false };
    wasDragged.current = false;
  };

  const drag = (event: PointerEvent) => {
    const held = grip.current;
    if (held === undefined) return;
    const px = event.clientX - held.x;
    if (!held.hasMoved && Math.abs(px) <= CLICK_PX) return;
    held.hasMoved = true;
    wasDragged.current = true;
    setDraft({ index: held.index, fault: shifted(held.fault, held.edge, px * usPerPx, horizonUs) });
  };

  const drop = () => {
    if (grip.current?.hasMoved) letGo();
    grip.current = undefined;
  };

  const giveUp = () => {
    grip.current = undefined;
    setByKeys(false);
    setDraft(undefined);
  };

  const press = (event: KeyboardEvent, index: number) => {
    const moving = due.current;
    const fault = moving?.index === index ? moving.fault : (plan[index] as FaultSpec);
    const direction = DIRECTIONS[event.key];
    if (direction !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const edge = event.shiftKey ? "until" : undefined;
      const next = shifted(fault, edge, direction * stepUs(horizonUs), horizonUs);
      setDraft({ index, fault: next });
      setByKeys(true);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      giveUp();
      desk.remove(index);
    } else if (event.key === "Escape" && moving !== undefined) giveUp();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const pressRow = (event: KeyboardEvent) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z";
    if (!isUndo) return;
    event.preventDefault();
    giveUp();
    desk.undo();
  };

  return (
    <section className={styles["faults"]} aria-label="Faults" onKeyDown={pressRow}>
      <ul ref={line} className={styles["rows"]} style={{ height: rowCount * ROW }}>
        {spots
          .toSorted((a, b) => a.index - b.index)
          .map((spot) => {
            const { index } = spot;
            const isHeld = draft?.index === index;
            const fault = isHeld ? draft.fault : (plan[index] as FaultSpec);
            return (
              <Band
                key={index}
                fault={fault}
                spot={isHeld ? { ...spot, ...roomOf(fault, labelUs(fault), horizonUs) } : spot}
                isHeld={isHeld}
                horizonUs={horizonUs}
                hint={hint}
                onGrab={(event, edge) => grab(event, index, edge)}
                onDrag={drag}
                onDrop={drop}
                onGiveUp={giveUp}
                onPress={(event) => press(event, index)}
                onBlur={() => {
                  if (isHeld && byKeys) letGo();
                }}
                onClick={() => {
                  if (wasDragged.current) wasDragged.current = false;
                  else {
                    letGo();
                    onEdit(index);
                  }
                }}
              />
            );
          })}
      </ul>
      {moreCount > 0 && (
        <button type="button" className={styles["more"]} onClick={onMore}>
          +{moreCount} more
        </button>
      )}
      <VisuallyHidden>
        <span id={hint}>
          Arrow keys move it, Shift with an arrow moves its end, Enter opens its figures, Delete
          removes it.
        </span>
        <span role="status">
          {draft && byKeys && `${faultSpoken(draft.fault)}, ${faultTimes(draft.fault, horizonUs)}`}
        </span>
      </VisuallyHidden>
    </section>
  );
}

interface BandProps {
  readonly fault: FaultSpec;
  readonly spot: Spot;
  readonly isHeld: boolean;
  readonly horizonUs: number;
  readonly hint: string;
  onGrab(event: PointerEvent<HTMLElement>, edge?: Edge): void;
  onDrag(event: PointerEvent): void;
  onDrop(): void;
  onGiveUp(): void;
  onPress(event: KeyboardEvent): void;
  onBlur(): void;
  onClick(): void;
}

/** One fault: a band with two ends, or a flag where it strikes. */
function Band({ fault, spot, isHeld, horizonUs, hint, ...on }: BandProps) {
  const share = (us: number) => `${(us / horizonUs) * 100}%`;
  const fromUs = fault.atUs;
  const untilUs = endUs(fault, horizonUs);
  const label = isHeld ? faultTimesBrief(fault, horizonUs) : faultLabel(fault);
  const moves = {
    onPointerMove: on.onDrag,
    onPointerUp: on.onDrop,
    onPointerCancel: on.onGiveUp,
  };
  const room = spot.toUs - spot.fromUs;
  const inRoom = (us: number) => `${room > 0 ? ((us - spot.fromUs) / room) * 100 : 0}%`;
  return (
    <li
      className={styles["spot"]}
      data-held={isHeld || undefined}
      style={{ left: share(spot.fromUs), width: share(room), top: spot.row * ROW }}
    >
      <button
        type="button"
        className={styles["band"]}
        data-keep={`fault-${spot.index}`}
        data-label={spot.label}
        aria-label={`${faultLabel(fault)}, ${faultTimes(fault, horizonUs)}`}
        aria-describedby={hint}
        title={`${faultLabel(fault)}, ${faultTimes(fault, horizonUs)}`}
        onPointerDown={(event) => on.onGrab(event)}
        {...moves}
        onKeyDown={on.onPress}
        onBlur={on.onBlur}
        onClick={on.onClick}
      >
        <span
          className={isInstant(fault) ? styles["flag"] : styles["bar"]}
          style={{ left: inRoom(fromUs), width: inRoom(spot.fromUs + untilUs - fromUs) }}
        />
        <span className={styles["label"]} style={labelPlace(spot, inRoom(fromUs), inRoom(untilUs))}>
          {label}
        </span>
        {!isInstant(fault) &&
          (["from", "until"] as const).map((edge) => (
            <span
              key={edge}
              className={styles["edge"]}
              data-edge={edge}
              style={{ left: inRoom(edge === "from" ? fromUs : untilUs) }}
              onPointerDown={(event) => {
                event.stopPropagation();
                on.onGrab(event, edge);
              }}
              {...moves}
            />
          ))}
      </button>
    </li>
  );
}

/** The label begins in its band, or stands beside it where that is too short. */
function labelPlace({ label }: Spot, from: string, until: string) {
  if (label === "inside") return { left: from, right: `calc(100% - ${until})` };
  return label === "after" ? { left: until } : { right: `calc(100% - ${from})` };
}

const DIRECTIONS: Readonly<Record<string, 1 | -1>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
};

/** The fault after its body or one of its ends has gone some way. */
function shifted(fault: FaultSpec, edge: Edge | undefined, byUs: number, horizonUs: number) {
  if (edge === undefined) return movedTo(fault, fault.atUs + byUs, horizonUs);
  const fromUs = edge === "from" ? fault.atUs : endUs(fault, horizonUs);
  return resized(fault, edge, fromUs + byUs, horizonUs);
}
