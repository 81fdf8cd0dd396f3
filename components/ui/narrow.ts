"use client";

import { useSyncExternalStore } from "react";

/** The widest screen that shows one view at a time; the stylesheets have the same. */
export const NARROW = "(max-width: 767px)";

/** False on the server and at first; only roles depend on it, the layout is the stylesheet's. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const query = window.matchMedia(NARROW);
      query.addEventListener("change", onChange);
      return () => query.removeEventListener("change", onChange);
    },
    () => window.matchMedia(NARROW).matches,
    () => false,
  );
}

/** A part of a page is a tab's panel where there are tabs, else a region with a name. */
export function partOf(isNarrow: boolean, idPrefix: string, view: string, words: string) {
  return isNarrow
    ? ({ role: "tabpanel", "aria-labelledby": `${idPrefix}-tab-${view}` } as const)
    : ({ role: "region", "aria-label": words } as const);
}
