/**
 * Keeps the drafts of one exercise: loads them, saves them a moment after the last key and when the
 * page is left, and talks to other tabs. The one place here that does things; what they mean is
 * decided in `drafts.ts`.
 */
import type { DraftChange, DraftStore } from "./draft-store.ts";
import {
  beginDrafts,
  type Draft,
  type DraftsState,
  type PastVersion,
  type StarterFile,
  unsaved,
  withMine,
  withOffer,
  withOfferKept,
  withReset,
  withResetUndone,
  withSaved,
  withStored,
  withText,
  withTheirs,
} from "./drafts.ts";

export type SaveStatus = "saved" | "saving" | "not saved";

/** What is to be shown. The same object until something changes. */
export interface DraftsView {
  readonly state: DraftsState;
  readonly status: SaveStatus;
  /** In words, for the reader. */
  readonly statusText: string;
}

export interface DraftKeeper {
  read(): DraftsView;
  /** The first listener opens the keeper, the last one to leave saves and closes it. */
  subscribe(listener: () => void): () => void;
  loadDraft(): Promise<void>;
  /** Saves now what is not saved. Never fails: the status tells. */
  saveDraft(): Promise<void>;
  setText(path: string, text: string): void;
  resetDraft(path?: string): void;
  undoReset(): void;
  takeTheirs(): void;
  keepMine(): void;
}

/** What goes between tabs. */
export interface TabMessage {
  readonly kind: "saved";
  readonly drafts: readonly Draft[];
}

/** The world around a keeper. */
export interface Surroundings {
  readonly store: DraftStore;
  now(): number;
  /** Calls back after so many ms; returns how not to. */
  after(ms: number, action: () => void): () => void;
  /** Joins the other tabs; undefined where the browser has no such thing. */
  join(hear: (message: TabMessage) => void): Tabs | undefined;
  /** Calls back when the page is hidden or left; returns how to stop. */
  onLeave(action: () => void): () => void;
}

export interface Tabs {
  tell(message: TabMessage): void;
  leave(): void;
}

/** Saved this long after the last key, and at the latest this long after the first one. */
export const PAUSE_MS = 400;
export const WAIT_MS_MAX = 3_000;

const REFUSED = "Not saved: this browser refuses to store it. It stays while this page is open.";
const FULL = "Not saved: the browser's storage is full. It stays while this page is open.";

export function createDraftKeeper(
  exerciseId: string,
  version: number,
  starters: readonly StarterFile[],
  world: Surroundings,
): DraftKeeper {
  const listeners = new Set<() => void>();
  let state = beginDrafts(exerciseId, version, starters);
  /** The history as the store has it. */
  let stored: readonly PastVersion[] = [];
  let failure: string | undefined;
  let isSaving = false;
  let tabs: Tabs | undefined;
  let stopWaiting: (() => void) | undefined;
  let dirtySince: number | undefined;
  let view = makeView();

  function makeView(): DraftsView {
    const isClean = unsaved(state, 0).length === 0;
    const status = failure !== undefined ? "not saved" : isClean && !isSaving ? "saved" : "saving";
    return { state, status, statusText: failure ?? wordsFor(status, state) };
  }

  function announce() {
    view = makeView();
    for (const listener of listeners) listener();
  }

  /** Shows a new state, and arranges for it to be stored. */
  function change(next: DraftsState) {
    if (next === state) return;
    state = next;
    arrange();
    announce();
  }

  function arrange() {
    stopWaiting?.();
    const now = world.now();
    dirtySince ??= now;
    const waitMs = Math.min(PAUSE_MS, Math.max(0, dirtySince + WAIT_MS_MAX - now));
    stopWaiting = world.after(waitMs, () => void saveDraft());
  }

  async function saveDraft(): Promise<void> {
    stopWaiting?.();
    stopWaiting = undefined;
    // One at a time; the one that is under way looks again when it is done.
    if (isSaving || !state.isLoaded) return;
    const drafts = unsaved(state, world.now());
    if (drafts.length > 0) state = withOfferKept(state);
    const next = withSaved(state, drafts);
    const changed = historyChange(stored, next.history);
    dirtySince = undefined;
    if (drafts.length === 0 && changed.added.length + changed.dropped.length === 0) return;
    isSaving = true;
    announce();
    const why = await store({ drafts, ...changed });
    isSaving = false;
    failure = why;
    if (why === undefined) {
      // Since then something may have been typed, but only here is the history changed.
      state = withSaved(state, drafts);
      stored = next.history;
      if (drafts.length > 0) tabs?.tell({ kind: "saved", drafts });
      if (unsaved(state, 0).length > 0) arrange();
    }
    announce();
  }

  /** Undefined when all is stored, else why not. */
  async function store(change: DraftChange): Promise<string | undefined> {
    try {
      await world.store.save(change);
      return undefined;
    } catch (thrown) {
      return isFull(thrown) ? FULL : REFUSED;
    }
  }

  async function loadDraft(): Promise<void> {
    if (state.isLoaded) return;
    try {
      const found = await world.store.load(exerciseId);
      if (state.isLoaded) return;
      stored = found.history;
      state = withStored(state, found);
    } catch {
      failure = REFUSED;
      // Without a store there is nothing to wait for.
      state = { ...state, isLoaded: true };
    }
    if (unsaved(state, 0).length > 0) arrange();
    announce();
  }

  function open(): () => void {
    tabs = world.join(({ drafts }) => {
      const next = withOffer(state, drafts);
      if (next === state) return;
      state = next;
      announce();
    });
    const stopLeaving = world.onLeave(() => void saveDraft());
    void loadDraft();
    return () => {
      void saveDraft();
      stopLeaving();
      tabs?.leave();
      tabs = undefined;
    };
  }

  let close: (() => void) | undefined;
  return {
    read: () => view,
    subscribe(listener) {
      listeners.add(listener);
      close ??= open();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        close?.();
        close = undefined;
      };
    },
    loadDraft,
    saveDraft,
    setText: (path, text) => change(withText(state, path, text)),
    resetDraft: (path) => change(withReset(state, world.now(), path)),
    undoReset: () => change(withResetUndone(state)),
    takeTheirs: () => change(withTheirs(state, world.now())),
    keepMine: () => change(withMine(state)),
  };
}

/** What a store must add and drop for its history to become this one. */
function historyChange(before: readonly PastVersion[], after: readonly PastVersion[]) {
  const [had, has] = [new Set(before), new Set(after)];
  return {
    added: after.filter((version) => !had.has(version)),
    dropped: before.filter((version) => !has.has(version)),
  };
}

function wordsFor(status: SaveStatus, state: DraftsState): string {
  if (status === "saving") return "Saving…";
  const isTouched = state.starters.some(({ path, text }) => state.texts[path] !== text);
  return isTouched ? "Saved in this browser" : "Nothing changed yet";
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "QuotaExceededError";
}
