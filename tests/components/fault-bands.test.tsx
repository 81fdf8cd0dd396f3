// @vitest-environment happy-dom
/** Faults under the hand: the menu, the bands and the editor, with a plan that is only kept. */
import { act, useRef, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FaultBands } from "../../components/playback/fault-bands.tsx";
import type { Ground } from "../../components/sandbox/fault-choices.ts";
import { useFaultDesk } from "../../components/sandbox/fault-desk.ts";
import { FaultEditor } from "../../components/sandbox/fault-editor.tsx";
import { FaultMenu, type FaultView } from "../../components/sandbox/fault-menu.tsx";
import type { Plan } from "../../components/sandbox/fault-plan.ts";
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { L01, shopScenario } from "./flow/shop-trace.ts";

const SECOND = 1_000_000;
const scenario = shopScenario(L01);
const { horizonUs } = scenario;
const HANG: FaultSpec = {
  kind: "hang",
  node: "n1",
  process: "till",
  atUs: 10 * SECOND,
  untilUs: 20 * SECOND,
};
const CRASH: FaultSpec = { kind: "crash", node: "web", atUs: 40 * SECOND };

let root: Root;
let page: HTMLElement;
/** Every plan that a run was asked for with, latest last. */
let runs: Plan[];

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  vi.useFakeTimers();
  page = document.body.appendChild(document.createElement("main"));
  root = createRoot(page);
  runs = [];
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
  vi.useRealTimers();
});

/** As the stage puts the parts together; `stage` stands for the run that the plan brought. */
function Bench({ first }: { readonly first: Plan }) {
  const [plan, setPlan] = useState(first);
  return (
    <Stage
      key={runs.length}
      plan={plan}
      onFaults={(next) => {
        runs.push(next);
        setPlan(next);
      }}
    />
  );
}

