/**
 * The script of every worker in the isolated frame. Its first message says which part it plays.
 *
 * What it needs of the worker's globals it keeps in constants before they are taken away; the
 * program, which the frame puts behind this script, is evaluated in what is left.
 */
import type { TraceChunk } from "../kernel/index.ts";
import { conduct, type NodeWorker } from "./coordinator.ts";
import { judgeShare } from "./judge.ts";
import { lockDown } from "./lockdown.ts";
import { NodeServer } from "./node-server.ts";
import type { News, NodeReport, Role } from "./protocol.ts";
import { type ProgramFactory, SHARED } from "./realm.ts";
import { runWhole } from "./whole.ts";

const post = globalThis.postMessage.bind(globalThis) as (
  message: unknown,
  transfer?: Transferable[],
) => void;

let program: ProgramFactory | undefined;

/** The one global that this script makes; the frame's text calls it with the program, once. */
Object.defineProperty(globalThis, "SteadyRuntime", {
  configurable: true,
  value: {
    setProgram(given: ProgramFactory): void {
      program ??= given;
    },
  },
});

globalThis.addEventListener("message", onFirst as EventListener);

function onFirst(
  event: MessageEvent<{ readonly role: Role; readonly ports: readonly MessagePort[] }>,
): void {
  globalThis.removeEventListener("message", onFirst as EventListener);
  const { role, ports } = event.data;
  if (role.role !== "coordinator") {
    Reflect.deleteProperty(globalThis, "SteadyRuntime");
    lockDown(SHARED);
  }
  try {
    play(role, ports);
  } catch (thrown) {
    tell({ kind: "failed", what: `${String(thrown)}` });
  }
}

function play(role: Role, ports: readonly MessagePort[]): void {
  switch (role.role) {
    case "coordinator":
      conduct(role.job, ports.map(askThrough), tell).catch((thrown: unknown) =>
        tell({ kind: "failed", what: String(thrown) }),
      );
      return;
    case "node":
      serve(new NodeServer(role.job, role.index, needProgram()), ports[0] as MessagePort);
      return;
    case "whole":
      runWhole(role.job, needProgram(), tell);
      return;
    case "judge":
      judgeShare(role.job, role.share, needProgram(), tell);
      return;
  }
}

function needProgram(): ProgramFactory {
  if (program === undefined) throw new Error("the sandbox was given no program");
  return program;
}

function tell(news: News): void {
  const { chunk } = news as { chunk?: TraceChunk };
  post(news, chunk === undefined ? [] : [chunk.words.buffer as ArrayBuffer]);
}

function serve(server: NodeServer, port: MessagePort): void {
  port.onmessage = (event) => {
    const report = server.answer(event.data);
    port.postMessage(report, [report.rows.words.buffer]);
  };
}

function askThrough(port: MessagePort): NodeWorker {
  let answer: ((report: NodeReport) => void) | undefined;
  port.onmessage = (event: MessageEvent<NodeReport>) => answer?.(event.data);
  return {
    ask: (command) =>
      new Promise((resolve) => {
        answer = resolve;
        port.postMessage(command);
      }),
  };
}
