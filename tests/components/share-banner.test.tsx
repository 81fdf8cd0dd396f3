// @vitest-environment happy-dom
import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ShareBanner } from "../../components/sandbox/share-banner.tsx";
import { ShareButton } from "../../components/sandbox/share-button.tsx";
import { decodeShare, encodeShare, type SharedRun } from "../../components/sandbox/share-link.ts";
import { type LinkDesk, useSharedLink } from "../../components/sandbox/share-opening.ts";

const RUN: SharedRun = {
  kind: "play",
  id: "rush",
  version: 1,
  files: [{ path: "main.ts", text: "<b>1</b>" }],
  seed: 7,
  faults: [],
  momentUs: 1_500_000,
};

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  window.location.hash = "";
  page = document.body.appendChild(document.createElement("main"));
  root = createRoot(page);
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
  vi.restoreAllMocks();
});

const button = (words: string) =>
  [...page.querySelectorAll("button")].find(
    (it) => it.textContent === words || it.getAttribute("aria-label") === words,
  );
const press = (words: string) => act(async () => button(words)?.click());

/** What streams have to do happens outside of React's sight. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isSo(); tries++)
    await act(() => new Promise((resolve) => setTimeout(resolve, 10)));
  expect(isSo()).toBe(true);
}

let desk: LinkDesk;
const told: string[] = [];

/** A page with a banner, which says what it is told to do. */
function Bench({ caution }: { readonly caution?: string }) {
  desk = useSharedLink(
    (run) =>
      run.id === "rush"
        ? { ok: true, files: [], caution }
        : { ok: false, message: "There is no such template here." },
    () => told.push("read"),
  );
  const say = (what: string) => () => void told.push(what);
  return (
    <ShareBanner
      desk={desk}
      title="A till"
      canTake
      onRun={() => {
        say("run")();
        desk.open();
      }}
      onOpen={desk.open}
      onTake={() => {
        say("take")();
        desk.take();
      }}
      onPutBack={() => {
        say("back")();
        desk.leave();
      }}
    />
  );
}

async function openLink(run: SharedRun): Promise<void> {
  const encoded = await encodeShare(run);
  window.location.hash = encoded.ok ? encoded.fragment : "";
  told.length = 0;
  await act(async () => root.render(<Bench caution="It has changed." />));
  await until(() => desk.opening.phase !== "none");
}

test("a link is asked about, and nothing is done before the reader has said so", async () => {
  await openLink(RUN);
  expect(page.textContent).toContain(
    "A shared run: by nobody we know. Nothing has run yet. A till, seed 7, with main.ts changed.",
  );
  expect(page.textContent).toContain("It has changed.");
  expect(told).toEqual(["read"]);
  expect(page.querySelector("b")).toBeNull();

  await press("Run it");
  expect(told).toEqual(["read", "run"]);
  expect(desk.opening).toMatchObject({
    phase: "open",
    draftId: expect.stringMatching(/^SHARED-[0-9a-f]{16}$/),
  });
  await press("Back to my work");
  expect(desk.opening.phase).toBe("asked");
  await press("Open beside my work");
  await press("Take it into my work");
  expect(told).toEqual(["read", "run", "take"]);
  expect(page.textContent).toContain("It is in your work now.");
  expect(window.location.hash).toMatch(/^#s1\./);
  await press("Put mine back");
  expect(told).toEqual(["read", "run", "take", "back"]);
  expect(window.location.hash).toMatch(/^#s1\./);
  await press("Discard");
  expect(desk.opening.phase).toBe("none");
  expect(window.location.hash).toBe("");
  expect(page.textContent).toBe("");
});

test("a link that does not fit says so, and can be thrown away", async () => {
  await openLink({ ...RUN, id: "other" });
  expect(page.textContent).toContain(
    "A link that cannot be opened. There is no such template here.",
  );
  expect(button("Run it")).toBeUndefined();
  await press("Discard");
  expect(page.textContent).toBe("");
});

test("other fragments are nobody's business here", async () => {
  window.location.hash = "#E1";
  await act(async () => root.render(<Bench />));
  await act(() => new Promise((resolve) => setTimeout(resolve, 30)));
  expect(desk.opening.phase).toBe("none");
  expect(window.location.hash).toBe("#E1");
});

/** A bench whose play-head has moved on whenever it is asked. */
function Sharing() {
  const [at] = useState(RUN.momentUs);
  return (
    <ShareButton runName="abc · rush" what={() => ({ ...RUN, ...(at && { momentUs: at }) })} />
  );
}

test("a link is copied, with or without its moment, and can be read where copying is refused", async () => {
  const copied: string[] = [];
  const clipboard = { writeText: async (text: string) => void copied.push(text) };
  vi.spyOn(navigator, "clipboard", "get").mockReturnValue(clipboard as unknown as Clipboard);
  await act(async () => root.render(<Sharing />));
  await press("Share");
  await until(() => copied.length === 1);
  const status = () => page.querySelector("[role=status]")?.textContent;
  await until(() => status() === `Copied: ${copied[0]?.length} characters.`);
  const runIn = async (address = "") => {
    const decoded = await decodeShare(new URL(address).hash);
    return decoded.ok ? decoded.run : undefined;
  };
  expect(await runIn(copied[0])).toEqual(RUN);
  expect(page.textContent).toContain("abc · rush");

  const moment = page.querySelector<HTMLInputElement>("input[type=checkbox]");
  expect(moment?.checked).toBe(true);
  await act(async () => moment?.click());
  await until(() => copied.length === 2);
  const { momentUs: _, ...without } = RUN;
  expect(await runIn(copied[1])).toEqual(without);

  await press("Close");
  clipboard.writeText = () => Promise.reject(new Error("refused"));
  await press("Share");
  await until(() => /^Not copied/.test(status() ?? ""));
  expect(page.querySelector<HTMLInputElement>("input[readonly]")?.value).toBe(copied[0]);
});
