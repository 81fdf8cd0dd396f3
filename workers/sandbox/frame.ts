/**
 * The script of the isolated frame: makes and ends workers, and passes their news to the page.
 *
 * It is inlined into /sandbox/frame.html and allowed there by its hash, alone. The frame has an
 * origin of its own (sandbox without allow-same-origin) and may not connect to anything. Learner
 * code never runs here, only in the workers; a frame that is removed takes them all with it.
 */
import { workerPlan } from "./placement.ts";
import type { Begin, FromFrame, News, Role } from "./protocol.ts";
import { NEWS_BYTES_MAX, NEWS_COUNT_MAX } from "./protocol.ts";

const page = window.parent;
let job = -1;
let newsCount = 0;
let newsBytes = 0;

window.addEventListener("message", (event: MessageEvent<unknown>) => {
  // The page's origin cannot be named from here; that it is the parent can be checked.
  if (event.source !== page || job >= 0) return;
  const message = event.data as Begin;
  if (message?.kind !== "begin") return;
  job = message.job;
  begin(message);
});

tell({ kind: "ready" });

function begin({ runtime, program, what }: Begin): void {
  const learner = blobUrl([runtime, "\n;SteadyRuntime.setProgram(", program, "\n);"]);
  if (what.kind === "judge") {
    for (let share = 0; share < what.workerCount; share++)
      startWorker(learner, { role: "judge", job: what, share });
  } else if (what.placement === "one") {
    startWorker(learner, { role: "whole", job: what });
  } else {
    startEach(learner, blobUrl([runtime]), what);
  }
}

function startEach(
  learner: string,
  trusted: string,
  watch: Extract<Begin["what"], { kind: "watch" }>,
): void {
  const ports: MessagePort[] = [];
  const nodes = workerPlan(watch.scenario).map((index) => {
    const channel = new MessageChannel();
    ports.push(channel.port1);
    return startWorker(learner, { role: "node", job: watch, index }, [channel.port2]);
  });
  startWorker(trusted, { role: "coordinator", job: watch }, ports, (news) => {
    if (news.kind === "terminate") nodes[news.index]?.terminate();
  });
}

function startWorker(
  url: string,
  role: Role,
  ports: MessagePort[] = [],
  alsoTell?: (news: News) => void,
): Worker {
  const worker = new Worker(url);
  worker.addEventListener("message", (event: MessageEvent<News>) => {
    alsoTell?.(event.data);
    pass(event.data);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    pass({ kind: "failed", what: event.message || "a worker of the sandbox could not start" });
  });
  worker.postMessage({ role, ports }, ports);
  return worker;
}

/** Passes news on while the job is within its budget; the first message past it says so, once. */
function pass(news: News): void {
  newsCount++;
  newsBytes += news?.kind === "rows" ? news.chunk.words.byteLength : 200;
  const isOver = newsCount > NEWS_COUNT_MAX || newsBytes > NEWS_BYTES_MAX;
  if (!isOver) tell(news);
  else if (newsCount < Number.MAX_SAFE_INTEGER) {
    newsCount = Number.MAX_SAFE_INTEGER;
    tell({ kind: "failed", what: "the run sent more than the page accepts" });
  }
}

function tell(news: FromFrame["news"]): void {
  const message: FromFrame = { steady: true, job, news };
  page.postMessage(message, "*", news.kind === "rows" ? transferables(news) : []);
}

function transferables({ chunk }: Extract<News, { kind: "rows" }>): ArrayBuffer[] {
  return ArrayBuffer.isView(chunk.words) ? [chunk.words.buffer as ArrayBuffer] : [];
}

function blobUrl(parts: string[]): string {
  // Firefox and WebKit load a blob as a script only when it says that it is one.
  return URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
}
