"use client";

import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { NARROW, partOf, useIsNarrow } from "../ui/narrow.ts";
import { SiteHeader } from "../ui/site-header.tsx";
import { SplitHandle } from "../ui/split-handle.tsx";
import { TabList } from "../ui/tabs.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./lesson-shell.module.css";

/** What a narrow screen shows at a time. */
export type LessonView = "read" | "code" | "watch";

const VIEWS = [
  { id: "read", label: "Read" },
  { id: "code", label: "Code" },
  { id: "watch", label: "Watch" },
] as const;

interface LessonShellProps {
  readonly title: string;
  /** "Part 1 · Foundations". */
  readonly part: string;
  readonly prose: ReactNode;
  readonly stage: ReactNode;
  readonly editor: ReactNode;
  /** At hand on every screen: run, step, where in time. One line, at most 3.5 rem high on narrow screens. */
  readonly runBar: ReactNode;
  /** A drawer below the editor; takes no room while it renders nothing. */
  readonly verdict: ReactNode;
  /** After the prose: where to go next. */
  readonly footer?: ReactNode;
  /** With `onViewChange`, the caller holds the narrow screen's view (to go to Watch on a run). */
  readonly view?: LessonView;
  onViewChange?(view: LessonView): void;
}

/**
 * The lesson's page: text beside a workbench. Wide (≥ 1200 px): two columns, the workbench stays in
 * sight. Middle: the stage stays on top, text and editor pass beneath it, the run bar below. Narrow
 * (< 768 px): one of three views. Always one document that scrolls; the parts are the same
 * elements in all three, so nothing is mounted anew when a window changes.
 */
export function LessonShell({
  title,
  part,
  prose,
  stage,
  editor,
  runBar,
  verdict,
  footer,
  view: viewHeld,
  onViewChange,
}: LessonShellProps) {
  const [viewOwn, setViewOwn] = useState<LessonView>("read");
  const view = viewHeld ?? viewOwn;
  const isNarrow = useIsNarrow();
  const id = useId();
  const keepReadingPlace = useReadingPlace(view);

  function changeView(next: LessonView) {
    keepReadingPlace();
    setViewOwn(next);
    onViewChange?.(next);
  }

  const panel = (name: LessonView, words: string) => partOf(isNarrow, id, name, words);

  return (
    <div className={styles["shell"]} data-view={view}>
      <SiteHeader
        isSticky
        place={
          <p className={styles["place"]}>
            <span className={styles["part"]}>{part}</span>
            <span className={styles["title"]}>{title}</span>
          </p>
        }
      />
      <main className={styles["main"]} id="content">
        {/* The text has the heading; where it is not shown the page still needs its name. */}
        {isNarrow && view !== "read" && <VisuallyHidden as="h1">{title}</VisuallyHidden>}
        <div className={styles["views"]}>
          <TabList
            label="What to show"
            tabs={VIEWS}
            selected={view}
            onSelect={changeView}
            idPrefix={id}
            isWide
          />
        </div>
        <div className={styles["reading"]} id={`${id}-panel-read`} {...panel("read", "Text")}>
          <div className={styles["text"]}>{prose}</div>
          {footer && <footer className={styles["footer"]}>{footer}</footer>}
        </div>
        <SplitHandle
          name="reading"
          label="Width of the text"
          divides="columns"
          controls={`${id}-panel-read`}
          shareDefault={47}
          shareMin={30}
          shareMax={60}
        />
        <div className={styles["workbench"]}>
          <div className={styles["stage"]} id={`${id}-panel-watch`} {...panel("watch", "Stage")}>
            {stage}
          </div>
          <SplitHandle
            name="stage"
            label="Height of the stage"
            divides="rows"
            controls={`${id}-panel-watch`}
            shareDefault={60}
            shareMin={25}
            shareMax={75}
          />
          <div className={styles["run-bar"]}>{runBar}</div>
          <div className={styles["editor"]} id={`${id}-panel-code`} {...panel("code", "Editor")}>
            {editor}
          </div>
          <div className={styles["verdict"]}>{verdict}</div>
        </div>
      </main>
    </div>
  );
}

/** Returns the reader to where they were when the text comes back; the other views have no scroll. */
function useReadingPlace(view: LessonView): () => void {
  const top = useRef(0);
  const shown = useRef<LessonView>(view);

  useLayoutEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    if (window.matchMedia(NARROW).matches) window.scrollTo(0, view === "read" ? top.current : 0);
  }, [view]);

  return () => {
    if (shown.current === "read") top.current = window.scrollY;
  };
}
