/** The worker that conducts the batches of the page of results. */
import { startBatch } from "../../workers/reproduce/batch.ts";
import { reproductionOf } from "../../workers/reproduce/catalog.ts";
import { createDesk } from "./desk.ts";
import type { FromDesk, ToDesk } from "./desk-words.ts";

const hear = createDesk({
  startBatch,
  find: reproductionOf,
  say: (words: FromDesk) => self.postMessage(words),
  nowMs: () => performance.now(),
});
self.addEventListener("message", ({ data }: MessageEvent<ToDesk>) => hear(data));
