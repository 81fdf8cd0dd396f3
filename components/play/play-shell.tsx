"use client";

import { type ReactNode, useId } from "react";
import { partOf, useIsNarrow } from "../ui/narrow.ts";
import { SiteHeader } from "../ui/site-header.tsx";
import { SplitHandle } from "../ui/split-handle.tsx";
import { TabList } from "../ui/tabs.tsx";
import styles from "./play-shell.module.css";

/** What a narrow screen shows at a time. */
export type PlayView = "choose" | "code" | "watch";

const VIEWS = [
  { id: "choose", label: "Choose" },
  { id: "code", label: "Code" },
  { id: "watch", label: "Watch" },
] as const;

interface PlayShellProps {
  readonly view: PlayView;
  onView(view: PlayView): void;
  readonly templates: ReactNode;
  readonly editor: ReactNode;
  readonly stage: ReactNode;
  readonly runBar: ReactNode;
}

/**
 * The playground's page. Wide (≥ 1200 px): templates, code and stage beside each other. Middle: the
 * stage above the code. Narrow (< 768 px): one of three views, the run bar under each.
 */
export function PlayShell({ view, onView, templates, editor, stage, runBar }: PlayShellProps) {
  const isNarrow = useIsNarrow();
  const id = useId();

  const part = (name: PlayView, words: string) => partOf(isNarrow, id, name, words);

  return (
    <div className={styles["shell"]} data-view={view}>
      <SiteHeader isSticky place={<h1 className={styles["name"]}>Playground</h1>} />
      <main className={styles["main"]} id="content">
        <div className={styles["views"]}>
          <TabList
            label="What to show"
            tabs={VIEWS}
            selected={view}
            onSelect={onView}
            idPrefix={id}
            isWide
          />
        </div>
        <div
          className={styles["templates"]}
          id={`${id}-panel-choose`}
          {...part("choose", "Templates")}
        >
          {templates}
        </div>
        <div className={styles["bench"]}>
          <div className={styles["editor"]} id={`${id}-panel-code`} {...part("code", "Editor")}>
            {editor}
          </div>
          <SplitHandle
            name="play"
            label="Width of the editor"
            divides="columns"
            controls={`${id}-panel-code`}
            shareDefault={50}
            shareMin={25}
            shareMax={70}
          />
          <div className={styles["show"]}>
            <div className={styles["run-bar"]}>{runBar}</div>
            <div className={styles["stage"]} id={`${id}-panel-watch`} {...part("watch", "Stage")}>
              {stage}
            </div>
          </div>
        </div>
      </main>
    </div>
  );
}
