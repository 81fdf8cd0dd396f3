/**
 * TypeScript in a worker, for two: Monaco's language service, which is all in the import below,
 * and our compiler, which is answered on a port. One worker, so that a page loads and holds
 * TypeScript once; and the compiler needs nothing of Monaco on the page, so that a plain editor
 * does without it.
 */
import { ts } from "monaco-editor/languages/features/typescript/ts.worker.js";
import { compile, type TypeScriptForCompile } from "../../workers/compile/index.ts";
import { type CompileRequest, type CompilerNews, isPortHandedOver } from "./compiler-protocol.ts";

// Monaco declares no types here; that its compiler gives the same text as ours is a test.
const typescript = ts.typescript as TypeScriptForCompile;

function serve(port: MessagePort): void {
  const tell = (news: CompilerNews) => port.postMessage(news);
  port.onmessage = ({ data }: MessageEvent<CompileRequest>) => {
    const { id, files } = data;
    try {
      tell({ kind: "compiled", id, result: compile(typescript, files) });
    } catch (thrown) {
      tell({ kind: "threw", id, what: String(thrown) });
    }
  };
  tell({ kind: "ready" });
}

// Monaco's handler takes any first message for its own, so ours has to be asked before it. In a
// worker listeners are asked in the order in which they came, capturing or not: hence Monaco's,
// which came with the import, is taken off and put behind.
const monacos = self.onmessage;
self.onmessage = null;
self.addEventListener("message", (event: MessageEvent<unknown>) => {
  if (!isPortHandedOver(event.data)) return;
  event.stopImmediatePropagation();
  serve(event.data.port);
});
self.onmessage = monacos;
