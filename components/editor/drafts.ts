/**
 * What a learner has written, kept in their browser: the pure part. A state, and what typing,
 * loading, saving, Reset and other tabs make of it; `draft-keeper.ts` does what follows from it.
 *
 * Nothing that was written is lost by a click: Reset, and taking another tab's text, put the old
 * text into the history first. Another tab's text is offered, never forced.
 */

/** A file's text as it is stored. */
export interface Draft {
  readonly exerciseId: string;
  readonly path: string;
  readonly text: string;
  /** The exercise's version when this was written. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** `hashOf` the starter that this began from. */
  readonly base: string;
}

/** An earlier text of a file. `reset`: the text that a Reset put away. */
export interface PastVersion {
  readonly exerciseId: string;
  readonly path: string;
  readonly text: string;
  readonly version: number;
  readonly savedAt: number;
  readonly why: "saved" | "reset" | "replaced";
}

export interface StarterFile {
  readonly path: string;
  readonly text: string;
  readonly isReadOnly: boolean;
}

/** Past versions kept for each file. */
export const VERSIONS_MAX = 50;

/** While somebody types, a text enters the history at most this often. */
export const VERSION_GAP_MS = 60_000;

/** The texts of an exercise in another tab, later saved than ours. */
export interface Offer {
  readonly texts: Readonly<Record<string, string>>;
  readonly savedAt: number;
}

export interface DraftsState {
  readonly exerciseId: string;
  readonly version: number;
  readonly starters: readonly StarterFile[];
  /** What the editor shows, by path. */
  readonly texts: Readonly<Record<string, string>>;
  /** What the store has, by path; absent for a file that was never saved. */
  readonly saved: Readonly<Record<string, string>>;
  /** Oldest first, at most VERSIONS_MAX for each path. */
  readonly history: readonly PastVersion[];
  /** `hashOf` the starter that a stored text began from, by path; absent for today's. */
  readonly bases: Readonly<Record<string, string>>;
  readonly isLoaded: boolean;
  readonly offer: Offer | undefined;
}

/** What the store gives for an exercise. */
export interface Stored {
  readonly drafts: readonly Draft[];
  readonly history: readonly PastVersion[];
}

export function beginDrafts(
  exerciseId: string,
  version: number,
  starters: readonly StarterFile[],
): DraftsState {
  return {
    exerciseId,
    version,
    starters,
    texts: Object.fromEntries(starters.map(({ path, text }) => [path, text])),
    saved: {},
    history: [],
    bases: {},
    isLoaded: false,
    offer: undefined,
  };
}

/**
 * What was stored comes in. A draft that nobody has changed since its starter follows the new
 * starter; one that was changed stays, also when the exercise has a new version. What was typed
 * before it came in stays too, and the stored text goes into the history.
 */
export function withStored(state: DraftsState, { drafts, history }: Stored): DraftsState {
  let next: DraftsState = { ...state, isLoaded: true, history };
  for (const starter of writable(state)) {
    const draft = drafts.find(({ path }) => path === starter.path);
    if (draft === undefined || hashOf(draft.text) === draft.base) continue;
    const isTypedOver = state.texts[starter.path] !== starter.text;
    next = isTypedOver
      ? { ...next, history: withVersion(next.history, { ...past(draft), why: "replaced" }) }
      : withText(next, starter.path, draft.text);
    const { saved, bases } = next;
    next = { ...next, saved: { ...saved, [starter.path]: draft.text } };
    if (!isTypedOver) next = { ...next, bases: { ...bases, [starter.path]: draft.base } };
  }
  return next;
}

/** A file has another text. Texts of the lesson's own files never change. */
export function withText(state: DraftsState, path: string, text: string): DraftsState {
  const isWritable = writable(state).some((file) => file.path === path);
  if (!isWritable || state.texts[path] === text) return state;
  return { ...state, texts: { ...state.texts, [path]: text } };
}

/** The drafts that the store lacks. None before it has been read: a draft may be there. */
export function unsaved(state: DraftsState, now: number): readonly Draft[] {
  if (!state.isLoaded) return [];
  return writable(state).flatMap(({ path, text: starter }) => {
    const text = state.texts[path] ?? starter;
    if (text === (state.saved[path] ?? starter)) return [];
    const { exerciseId, version } = state;
    const base = state.bases[path] ?? hashOf(starter);
    return [{ exerciseId, path, text, version, savedAt: now, base }];
  });
}

/** They are stored now. Each enters the history, unless the newest there is younger than the gap. */
export function withSaved(state: DraftsState, drafts: readonly Draft[]): DraftsState {
  let { history } = state;
  for (const draft of drafts) {
    const newest = history.findLast(({ path }) => path === draft.path);
    const isDue = newest === undefined || draft.savedAt - newest.savedAt >= VERSION_GAP_MS;
    if (isDue) history = withVersion(history, { ...past(draft), why: "saved" });
  }
  const saved = Object.fromEntries(drafts.map(({ path, text }) => [path, text]));
  return { ...state, saved: { ...state.saved, ...saved }, history };
}

