"use client";

import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Plan } from "./fault-plan.ts";

/** What is to have the focus once this plan is in force. */
interface Place {
  readonly key: string;
  readonly plan: Plan;
}

/** What had the focus on a stage that was just taken away. At most one: the next stage takes it. */
let held: Place | undefined;

/**
 * Keeps the reader's place among the faults. A changed plan is a new run, and a new run a new
 * stage: what had the focus on the old one gets it on the new one. Elements are known by their
 * `data-keep`. Gives a function that sends the focus somewhere once the plan has become another;
 * where that is not there, to `fallback`.
 */
export function useHeldFocus(
  pane: RefObject<HTMLElement | null>,
  plan: Plan,
  fallback: string,
): (key: string, next: Plan) => void {
  const wanted = useRef<Place>(undefined);
  const latest = useRef(plan);

  useLayoutEffect(() => {
    const element = pane.current;
    if (held?.plan === latest.current) focusOn(element, held.key, fallback);
    held = undefined;
    return () => {
      const active = document.activeElement;
      const key = active?.closest<HTMLElement>("[data-keep]")?.dataset["keep"];
      if (wanted.current !== undefined) held = wanted.current;
      else if (key !== undefined && element?.contains(active)) held = { key, plan: latest.current };
    };
  }, [pane, fallback]);

  useLayoutEffect(() => {
    latest.current = plan;
    if (wanted.current?.plan !== plan) return;
    focusOn(pane.current, wanted.current.key, fallback);
    wanted.current = undefined;
  }, [pane, plan, fallback]);

  return (key, next) => {
    wanted.current = { key, plan: next };
  };
}

/** The fault whose figures were open on a stage that was just taken away. */
let opened: { readonly index: number; readonly plan: Plan } | undefined;

/** Which fault's figures are open, by its place in the plan; they stay open on the next stage. */
export function useHeldEditing(plan: Plan) {
  const [editing, setEditing] = useState<number>();
  const latest = useRef({ editing, plan });
  useLayoutEffect(() => {
    latest.current = { editing, plan };
  });
  useLayoutEffect(() => {
    // The old stage goes only after the new one was rendered, so this cannot be a first state.
    if (opened?.plan === latest.current.plan) setEditing(opened.index);
    opened = undefined;
    return () => {
      const { editing: index, plan: last } = latest.current;
      opened = index === undefined ? undefined : { index, plan: last };
    };
  }, []);
  return [editing, setEditing] as const;
}

function focusOn(pane: HTMLElement | null, key: string, fallback: string): void {
  const find = (name: string) => pane?.querySelector<HTMLElement>(`[data-keep="${name}"]`);
  (find(key) ?? find(fallback))?.focus({ preventScroll: true });
}
