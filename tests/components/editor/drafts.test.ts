import { describe, expect, it } from "vitest";
import {
  beginDrafts,
  type Draft,
  type DraftsState,
  hashOf,
  isFromEarlier,
  type PastVersion,
  resetTexts,
  unsaved,
  VERSION_GAP_MS,
  VERSIONS_MAX,
  withMine,
  withOffer,
  withReset,
  withResetUndone,
  withSaved,
  withStored,
  withText,
  withTheirs,
  withVersion,
} from "../../../components/editor/drafts.ts";

const STARTER = "export const till = 1;\n";
const starters = [
  { path: "till.ts", text: STARTER, isReadOnly: false },
  { path: "log.ts", text: "export const log = 1;\n", isReadOnly: false },
  { path: "shop.ts", text: "export const shop = 1;\n", isReadOnly: true },
];
const draft = (text: string, more: Partial<Draft> = {}): Draft => ({
  exerciseId: "L01-E1",
  path: "till.ts",
  text,
  version: 1,
  savedAt: 1_000,
  base: hashOf(STARTER),
  ...more,
});
const nothing = { drafts: [], history: [] };
const fresh = () => withStored(beginDrafts("L01-E1", 1, starters), nothing);
const tillOf = (state: DraftsState) => state.texts["till.ts"];
const pastOf = (state: DraftsState) => state.history.map(({ text, why }) => `${why}: ${text}`);

describe("what is stored comes back", () => {
  it("a draft takes the starter's place, and nothing has to be saved", () => {
    const state = withStored(beginDrafts("L01-E1", 1, starters), {
      drafts: [draft("mine")],
      history: [],
    });
    expect(tillOf(state)).toBe("mine");
    expect(unsaved(state, 0)).toEqual([]);
    expect(isFromEarlier(state)).toBe(false);
  });

  it("a draft that nobody changed follows a new starter; a changed one stays and says so", () => {
    const old = "export const till = 0;\n";
    const begun = beginDrafts("L01-E1", 2, starters);
    const untouched = withStored(begun, {
      drafts: [draft(old, { base: hashOf(old) })],
      history: [],
    });
    expect(tillOf(untouched)).toBe(STARTER);
    const changed = withStored(begun, {
      drafts: [draft("mine", { base: hashOf(old) })],
      history: [],
    });
    expect(tillOf(changed)).toBe("mine");
    expect(isFromEarlier(changed)).toBe(true);
    const again = unsaved(withText(changed, "till.ts", "mine 2"), 5)[0];
    expect(again).toMatchObject({ base: hashOf(old), version: 2 });
    expect(isFromEarlier(withReset(changed, 6))).toBe(false);
  });

  it("what was typed while the store was read stays, and the stored text is kept", () => {
    const typed = withText(beginDrafts("L01-E1", 1, starters), "till.ts", "typed");
    expect(unsaved(typed, 0)).toEqual([]);
    const state = withStored(typed, { drafts: [draft("stored")], history: [] });
    expect(tillOf(state)).toBe("typed");
    expect(pastOf(state)).toEqual(["replaced: stored"]);
    expect(unsaved(state, 7).map(({ text, savedAt }) => [text, savedAt])).toEqual([["typed", 7]]);
  });

  it("the lesson's own files are neither changed nor stored", () => {
    const stored = { drafts: [draft("forged", { path: "shop.ts" })], history: [] };
    const state = withText(
      withStored(beginDrafts("L01-E1", 1, starters), stored),
      "shop.ts",
      "mine",
    );
    expect(state.texts["shop.ts"]).toBe("export const shop = 1;\n");
    expect(unsaved(state, 0)).toEqual([]);
  });
});