/** Back to the starter, in one file or all. What was there goes into the history. */
export function withReset(state: DraftsState, now: number, path?: string): DraftsState {
  const files = writable(state).filter((file) => path === undefined || file.path === path);
  const starters = Object.fromEntries(files.map((file) => [file.path, file.text]));
  const bases = Object.fromEntries(Object.entries(state.bases).filter(([of]) => !(of in starters)));
  return { ...replaced(state, starters, "reset", now), bases };
}

/** True when a text began from an earlier version's starter, and Reset would bring a newer one. */
export function isFromEarlier({ starters, bases }: DraftsState): boolean {
  return starters.some(({ path, text }) => (bases[path] ?? hashOf(text)) !== hashOf(text));
}

/** The texts that the last Reset put away, by path; none when something was written since. */
export function resetTexts(state: DraftsState): Readonly<Record<string, string>> {
  const putAway = writable(state).flatMap(({ path, text }) => {
    const newest = state.history.findLast((one) => one.path === path);
    return newest?.why === "reset" && state.texts[path] === text ? [newest] : [];
  });
  const at = Math.max(...putAway.map(({ savedAt }) => savedAt));
  return Object.fromEntries(
    putAway.filter(({ savedAt }) => savedAt === at).map(({ path, text }) => [path, text]),
  );
}

/** The last Reset never was. */
export function withResetUndone(state: DraftsState): DraftsState {
  const texts = resetTexts(state);
  return Object.entries(texts).reduce((next, [path, text]) => withText(next, path, text), state);
}

/** Another tab has saved. Offered when it differs from what is here; else an old offer is over. */
export function withOffer(state: DraftsState, drafts: readonly Draft[]): DraftsState {
  const ours = drafts.filter(
    ({ exerciseId, path }) =>
      exerciseId === state.exerciseId && writable(state).some((file) => file.path === path),
  );
  if (ours.length === 0) return state;
  const texts = { ...state.offer?.texts };
  for (const { path, text } of ours) texts[path] = text;
  const differs = Object.entries(texts).some(([path, text]) => state.texts[path] !== text);
  const savedAt = Math.max(...ours.map((draft) => draft.savedAt));
  const saved = Object.fromEntries(ours.map(({ path, text }) => [path, text]));
  return {
    ...state,
    saved: { ...state.saved, ...saved },
    offer: differs ? { texts, savedAt } : undefined,
  };
}

/** The offer is taken; what was here goes into the history. */
export function withTheirs(state: DraftsState, now: number): DraftsState {
  if (state.offer === undefined) return state;
  return { ...replaced(state, state.offer.texts, "replaced", now), offer: undefined };
}

/** The offer is declined; theirs goes into the history, since ours is about to be stored over it. */
export function withMine(state: DraftsState): DraftsState {
  return state.offer === undefined ? state : { ...withOfferKept(state), offer: undefined };
}

/** What is offered goes into the history; for before ours is stored over it. */
export function withOfferKept(state: DraftsState): DraftsState {
  const { exerciseId, version, offer } = state;
  let { history } = state;
  for (const [path, text] of Object.entries(offer?.texts ?? {})) {
    const isKept = text === state.texts[path] || history.some((one) => one.text === text);
    if (isKept) continue;
    const savedAt = offer?.savedAt ?? 0;
    history = withVersion(history, { exerciseId, path, text, version, savedAt, why: "replaced" });
  }
  return history === state.history ? state : { ...state, history };
}

/** Adds a version: each text once, with its latest time; at most VERSIONS_MAX for a path. */
export function withVersion(
  history: readonly PastVersion[],
  version: PastVersion,
): readonly PastVersion[] {
  const { path, text } = version;
  const others = history.filter((one) => one.path !== path || one.text !== text);
  const ofPath = others.filter((one) => one.path === path);
  const dropped = new Set(ofPath.slice(0, Math.max(0, ofPath.length - VERSIONS_MAX + 1)));
  return [...others.filter((one) => !dropped.has(one)), version];
}

/** 16 hexadecimal digits over a text, to tell texts apart; no secret depends on it (FNV-1a, twice). */
export function hashOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

function replaced(
  state: DraftsState,
  texts: Readonly<Record<string, string>>,
  why: "reset" | "replaced",
  now: number,
): DraftsState {
  const { exerciseId, version } = state;
  let next = state;
  for (const [path, text] of Object.entries(texts)) {
    const before = state.texts[path];
    if (before === undefined || before === text) continue;
    const putAway: PastVersion = { exerciseId, path, text: before, version, savedAt: now, why };
    next = withText({ ...next, history: withVersion(next.history, putAway) }, path, text);
  }
  return next;
}

function writable(state: DraftsState): readonly StarterFile[] {
  return state.starters.filter(({ isReadOnly }) => !isReadOnly);
}

function past({ base: _, ...draft }: Draft): Omit<PastVersion, "why"> {
  return draft;
}
