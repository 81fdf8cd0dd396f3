"use client";

import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import styles from "./tabs.module.css";

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: ReactNode;
}

interface TabListProps<Id extends string> {
  /** What the tabs choose between, for ears. */
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly selected: Id;
  onSelect(id: Id): void;
  /** Tab `x` is element `<prefix>-tab-x` and governs `<prefix>-panel-x`. */
  readonly idPrefix: string;
  /** Equal widths over the whole line, for the narrow page's main tabs. */
  readonly isWide?: boolean;
}

/**
 * The row of tabs alone, for callers that lay out the panels themselves. One stop for the Tab key;
 * arrows, Home and End move and select, as the ARIA pattern with automatic activation has it.
 */
export function TabList<Id extends string>({
  label,
  tabs,
  selected,
  onSelect,
  idPrefix,
  isWide = false,
}: TabListProps<Id>) {
  const list = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent) {
    const target = tabAfterKey(
      event.key,
      tabs.findIndex(({ id }) => id === selected),
      tabs.length,
    );
    const tab = target === undefined ? undefined : tabs[target];
    if (!tab) return;
    event.preventDefault();
    onSelect(tab.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus();
  }

  return (
    <div
      ref={list}
      role="tablist"
      aria-label={label}
      className={styles["list"]}
      data-wide={isWide || undefined}
      onKeyDown={onKeyDown}
    >
      {tabs.map(({ id, label: words }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`${idPrefix}-tab-${id}`}
          data-tab={id}
          aria-selected={id === selected}
          aria-controls={`${idPrefix}-panel-${id}`}
          tabIndex={id === selected ? 0 : -1}
          className={styles["tab"]}
          onClick={() => onSelect(id)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

interface TabsProps<Id extends string>
  extends Omit<TabListProps<Id>, "idPrefix" | "tabs" | "isWide"> {
  readonly tabs: readonly (Tab<Id> & { readonly panel: ReactNode })[];
}

/** Tabs with their panels. All panels stay in the page, so search, print and scriptless pages have them. */
export function Tabs<Id extends string>({ tabs, selected, ...rest }: TabsProps<Id>) {
  const idPrefix = useId();
  return (
    <div className={styles["tabs"]}>
      <TabList {...rest} tabs={tabs} selected={selected} idPrefix={idPrefix} />
      {tabs.map(({ id, panel }) => (
        <div
          key={id}
          role="tabpanel"
          id={`${idPrefix}-panel-${id}`}
          aria-labelledby={`${idPrefix}-tab-${id}`}
          className={styles["panel"]}
          data-selected={id === selected || undefined}
        >
          {panel}
        </div>
      ))}
    </div>
  );
}

/** Which of `count` tabs a key leads to from tab `at`; undefined when the key is not for tabs. */
export function tabAfterKey(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
