"use client";

import { X } from "lucide-react";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { IconButton } from "../ui/icon-button.tsx";
import styles from "./fault-sheet.module.css";

interface FaultSheetProps {
  readonly title: string;
  /** The `data-keep` of what it opens from: on a wide page it stands beside this. */
  readonly beside: string;
  /** Keys of the page do not reach into it; Escape and a press beside it close it. */
  onClose(): void;
  readonly children: ReactNode;
}

/** Least room above the anchor, CSS pixels; with less the sheet stands in the middle of the page. */
const ROOM_MIN = 300;
const MARGIN = 8;

/** Something small to decide, over the page: beside its button, or on a narrow page from below. */
export function FaultSheet({ title, beside, onClose, children }: FaultSheetProps) {
  const sheet = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useLayoutEffect(() => {
    const dialog = sheet.current;
    if (dialog === null) return;
    const anchor = dialog.parentElement
      ?.closest("[data-ground]")
      ?.querySelector<HTMLElement>(`[data-keep="${beside}"]`);
    dialog.showModal();
    standBeside(dialog, anchor);
    return () => {
      // Closed and not only taken away, so that the focus goes back to where it was.
      dialog.close();
      if (document.activeElement === document.body) anchor?.focus({ preventScroll: true });
    };
  }, [beside]);

  return (
    <dialog
      ref={sheet}
      className={styles["sheet"]}
      aria-labelledby={heading}
      onClose={(event) => {
        // An old "close" may come late, when the sheet has been opened anew.
        if (!event.currentTarget.open) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={styles["inside"]}>
        <header className={styles["head"]}>
          <h2 id={heading}>{title}</h2>
          <IconButton label="Close" onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Puts the sheet above its anchor or below, wherever there is more room; the style sheet takes this up on wide pages. */
function standBeside(dialog: HTMLDialogElement, anchor: HTMLElement | null | undefined): void {
  if (anchor == null) return;
  const box = anchor.getBoundingClientRect();
  const above = box.top - 2 * MARGIN;
  const below = innerHeight - box.bottom - 2 * MARGIN;
  if (Math.max(above, below) < ROOM_MIN) return;
  const isAbove = dialog.offsetHeight <= above || above >= below;
  const left = Math.min(box.left, innerWidth - dialog.offsetWidth - MARGIN);
  dialog.dataset["beside"] = isAbove ? "above" : "below";
  dialog.style.setProperty("--sheet-left", `${Math.max(MARGIN, left)}px`);
  dialog.style.setProperty("--sheet-room", `${isAbove ? above : below}px`);
  const edge = isAbove ? innerHeight - box.top : box.bottom;
  dialog.style.setProperty("--sheet-edge", `${edge + MARGIN}px`);
}