function Stage({ plan, onFaults }: { readonly plan: Plan; onFaults(plan: Plan): void }) {
  const pane = useRef<HTMLDivElement>(null);
  const desk = useFaultDesk(pane, plan, onFaults);
  const [view, setView] = useState<FaultView>();
  const [editing, setEditing] = useState<number>();
  const ground: Ground = { scenario, plan, processes: [{ node: "n1", process: "till" }] };
  const edited = editing === undefined ? undefined : plan[editing];
  return (
    <div ref={pane}>
      <FaultMenu
        desk={desk}
        view={view}
        onOpen={() => setView({ ground, atUs: 30 * SECOND, picked: { node: "web" } })}
        onClose={() => setView(undefined)}
        onEdit={setEditing}
      />
      {desk.canUndo && (
        <button type="button" data-keep="undo" onClick={desk.undo}>
          Undo
        </button>
      )}
      <FaultBands
        desk={desk}
        horizonUs={horizonUs}
        onEdit={setEditing}
        onMore={() => setView(undefined)}
      />
      {edited && (
        <FaultEditor
          fault={edited}
          ground={ground}
          index={editing as number}
          onChange={(fault) => {
            setEditing(undefined);
            desk.change(editing as number, fault);
          }}
          onRemove={() => {
            setEditing(undefined);
            desk.remove(editing as number);
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
    </div>
  );
}

const show = (first: Plan = []) => act(async () => root.render(<Bench first={first} />));
const buttons = () => [...page.querySelectorAll("button")];
const button = (words: string) => {
  const found = buttons().find((it) =>
    (it.getAttribute("aria-label") ?? it.textContent)?.startsWith(words),
  );
  if (found === undefined) throw new Error(`there is no button "${words}"`);
  return found;
};
const click = (words: string) => act(async () => button(words).click());
const bands = () => [...page.querySelectorAll<HTMLElement>('[data-keep^="fault-"]')];
const labels = () => bands().map((band) => band.getAttribute("aria-label"));
const press = (key: string, more: KeyboardEventInit = {}) =>
  act(async () => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    document.activeElement?.dispatchEvent(event);
  });
const passMs = (ms: number) => act(async () => vi.advanceTimersByTime(ms));
const point = (on: Element, kind: string, clientX: number) =>
  act(async () => {
    const event = new PointerEvent(kind, { clientX, pointerId: 1, button: 0, bubbles: true });
    on.dispatchEvent(event);
  });
const plan = () => runs.at(-1);

test("without faults there is only the menu", async () => {
  await show();
  expect(buttons().map((it) => it.title)).toEqual(["Break something"]);
});

test("a choice with one target strikes at once, and its band has the focus", async () => {
  await show();
  await click("Break something");
  await click("Hang the process");
  expect(plan()).toEqual([{ ...HANG, atUs: 30 * SECOND, untilUs: 38 * SECOND }]);
  expect(labels()).toEqual(["till hangs, from 30.000 s to 38.000 s"]);
  expect(document.activeElement).toBe(bands()[0]);
});

test("with more than one it asks, and what is picked in the picture comes first", async () => {
  await show();
  await click("Break something");
  await click("Kill the node");
  expect(runs).toEqual([]);
  expect(page.querySelector("dialog h2")?.textContent).toBe("Which node is killed?");
  const answers = [...page.querySelectorAll("dialog li button")];
  expect(answers.map((it) => it.textContent)).toEqual(["web", "n1"]);
  await act(async () => (answers[0] as HTMLElement).click());
  expect(plan()).toEqual([{ ...CRASH, atUs: 30 * SECOND }]);
});

test("arrows move a band, the run is made again when the keys rest", async () => {
  await show([HANG]);
  bands()[0]?.focus();
  await press("ArrowRight");
  await press("ArrowRight");
  await press("ArrowRight", { shiftKey: true });
  expect(labels()).toEqual(["till hangs, from 11.600 s to 22.400 s"]);
  expect(runs).toEqual([]);
  await passMs(599);
  expect(runs).toEqual([]);
  await passMs(1);
  expect(runs).toEqual([[{ ...HANG, atUs: 11.6 * SECOND, untilUs: 22.4 * SECOND }]]);
  // The run brought another stage; the reader is where they were.
  expect(document.activeElement).toBe(bands()[0]);
});

test("Escape gives a move up, leaving the band keeps it", async () => {
  await show([HANG]);
  bands()[0]?.focus();
  await press("ArrowLeft");
  await press("Escape");
  await passMs(2000);
  expect(runs).toEqual([]);
  await press("ArrowLeft");
  await act(async () => button("Break something").focus());
  expect(plan()).toEqual([{ ...HANG, atUs: 9.2 * SECOND, untilUs: 19.2 * SECOND }]);
});

test("a band is dragged by its body and by its ends, and only letting go counts", async () => {
  await show([HANG]);
  // 640 px stand for the 80 s of the run.
  const [band] = bands() as [HTMLElement];
  await point(band, "pointerdown", 100);
  await point(band, "pointermove", 180);
  expect(band.textContent).toBe("20.000–30.000 s");
  expect(runs).toEqual([]);
  await point(band, "pointerup", 180);
  expect(plan()).toEqual([{ ...HANG, atUs: 20 * SECOND, untilUs: 30 * SECOND }]);

  const end = page.querySelector('[data-edge="until"]') as HTMLElement;
  await point(end, "pointerdown", 240);
  await point(end, "pointermove", 200);
  await point(end, "pointerup", 200);
  expect(plan()).toEqual([{ ...HANG, atUs: 20 * SECOND, untilUs: 25 * SECOND }]);

  const before = runs.length;
  await point(bands()[0] as HTMLElement, "pointerdown", 170);
  await point(bands()[0] as HTMLElement, "pointermove", 300);
  await point(bands()[0] as HTMLElement, "pointercancel", 300);
  expect(runs).toHaveLength(before);
  expect(labels()).toEqual(["till hangs, from 20.000 s to 25.000 s"]);
});

test("Delete removes, and Control with z takes it back", async () => {
  await show([HANG, CRASH]);
  bands()[0]?.focus();
  await press("Delete");
  expect(plan()).toEqual([CRASH]);
  expect(document.activeElement).toBe(bands()[0]);
  await press("z", { ctrlKey: true });
  expect(plan()).toEqual([HANG, CRASH]);
  expect(buttons().some((it) => it.textContent === "Undo")).toBe(false);
  expect(document.activeElement).toBe(button("Break something"));
});

test("all are removed at once, and come back at once", async () => {
  await show([HANG, CRASH]);
  await click("Break something");
  await click("Remove all");
  expect(plan()).toEqual([]);
  expect(document.activeElement).toBe(button("Undo"));
  await click("Undo");
  expect(plan()).toEqual([HANG, CRASH]);
});

test("the editor changes figures, and says why it does not", async () => {
  await show([HANG]);
  await act(async () => bands()[0]?.click());
  const field = (name: string) => page.querySelector(`input[name="${name}"]`) as HTMLInputElement;
  expect([field("from").value, field("until").value]).toEqual(["10", "20"]);

  field("until").value = "5";
  await click("Change");
  expect(page.querySelector("form [role=status]")?.textContent).toBe(
    "It ends at 5.000 s and begins at 10.000 s. Let it end later.",
  );
  expect(runs).toEqual([]);

  field("from").value = "1,25";
  await click("Change");
  expect(plan()).toEqual([{ ...HANG, atUs: 1_250_000, untilUs: 5 * SECOND }]);
  expect(page.querySelector("dialog")).toBeNull();
});

test("an emptied end lasts to the end of the run, where the fault knows such an end", async () => {
  const slow: FaultSpec = { kind: "slow", node: "n1", factor: 4, atUs: 0, untilUs: SECOND };
  await show([slow, HANG]);
  const empty = async (index: number) => {
    await act(async () => bands()[index]?.click());
    (page.querySelector('input[name="until"]') as HTMLInputElement).value = " ";
    await click("Change");
  };
  await empty(0);
  expect(plan()?.[0]).toEqual({ kind: "slow", node: "n1", factor: 4, atUs: 0 });
  await empty(1);
  expect(page.querySelector("form [role=status]")?.textContent).toContain("The end is not a time");
});

test("a key still on its way when another stage comes is not lost", async () => {
  await show([HANG]);
  bands()[0]?.focus();
  await press("ArrowRight");
  await act(async () => root.render(<Bench key="another" first={[HANG]} />));
  expect(runs).toEqual([[{ ...HANG, atUs: 10.8 * SECOND, untilUs: 20.8 * SECOND }]]);
});

test("faults without a row are counted", async () => {
  await show(Array.from({ length: 6 }, () => HANG));
  expect(bands()).toHaveLength(4);
  expect(button("+2 more")).toBeDefined();
});
