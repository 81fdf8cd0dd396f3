"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";
import {
  createDraftKeeper,
  type DraftKeeper,
  type SaveStatus,
  type Surroundings,
  type TabMessage,
} from "./draft-keeper.ts";
import { createBrowserStore, createMemoryStore } from "./draft-store.ts";
import { isFromEarlier, type PastVersion, resetTexts, type StarterFile } from "./drafts.ts";
import type { ExerciseFile } from "./exercise-file.ts";

/** The drafts of an exercise, for a component. */
export interface Drafts {
  readonly files: readonly ExerciseFile[];
  setText(path: string, text: string): void;
  /** Back to the starter; `undoReset` brings back what was there. */
  reset(path?: string): void;
  undoReset(): void;
  /** Also after a reload, until something is written. */
  readonly canUndoReset: boolean;
  readonly status: SaveStatus;
  /** The status in words, for the reader. */
  readonly statusText: string;
  /** False until the store has been read; the starters are shown so long. */
  readonly isLoaded: boolean;
  /** True when what is shown began from an earlier version of the exercise. */
  readonly isFromEarlier: boolean;
  /** Earlier texts, oldest first, at most 50 for each file. */
  readonly history: readonly PastVersion[];
  /** Another tab has saved something else. Its text may be taken or left. */
  readonly otherTab?: OtherTab;
}

export interface OtherTab {
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  takeTheirs(): void;
  keepMine(): void;
}

/** One keeper for each exercise of the page, so that two components never save over each other. */
const keepers = new Map<string, DraftKeeper>();

/** Drafts of an exercise. The starters count when its id and version are first seen. */
export function useDrafts(
  exerciseId: string,
  version: number,
  starters: readonly StarterFile[],
): Drafts {
  // biome-ignore lint/correctness/useExhaustiveDependencies: starters are fixed by id and version.
  const keeper = useMemo(() => keeperOf(exerciseId, version, starters), [exerciseId, version]);
  const { state, status, statusText } = useSyncExternalStore(
    keeper.subscribe,
    keeper.read,
    // The browser's first picture must be the server's: the starters.
    useCallback(() => firstView(keeper), [keeper]),
  );
  const { starters: files, texts, isLoaded, history, offer } = state;
  const shown = useMemo(
    () => files.map((file) => ({ ...file, text: texts[file.path] ?? file.text })),
    [files, texts],
  );
  return {
    files: shown,
    setText: keeper.setText,
    reset: keeper.resetDraft,
    undoReset: keeper.undoReset,
    canUndoReset: Object.keys(resetTexts(state)).length > 0,
    status,
    statusText,
    isLoaded,
    isFromEarlier: isFromEarlier(state),
    history,
    ...(offer && {
      otherTab: {
        savedAt: offer.savedAt,
        takeTheirs: keeper.takeTheirs,
        keepMine: keeper.keepMine,
      },
    }),
  };
}

function keeperOf(exerciseId: string, version: number, starters: readonly StarterFile[]) {
  const name = `${exerciseId}@${version}`;
  const kept = keepers.get(name);
  if (kept !== undefined) return kept;
  const keeper = createDraftKeeper(exerciseId, version, starters, surroundings());
  firstViews.set(keeper, keeper.read());
  // A server renders for many and must keep nothing.
  if (typeof window !== "undefined") keepers.set(name, keeper);
  return keeper;
}

const firstViews = new WeakMap<DraftKeeper, ReturnType<DraftKeeper["read"]>>();

function firstView(keeper: DraftKeeper) {
  return firstViews.get(keeper) ?? keeper.read();
}

let shared: Surroundings | undefined;

function surroundings(): Surroundings {
  shared ??= {
    store: typeof indexedDB === "undefined" ? createMemoryStore() : createBrowserStore(),
    now: Date.now,
    after(ms, action) {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
    join: joinTabs,
    onLeave,
  };
  return shared;
}

const CHANNEL = "steady-state:drafts";

function joinTabs(hear: (message: TabMessage) => void) {
  if (typeof BroadcastChannel === "undefined") return undefined;
  const channel = new BroadcastChannel(CHANNEL);
  // Only our own pages can speak here: learner code runs in an origin of its own.
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => hear(data);
  return {
    tell: (message: TabMessage) => channel.postMessage(message),
    leave: () => channel.close(),
  };
}

function onLeave(action: () => void) {
  const onVisibility = () => {
    if (document.visibilityState === "hidden") action();
  };
  window.addEventListener("pagehide", action);
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    window.removeEventListener("pagehide", action);
    document.removeEventListener("visibilitychange", onVisibility);
  };
}
