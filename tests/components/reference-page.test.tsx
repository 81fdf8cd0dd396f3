// @vitest-environment happy-dom
/** The reference's index by keyboard, an entry's page without scripts, and an example that runs. */
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Entry, Reference } from "../../bin/build-reference.mjs";
import { EntryPage } from "../../components/reference/entry-page.tsx";
import type { ExampleRun, Outcome } from "../../components/reference/example-run.ts";
import { findablesOf } from "../../components/reference/findables.ts";
import type { PrintedLine } from "../../components/reference/printed-lines.ts";
import { ReferenceSought } from "../../components/reference/reference-sought.tsx";
import { SearchIndex } from "../../components/reference/search-index.tsx";

/** Stands in for compiler and sandbox, which want a browser. */
const world = vi.hoisted(() => ({
  pushed: [] as string[],
  path: "/",
  show: (_: readonly PrintedLine[]) => {},
  end: (_: Outcome) => {},
}));
vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: (to: string) => world.pushed.push(to) }),
  usePathname: () => world.path,
}));
vi.mock("../../components/reference/example-run.ts", () => ({
  warmCompiler: () => {},
  startExample(_host: unknown, _example: unknown, show: typeof world.show): ExampleRun {
    world.show = show;
    const outcome = new Promise<Outcome>((resolve) => {
      world.end = resolve;
    });
    return { outcome, stop: () => world.end({ kind: "stopped" }) };
  },
}));

const entry = (name: string, what: string, beam: string): Entry => ({
  module: "otp",
  name,
  slug: name,
  kind: "function",
  theme: "links",
  source: "workers/otp/processes.ts",
  signatures: [{ code: `${name}(target: ServerRef): Ref` }],
  doc: { what, more: "As `send` and `nobody` do.", beam: [beam] },
  methods: [],
  types: ["ServerRef"],
});

const reference: Reference = {
  themes: [{ id: "links", title: "Links and monitors", what: "Hearing of ends." }],
  entries: [
    entry("demonitor", "Stops watching.", "demonitor/2"),
    entry("monitor", "Watches a process.", "monitor/2,3"),
    entry("send", "Sends a message.", "!"),
  ],
  types: [],
};

const example = {
  id: "otp/monitor",
  about: "Says two things.",
  code: 'log("one");\nlog("two");',
  nodes: ["n1"],
  world: {},
  prints: ["0 ms  main: one", "5 ms  main: two"],
};

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  window.history.replaceState(null, "", "/reference");
  world.pushed.length = 0;
  page = document.body.appendChild(document.createElement("main"));
  root = createRoot(page);
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
});

const showIndex = () =>
  act(async () =>
    root.render(<SearchIndex themes={reference.themes} all={findablesOf(reference)} />),
  );
const box = () => page.querySelector("input") as HTMLInputElement;
const names = () => [...page.querySelectorAll("a code:first-child")].map((it) => it.textContent);
const press = (key: string) =>
  act(async () => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
  });
const type = (text: string) =>
  act(async () => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
    set?.call(box(), text);
    box().dispatchEvent(new Event("input", { bubbles: true }));
  });

test("everything is listed by theme until somebody searches", async () => {
  await showIndex();
  expect(page.querySelector("h2")?.textContent).toBe("Links and monitors");
  expect(names()).toEqual(["demonitor", "monitor", "send"]);
  await type("monit");
  expect(names()).toEqual(["monitor", "demonitor"]);
  expect(page.querySelector("h2")).toBeNull();
  expect(page.querySelector('[role="status"]')?.textContent).toContain("2 found");
  expect(page.querySelector("mark")?.textContent).toBe("monit");
});

test("the address keeps the query, and gives it back", async () => {
  await showIndex();
  await type("monitor/2");
  expect(window.location.search).toBe("?q=monitor%2F2");
  await type("");
  expect(window.location.search).toBe("");
  await act(async () => root.unmount());
  window.history.replaceState(null, "", "/reference?q=watches");
  root = createRoot(page);
  await showIndex();
  expect(box().value).toBe("watches");
  expect(names()).toEqual(["monitor"]);
});

