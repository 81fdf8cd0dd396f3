"use client";

import type { KeyboardEvent, PointerEvent } from "react";
import styles from "./split-handle.module.css";
import { shareAfterKey, showSplit, storedSplits } from "./splits.ts";
import { useStored } from "./stored-value.ts";

interface SplitHandleProps {
  /** Names the split: stored under it, shown as `--split-<name>`. Lower case and hyphens. */
  readonly name: string;
  /** What it divides, for ears: "Text and workbench". */
  readonly label: string;
  /** `columns`: a vertical line moved sideways. `rows`: a horizontal one moved up and down. */
  readonly divides: "columns" | "rows";
  /** Id of the element before the line, whose share this is. */
  readonly controls: string;
  /** In per cent of the parent element. */
  readonly shareDefault: number;
  readonly shareMin: number;
  readonly shareMax: number;
}

/**
 * The line between two parts of its parent element: drag it, move it by arrow keys, double-click
 * it to put it back. The layout is the parent's: its stylesheet takes the share from
 * `var(--split-<name>, <default>)`, so dragging renders nothing anew and a stored share is there
 * before the first paint.
 */
export function SplitHandle({
  name,
  label,
  divides,
  controls,
  shareDefault,
  shareMin,
  shareMax,
}: SplitHandleProps) {
  const share = useStored(storedSplits)[name] ?? shareDefault;

  const held = (wanted: number) =>
    Math.round(Math.min(shareMax, Math.max(shareMin, wanted)) * 10) / 10;

  function keep(wanted: number) {
    showSplit(name, held(wanted));
    storedSplits.write({ ...storedSplits.read(), [name]: held(wanted) });
  }

  function onKeyDown(event: KeyboardEvent) {
    const wanted = shareAfterKey(event.key, event.shiftKey, share);
    if (wanted === undefined) return;
    event.preventDefault();
    keep(wanted);
  }

  /** Share at the pointer. The handle has the pointer captured, so frames beneath see none of it. */
  function shareAt(event: PointerEvent<HTMLElement>): number | undefined {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!box) return undefined;
    return divides === "columns"
      ? ((event.clientX - box.left) / box.width) * 100
      : ((event.clientY - box.top) / box.height) * 100;
  }

  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const wanted = shareAt(event);
    if (wanted !== undefined && event.currentTarget.hasPointerCapture(event.pointerId))
      showSplit(name, held(wanted));
  }

  function onPointerUp(event: PointerEvent<HTMLElement>) {
    const wanted = shareAt(event);
    if (wanted !== undefined && event.currentTarget.hasPointerCapture(event.pointerId))
      keep(wanted);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr is the separator that cannot be moved.
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={divides === "columns" ? "vertical" : "horizontal"}
      aria-controls={controls}
      aria-valuenow={Math.round(share)}
      aria-valuemin={shareMin}
      aria-valuemax={shareMax}
      className={styles["handle"]}
      data-divides={divides}
      onKeyDown={onKeyDown}
      onDoubleClick={() => keep(shareDefault)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
    />
  );
}
