/** The workers of the page of results: the desk, and the makers of trials that it orders from. */
import type { Report } from "../../workers/reproduce/batch.ts";
import type { FromDesk, Said, ToDesk } from "./desk-words.ts";

/** Whoever makes results. One at a time; after `stop` nothing more is heard. */
export interface Crew {
  make(id: string, hear: (said: Said) => void): void;
  stop(): void;
}

const MAKER_COUNT_MAX = 4;
const NOT_LOADED = "a worker could not be loaded, or crashed";

/** Begins the workers: a maker for each processor, four at most. */
export function startCrew(): Crew {
  const desk = new Worker(new URL("./desk.worker.ts", import.meta.url), {
    type: "module",
    name: "desk",
  });
  const count = Math.max(1, Math.min(MAKER_COUNT_MAX, navigator.hardwareConcurrency || 1));
  const makers = Array.from({ length: count }, startMaker);
  let hear: (said: Said) => void = () => {};
  const tell = (words: ToDesk) => desk.postMessage(words);

  desk.onmessage = ({ data }: MessageEvent<FromDesk>) => {
    if (data.kind === "order") makers[data.maker]?.postMessage(data.order);
    else hear(data);
  };
  desk.onerror = ({ message }) => hear({ kind: "failed", reason: message || NOT_LOADED });
  makers.forEach((worker, maker) => {
    const report = (report: Report) => tell({ kind: "report", maker, report });
    worker.onmessage = ({ data }: MessageEvent<Report>) => report(data);
    worker.onerror = ({ message }) =>
      report({ kind: "failed", from: 0, reason: message || NOT_LOADED });
  });

  return {
    make(id, next) {
      hear = next;
      tell({ kind: "begin", id, makerCount: count });
    },
    stop() {
      hear = () => {};
      for (const worker of [desk, ...makers]) worker.terminate();
    },
  };
}

function startMaker(): Worker {
  const address = new URL("../../workers/reproduce/reproduce.worker.ts", import.meta.url);
  return new Worker(address, { type: "module", name: "trials" });
}
