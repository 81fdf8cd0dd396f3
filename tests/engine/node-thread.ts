/** What a thread of placements.ts runs: one node of a run, as a worker of the frame does. */
import { parentPort, workerData } from "node:worker_threads";
import { lockDown } from "../../workers/sandbox/lockdown.ts";
import { NodeServer } from "../../workers/sandbox/node-server.ts";
import { type ProgramFactory, SHARED } from "../../workers/sandbox/realm.ts";

Object.defineProperty(globalThis, "setProgram", {
  value: (program: ProgramFactory) => {
    lockDown(SHARED);
    const server = new NodeServer(workerData.job, workerData.index, program);
    parentPort?.on("message", (command) => parentPort?.postMessage(server.answer(command)));
  },
});