describe("saving", () => {
  it("takes only what the store lacks", () => {
    const state = withText(fresh(), "till.ts", "a");
    const drafts = unsaved(state, 1);
    expect(drafts.map(({ path, text }) => [path, text])).toEqual([["till.ts", "a"]]);
    const saved = withSaved(state, drafts);
    expect(unsaved(saved, 2)).toEqual([]);
    expect(unsaved(withText(saved, "till.ts", STARTER), 3)).toHaveLength(1);
  });

  it("puts a text into the history once a minute, however much is typed", () => {
    let state = fresh();
    for (const [now, text] of [
      [0, "a"],
      [500, "ab"],
      [VERSION_GAP_MS - 1, "abc"],
      [VERSION_GAP_MS, "abcd"],
    ] as const) {
      state = withText(state, "till.ts", text);
      state = withSaved(state, unsaved(state, now));
    }
    expect(pastOf(state)).toEqual(["saved: a", "saved: abcd"]);
  });

  it(`keeps the last ${VERSIONS_MAX} texts of each file, each once`, () => {
    const version = (text: string, path: string, savedAt: number): PastVersion => ({
      exerciseId: "L01-E1",
      path,
      text,
      version: 1,
      savedAt,
      why: "saved",
    });
    let history: readonly PastVersion[] = [version("other", "log.ts", 0)];
    for (let at = 0; at < VERSIONS_MAX + 5; at++) {
      history = withVersion(history, version(`text ${at}`, "till.ts", at));
    }
    history = withVersion(history, version("text 20", "till.ts", 999));
    const till = history.filter(({ path }) => path === "till.ts");
    expect(till).toHaveLength(VERSIONS_MAX);
    expect(till[0]?.text).toBe("text 5");
    expect(till.at(-1)).toMatchObject({ text: "text 20", savedAt: 999 });
    expect(till.filter(({ text }) => text === "text 20")).toHaveLength(1);
    expect(history.some(({ text }) => text === "other")).toBe(true);
  });
});

describe("Reset", () => {
  const written = () => withText(withText(fresh(), "till.ts", "mine"), "log.ts", "my log");

  it("brings back the starters and keeps what was there", () => {
    const state = withReset(written(), 9);
    expect(tillOf(state)).toBe(STARTER);
    expect(pastOf(state)).toEqual(["reset: mine", "reset: my log"]);
    expect(resetTexts(state)).toEqual({ "till.ts": "mine", "log.ts": "my log" });
  });

  it("of one file leaves the others", () => {
    const state = withReset(written(), 9, "till.ts");
    expect(state.texts["log.ts"]).toBe("my log");
    expect(resetTexts(state)).toEqual({ "till.ts": "mine" });
  });

  it("can be undone, also after a reload", () => {
    const reset = withReset(written(), 9);
    expect(withResetUndone(reset).texts).toMatchObject({ "till.ts": "mine", "log.ts": "my log" });
    const reloaded = withStored(beginDrafts("L01-E1", 1, starters), {
      drafts: unsaved(withSaved(reset, []), 10),
      history: reset.history,
    });
    expect(tillOf(withResetUndone(reloaded))).toBe("mine");
  });

  it("cannot be undone once something is written after it", () => {
    const state = withText(withReset(written(), 9, "till.ts"), "till.ts", "anew");
    expect(resetTexts(state)).toEqual({});
    expect(withResetUndone(state)).toBe(state);
  });
});

describe("another tab", () => {
  const here = () => withText(fresh(), "till.ts", "mine");
  const theirs = [draft("theirs", { savedAt: 50 })];

  it("is offered, not forced", () => {
    const state = withOffer(here(), theirs);
    expect(tillOf(state)).toBe("mine");
    expect(state.offer).toEqual({ texts: { "till.ts": "theirs" }, savedAt: 50 });
  });

  it("is no offer when it has the same text, or another exercise", () => {
    expect(withOffer(here(), [draft("mine")]).offer).toBeUndefined();
    const state = here();
    expect(withOffer(state, [draft("theirs", { exerciseId: "L02-E1" })])).toBe(state);
  });

  it("is taken, and what was here is kept", () => {
    const state = withTheirs(withOffer(here(), theirs), 60);
    expect(tillOf(state)).toBe("theirs");
    expect(state.offer).toBeUndefined();
    expect(pastOf(state)).toEqual(["replaced: mine"]);
    expect(unsaved(state, 61)).toEqual([]);
  });

  it("is declined, and what was there is kept and stored over", () => {
    const state = withMine(withOffer(here(), theirs));
    expect(tillOf(state)).toBe("mine");
    expect(state.offer).toBeUndefined();
    expect(pastOf(state)).toEqual(["replaced: theirs"]);
    expect(unsaved(state, 61).map(({ text }) => text)).toEqual(["mine"]);
  });
});
