// @vitest-environment happy-dom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EXPORT_FORMS, fileNameOf } from "../../components/playback/export-files.ts";
import { ExportMenu } from "../../components/playback/export-menu.tsx";
import { createTraceSource } from "../../components/playback/trace-source.ts";
import { parseJsonl, SHIVIZ_PARSER } from "../../workers/trace/index.ts";
import { SMALL, shopTrace } from "./flow/shop-trace.ts";

const RUN = "1a2b3c4d · first-messages · seed 1 · engine 99 · trace 0123456789ab";

let root: Root;
let page: HTMLElement;
let saved: { name: string; file: Blob }[];

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  page = document.body.appendChild(document.createElement("main"));
  root = createRoot(page);
  saved = [];
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
});

async function show(isComplete: boolean) {
  const source = createTraceSource(shopTrace(SMALL));
  if (isComplete) source.finish();
  await act(async () =>
    root.render(
      <ExportMenu
        source={source}
        runName={RUN}
        save={(name, file) => saved.push({ name, file })}
      />,
    ),
  );
  return source.trace;
}

const opener = () => page.querySelector("button") as HTMLButtonElement;
const choices = () => [...page.querySelectorAll<HTMLButtonElement>("li button")];
const list = () => page.querySelector("ul") as HTMLElement;
const press = (key: string) =>
  act(async () => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  });

test("waits for the run's end", async () => {
  await show(false);
  expect(opener().disabled).toBe(true);
  expect(list().hidden).toBe(true);
});

test("opens to three files, by keys alone, and closes with Escape", async () => {
  await show(true);
  expect(opener().getAttribute("aria-label")).toBe("Export the trace");
  expect(opener().getAttribute("aria-expanded")).toBe("false");
  opener().focus();
  await act(async () => opener().click());
  expect(opener().getAttribute("aria-expanded")).toBe("true");
  expect(document.getElementById(opener().getAttribute("aria-controls") ?? "")).toBe(list());
  expect(list().hidden).toBe(false);
  expect(choices().map((choice) => choice.querySelector("span")?.textContent)).toEqual([
    "JSON Lines",
    "Chrome trace",
    "ShiViz log",
  ]);
  await press("ArrowDown");
  expect(document.activeElement).toBe(choices()[0]);
  await press("ArrowUp");
  expect(document.activeElement).toBe(choices()[2]);
  await press("ArrowDown");
  expect(document.activeElement).toBe(choices()[0]);
  await press("Escape");
  expect(list().hidden).toBe(true);
  expect(document.activeElement).toBe(opener());
});

test.each(EXPORT_FORMS)("gives the $label, named after the run", async (form) => {
  const trace = await show(true);
  await act(async () => opener().click());
  await act(async () => choices()[EXPORT_FORMS.indexOf(form)]?.click());
  await act(async () => {
    await expect.poll(() => saved.length).toBe(1);
  });
  const { name, file } = saved[0] as (typeof saved)[0];
  const stem = "1a2b3c4d-first-messages-seed-1-engine-99-trace-0123456789ab";
  expect(name).toBe(`${stem}${form.ending}`);
  const text = await file.text();
  if (form.id === "jsonl")
    expect(parseJsonl(text)).toMatchObject({
      ok: true,
      run: RUN,
      rows: { length: trace.rowCount },
    });
  if (form.id === "chrome") expect(JSON.parse(text).otherData).toEqual({ run: RUN });
  if (form.id === "shiviz") expect(text.startsWith(SHIVIZ_PARSER)).toBe(true);
  expect(list().hidden).toBe(true);
});

test("a run without a fit name is called run", () => {
  const [form] = EXPORT_FORMS;
  if (form === undefined) throw new Error("no form");
  expect(fileNameOf("../..", form)).toBe("run.jsonl");
  expect(fileNameOf("x".repeat(500), form)).toHaveLength(126);
});
