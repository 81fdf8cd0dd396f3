/** A watched run with all nodes in this worker: the fallback where workers are dear, and the reference. */
import { digestOf } from "../kernel/index.ts";
import type { News, WatchJob } from "./protocol.ts";
import type { ProgramFactory } from "./realm.ts";
import { createCluster } from "./simulate.ts";

/** The page is sent what there is this many times in a run, so the picture can begin at once. */
const NEWS_COUNT = 40;

export function runWhole(job: WatchJob, program: ProgramFactory, tell: (news: News) => void): void {
  const { scenario } = job;
  const cluster = createCluster({
    ...job,
    program,
    onCrash: (crash) => tell({ kind: "crash", crash }),
  });
  const { trace } = cluster;
  let sentRows = 0;
  let sentPayloads = 1;
  for (let i = 1; i <= NEWS_COUNT && !cluster.isOver; i++) {
    const recordedUs = Math.round((scenario.horizonUs * i) / NEWS_COUNT);
    cluster.runUntil(recordedUs);
    tell({
      kind: "rows",
      chunk: trace.chunk(sentRows, sentPayloads),
      recordedUs: cluster.isOver ? scenario.horizonUs : recordedUs,
    });
    sentRows = trace.rowCount;
    sentPayloads = trace.payloads.length;
  }
  tell({ kind: "end", digest: digestOf(trace), workers: 1 });
}