test("by keys: a slash, letters, the arrows, Enter, Escape", async () => {
  await showIndex();
  await press("/");
  expect(document.activeElement).toBe(box());
  await type("monit");
  await press("Enter");
  expect(world.pushed).toEqual(["/reference/otp/monitor"]);

  await press("ArrowDown");
  expect(document.activeElement?.getAttribute("href")).toBe("/reference/otp/monitor");
  await press("ArrowDown");
  expect(document.activeElement?.getAttribute("href")).toBe("/reference/otp/demonitor");
  await press("ArrowDown");
  expect(document.activeElement?.getAttribute("href")).toBe("/reference/otp/demonitor");
  await press("ArrowUp");
  await press("ArrowUp");
  expect(document.activeElement).toBe(box());
  await press("ArrowDown");
  await press("Escape");
  expect(document.activeElement).toBe(box());
  expect(box().value).toBe("monit");
  await press("Escape");
  expect(box().value).toBe("");
});

test("nothing found is said, and Enter then does nothing", async () => {
  await showIndex();
  await press("/");
  await type("zzz");
  expect(page.textContent).toContain("Nothing has “zzz” in its name");
  await press("Enter");
  expect(world.pushed).toEqual([]);
});

test.each([
  ["/reference/otp/monitr", "/reference?q=monitr"],
  ["/reference/otp/gen%5Fserver/", "/reference?q=gen_server"],
])("for %s, which there is not, a search is offered", (path, href) => {
  world.path = path;
  expect(renderToStaticMarkup(<ReferenceSought className="" />)).toContain(`href="${href}"`);
});

test.each(["/learn/otp", "/reference", "/reference/", "/reference/%E0%A4%A"])(
  "for %s none is",
  (path) => {
    world.path = path;
    expect(renderToStaticMarkup(<ReferenceSought className="" />)).toBe("");
  },
);

test("an entry's page is whole without scripts", () => {
  const [, monitor] = reference.entries;
  const html = renderToStaticMarkup(
    <EntryPage reference={reference} entry={monitor as Entry} examples={[example]} />,
  );
  const text = html.replace(/<[^>]+>/g, "").replaceAll("&quot;", '"');
  for (const words of ["Watches a process.", "monitor/2,3", 'import { monitor } from "otp";'])
    expect(text).toContain(words);
  expect(text).toContain("monitor(target: ServerRef): Ref");
  expect(text).toContain('log("one");\nlog("two");');
  expect(text).toContain("0 msmainone5 msmaintwo");
  // A name of the module is a link, the page's own is none, and an unknown one neither.
  expect(html).toContain('href="/reference/otp/send"><code>send</code></a>');
  expect(html).toContain("<code>nobody</code>");
  expect(html.match(/href="\/reference\/otp\/monitor"/g)).toHaveLength(1);
  expect(html).toMatch(
    /rel="prev"[^>]*href="\/reference\/otp\/demonitor"|href="\/reference\/otp\/demonitor"[^>]*rel="prev"/,
  );
});

test("an example runs, shows its lines as they come, and says whether they are those promised", async () => {
  const [, monitor] = reference.entries;
  await act(async () =>
    root.render(<EntryPage reference={reference} entry={monitor as Entry} examples={[example]} />),
  );
  const button = () => page.querySelector("figure button") as HTMLButtonElement;
  const lines = () => [...page.querySelectorAll("figure li")].map((it) => it.textContent);
  const status = () => page.querySelector('figure [role="status"]')?.textContent;
  const line = (ms: string, text: string) => ({ ms, who: "main", text });

  expect(lines()).toEqual(["0 msmainone", "5 msmaintwo"]);
  await act(async () => button().click());
  await act(async () => vi.dynamicImportSettled());
  expect(button().textContent).toBe("Stop");
  expect(lines()).toEqual([]);
  await act(async () => world.show([line("0 ms", "one")]));
  expect(lines()).toEqual(["0 msmainone"]);
  await act(async () => world.show([line("0 ms", "one"), line("5 ms", "two")]));
  await act(async () => world.end({ kind: "done" }));
  expect(status()).toBe("Run in your browser just now");
  expect(button().textContent).toBe("Run");

  await act(async () => button().click());
  await act(async () => vi.dynamicImportSettled());
  await act(async () => world.show([line("0 ms", "other")]));
  await act(async () => world.end({ kind: "done" }));
  expect(status()).toBe("These lines are not the ones promised");

  await act(async () => button().click());
  await act(async () => vi.dynamicImportSettled());
  await act(async () => button().click());
  expect(status()).toBe("Stopped");

  await act(async () => button().click());
  await act(async () => vi.dynamicImportSettled());
  await act(async () => world.end({ kind: "failed", what: "The sandbox is silent." }));
  expect(status()).toBe("The sandbox is silent.");
});
