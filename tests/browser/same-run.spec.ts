/**
 * One seed, one run, wherever it runs: in Node, in one worker of a browser, in a worker for each
 * node. The page's own client hides which placement it took, so the frame is spoken to directly.
 */
import { expect, type Page } from "@playwright/test";
import ts from "typescript";
import { friday, SECOND } from "../../lessons/01-first-messages/scenario.ts";
import { compile, type Program } from "../../workers/compile/index.ts";
import { BOUNDS, digestOf, KIND, type Scenario } from "../../workers/kernel/index.ts";
import type { Placement, WatchJob } from "../../workers/sandbox/protocol.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { drawProgram } from "../engine/random-programs.ts";
import { evaluate } from "../engine/room.ts";
import { openLesson, programOf, scaffoldOf, test } from "./lesson.ts";

const SHOP = `
  import { call, cast, Exit, genServer, link, monitor, node, random, receive, self, sendAfter, spawnMonitor, trapExit, when, work } from "otp";
  export const shop = genServer<number>({
    init: () => ["ok", 0],
    async handleCall(request: any, _from, sold) {
      if (request.slow) await work(random() * 3);
      return ["reply", { sold: sold + request.qty, at: node() }, sold + request.qty];
    },
    handleCast: (_note, sold) => ["noreply", sold],
    handleInfo: (_message, sold) => ["noreply", sold],
  });
  export async function customer(n: number, nodes: string[]) {
    trapExit(n % 3 === 0);
    const there = { name: "shop", node: nodes[Math.floor(random() * nodes.length)]! };
    if (n % 5 === 0) monitor(there);
    cast(there, { from: self(), n, share: Math.exp(random()) });
    sendAfter(random() * 20, { tag: "wake", n });
    try {
      await call(there, { qty: n % 7, slow: n % 2 === 0 }, { timeout: 60 });
    } catch (thrown) { if (!(thrown instanceof Exit)) throw thrown; }
    const [pid] = spawnMonitor(async () => { await work(random()); if (random() < 0.3) throw new Error("spilled"); }, []);
    if (n % 6 === 0) link(pid);
    await receive([when({ tag: "DOWN" }, (message: any) => message.reason)], { after: 30 });
  }
`;

const NODES = ["n1", "n2", "n3"];

/** Three shops on lossy, uneven wires; the second node is killed half-way. */
const stormy: Scenario = {
  name: "stormy",
  horizonUs: 1_500_000,
  nodes: NODES.map((name, index) => ({ name, cores: 1 + (index % 2) })),
  wires: [
    { between: ["n1", "n2"], latency: { kind: "uniform", fromUs: 50, toUs: 5000 }, loss: 0.08 },
    { between: ["n2", "n3"], latency: { kind: "det", us: 700 }, loss: 0 },
    { between: ["n1", "n3"], latency: { kind: "uniform", fromUs: 300, toUs: 900 }, loss: 0.02 },
  ],
  starts: NODES.map((node) => ({
    atUs: 0,
    node,
    file: "main.ts",
    run: "shop",
    args: [],
    name: "shop",
  })),
  loads: NODES.map((node) => ({
    name: "customer",
    node,
    file: "main.ts",
    run: "customer",
    args: [NODES],
    phases: [{ untilUs: 1_000_000, perSecond: 120 }],
  })),
  faults: [{ kind: "crash", node: "n2", atUs: 700_001 }],
};

const WORLDS = [
  {
    title: "Friday, into its rush",
    files: {
      "till.ts": programOf("predict/scaffold/till.ts"),
      "customer.ts": scaffoldOf("customer.ts"),
      "shop.ts": scaffoldOf("shop.ts"),
      "log.ts": scaffoldOf("log.ts"),
    },
    scenario: { ...friday, horizonUs: 25 * SECOND },
    workers: { one: 1, each: 2 },
  },
  {
    title: "three nodes in a storm, one of them killed",
    files: { "main.ts": SHOP },
    scenario: stormy,
    workers: { one: 1, each: 2 },
  },
] as const;

for (const { title, files, scenario, workers } of WORLDS) {
  test(`one run in Node and in both placements of a browser: ${title}`, async ({ page }) => {
    const program = compiled(files);
    const trace = simulate({ program: evaluate(program.script), scenario, seed: 7 });
    expect(trace.kindOf(trace.rowCount - 1)).not.toBe(KIND.cut);
    expect(trace.rowCount).toBeGreaterThan(3000);
    const digest = digestOf(trace);

    await openLesson(page);
    for (const placement of ["one", "each"] as const) {
      await test.step(`placement "${placement}"`, async () => {
        const end = await runInFrame(page, program, scenario, placement, 7);
        expect(end).toEqual({ digest, workers: workers[placement], rows: trace.rowCount });
      });
    }
    const other = await runInFrame(page, program, scenario, "each", 8);
    expect(other.digest).not.toBe(digest);
  });
}

/** Programs that nobody chose, on 1 to 4 nodes; a quarter of them to a page. */
const DRAWN = 104;
const PER_PAGE = DRAWN / 4;

for (let first = 1; first <= DRAWN; first += PER_PAGE) {
  test(`drawn programs from ${first} on are one run in Node and in both placements`, async ({
    page,
  }) => {
    test.slow();
    await openLesson(page);
    for (let number = first; number < first + PER_PAGE; number++) {
      const { text, scenario } = drawProgram(number);
      const program = compiled({ "main.ts": text });
      const trace = simulate({ program: evaluate(program.script), scenario, seed: number });
      const expected = { digest: digestOf(trace), rows: trace.rowCount };
      for (const placement of ["one", "each"] as const) {
        const { digest, rows } = await runInFrame(page, program, scenario, placement, number);
        expect({ digest, rows }, `program ${number}, placement ${placement}`).toEqual(expected);
      }
    }
  });
}

function compiled(files: Readonly<Record<string, string>>): Program {
  const result = compile(
    ts,
    Object.entries(files).map(([path, text]) => ({ path, text, role: "scaffold" })),
  );
  if (!result.ok) throw new Error(result.refusals.map(({ message }) => message).join("\n"));
  return result.program;
}

interface End {
  readonly digest: string;
  /** How many workers were alive at the end: one was ended with its node. */
  readonly workers: number;
  /** Rows that were sent to the page on the way. */
  readonly rows: number;
}

/** What the page's client does, word by word. */
function runInFrame(
  page: Page,
  program: Program,
  scenario: Scenario,
  placement: Placement,
  seed: number,
): Promise<End> {
  const what: WatchJob = { kind: "watch", placement, scenario, seed, bounds: BOUNDS };
  return page.evaluate(
    async ({ what, script }) => {
      const runtime = await (await fetch("/sandbox/runtime.js")).text();
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.hidden = true;
      frame.src = "/sandbox/frame.html";
      let rows = 0;
      const end = await new Promise<{ digest: string; workers: number }>((resolve, reject) => {
        window.addEventListener("message", ({ source, data }) => {
          if (source !== frame.contentWindow) return;
          const { news } = data;
          if (news.kind === "ready") {
            const begin = { kind: "begin", job: 1, runtime, program: script, what };
            frame.contentWindow?.postMessage(begin, "*");
          }
          if (news.kind === "rows") rows += news.chunk.rowCount;
          if (news.kind === "end") resolve({ digest: news.digest, workers: news.workers });
          if (news.kind === "failed") reject(new Error(news.what));
        });
        document.body.append(frame);
      });
      frame.remove();
      return { ...end, rows };
    },
    { what, script: program.script },
  );
}
