import { describe, expect, it } from "vitest";
import {
  createDraftKeeper,
  type DraftKeeper,
  PAUSE_MS,
  type Surroundings,
  type TabMessage,
  WAIT_MS_MAX,
} from "../../../components/editor/draft-keeper.ts";
import { createMemoryStore, type DraftStore } from "../../../components/editor/draft-store.ts";

const STARTER = "starter";
const starters = [{ path: "till.ts", text: STARTER, isReadOnly: false }];

/** A browser with tabs, a clock that is moved by hand, and a store. */
function createBrowser(store: DraftStore = createMemoryStore()) {
  let now = 1_000_000;
  const timers = new Set<{ at: number; action: () => void }>();
  const tabs = new Set<(message: TabMessage) => void>();
  const leaving = new Set<() => void>();
  const saves: string[] = [];
  const world: Surroundings = {
    store: {
      load: store.load,
      save(change) {
        saves.push(...change.drafts.map(({ text }) => text));
        return store.save(change);
      },
    },
    now: () => now,
    after(ms, action) {
      const timer = { at: now + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    join(hear) {
      tabs.add(hear);
      return {
        tell: (message) => {
          for (const tab of tabs) if (tab !== hear) tab(message);
        },
        leave: () => tabs.delete(hear),
      };
    },
    onLeave(action) {
      leaving.add(action);
      return () => leaving.delete(action);
    },
  };
  return {
    saves,
    openTab: () => createDraftKeeper("L01-E1", 1, starters, world),
    async pass(ms: number) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.action();
      }
      await settle();
    },
    async hide() {
      for (const action of leaving) action();
      await settle();
    },
  };
}

/** Lets promises run; more turns than any of ours takes. */
async function settle() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

async function open(keeper: DraftKeeper) {
  const close = keeper.subscribe(() => undefined);
  await settle();
  return close;
}

const tillOf = (keeper: DraftKeeper) => keeper.read().state.texts["till.ts"];

describe("drafts are kept", () => {
  it("a moment after the last key, once", async () => {
    const browser = createBrowser();
    const keeper = browser.openTab();
    await open(keeper);
    expect(keeper.read()).toMatchObject({ status: "saved", statusText: "Nothing changed yet" });
    keeper.setText("till.ts", "a");
    await browser.pass(PAUSE_MS - 1);
    keeper.setText("till.ts", "ab");
    await browser.pass(PAUSE_MS - 1);
    expect(keeper.read().status).toBe("saving");
    expect(browser.saves).toEqual([]);
    await browser.pass(1);
    expect(browser.saves).toEqual(["ab"]);
    expect(keeper.read()).toMatchObject({ status: "saved", statusText: "Saved in this browser" });
  });

  it("also of somebody who never pauses", async () => {
    const browser = createBrowser();
    const keeper = browser.openTab();
    await open(keeper);
    for (let typed = 0; typed * 100 <= WAIT_MS_MAX; typed++) {
      keeper.setText("till.ts", `text ${typed}`);
      await browser.pass(100);
    }
    expect(browser.saves.length).toBeGreaterThanOrEqual(1);
  });

  it("when the page is left in the middle of a word", async () => {
    const browser = createBrowser();
    const keeper = browser.openTab();
    await open(keeper);
    keeper.setText("till.ts", "half a wor");
    await browser.hide();
    expect(browser.saves).toEqual(["half a wor"]);
  });

  it("and found again by the next visit", async () => {
    const browser = createBrowser();
    const first = browser.openTab();
    const close = await open(first);
    first.setText("till.ts", "mine");
    close();
    await settle();
    const second = browser.openTab();
    await open(second);
    expect(tillOf(second)).toBe("mine");
  });

  it("with what Reset put away, across a visit", async () => {
    const browser = createBrowser();
    const first = browser.openTab();
    const close = await open(first);
    first.setText("till.ts", "mine");
    await browser.pass(PAUSE_MS);
    first.resetDraft();
    await browser.pass(PAUSE_MS);
    close();
    const second = browser.openTab();
    await open(second);
    expect(tillOf(second)).toBe(STARTER);
    second.undoReset();
    expect(tillOf(second)).toBe("mine");
  });
});

describe("storage that refuses", () => {
  const refusing = (name: string): DraftStore => ({
    load: createMemoryStore().load,
    save: () => Promise.reject(Object.assign(new Error("no"), { name })),
  });

  it("is said, with the reason, and the text stays", async () => {
    const browser = createBrowser(refusing("QuotaExceededError"));
    const keeper = browser.openTab();
    await open(keeper);
    keeper.setText("till.ts", "mine");
    await browser.pass(PAUSE_MS);
    expect(keeper.read().status).toBe("not saved");
    expect(keeper.read().statusText).toMatch(/^Not saved: the browser's storage is full/);
    expect(tillOf(keeper)).toBe("mine");
  });

  it("is asked again with the next change", async () => {
    const memory = createMemoryStore();
    let isFull = true;
    const browser = createBrowser({
      load: memory.load,
      save: (change) => (isFull ? Promise.reject(new Error("no")) : memory.save(change)),
    });
    const keeper = browser.openTab();
    await open(keeper);
    keeper.setText("till.ts", "a");
    await browser.pass(PAUSE_MS);
    expect(keeper.read().status).toBe("not saved");
    isFull = false;
    keeper.setText("till.ts", "ab");
    await browser.pass(PAUSE_MS);
    expect(keeper.read().status).toBe("saved");
  });

  it("already when reading: writing works, in memory", async () => {
    const no = () => Promise.reject(new Error("denied"));
    const keeper = createBrowser({ load: no, save: no }).openTab();
    await open(keeper);
    expect(keeper.read().statusText).toMatch(/^Not saved: this browser refuses/);
    keeper.setText("till.ts", "mine");
    expect(tillOf(keeper)).toBe("mine");
  });
});

describe("two tabs", () => {
  async function openTwo() {
    const browser = createBrowser();
    const [left, right] = [browser.openTab(), browser.openTab()];
    await open(left);
    await open(right);
    left.setText("till.ts", "left");
    await browser.pass(PAUSE_MS);
    return { browser, left, right };
  }

  it("what one saves is offered to the other", async () => {
    const { left, right } = await openTwo();
    expect(right.read().state.offer?.texts).toEqual({ "till.ts": "left" });
    expect(left.read().state.offer).toBeUndefined();
    right.takeTheirs();
    expect(tillOf(right)).toBe("left");
    expect(right.read().status).toBe("saved");
  });

  it("keeping one's own stores it, and offers it back", async () => {
    const { browser, left, right } = await openTwo();
    right.setText("till.ts", "right");
    right.keepMine();
    await browser.pass(PAUSE_MS);
    expect(browser.saves).toEqual(["left", "right"]);
    expect(left.read().state.offer?.texts).toEqual({ "till.ts": "right" });
    expect(right.read().state.history.map(({ text }) => text)).toContain("left");
  });

  it("typing on over an offer keeps what is stored over", async () => {
    const { browser, right } = await openTwo();
    right.setText("till.ts", "right");
    await browser.pass(PAUSE_MS);
    expect(right.read().state.offer).toBeDefined();
    expect(right.read().state.history.map(({ text }) => text)).toContain("left");
  });
});
