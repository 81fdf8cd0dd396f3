"use client";

import { useSyncExternalStore } from "react";
import type { Playhead, PlayheadSnapshot } from "./playhead.ts";

/** The play-head's moment, at most ten times a second. */
export function usePlayhead(playhead: Playhead): PlayheadSnapshot {
  return useSyncExternalStore(playhead.subscribe, playhead.told, playhead.told);
}
