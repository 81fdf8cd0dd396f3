/**
 * The compiler as the page sees it: files in, a program or refusals out, made in the TypeScript
 * worker. Loads TypeScript (about 1 MB) on first use, and nothing of Monaco's editor.
 */
import type { CompileResult, SourceFile } from "../../workers/compile/index.ts";
import type { CompileRequest, CompilerNews, PortHandedOver } from "./compiler-protocol.ts";
import { forgetTypeScriptWorker, typeScriptWorker } from "./typescript-worker.ts";

/** The compiler could not be loaded, or did not answer: no judgement of the files. */
class CompilerUnavailable extends Error {
  override readonly name = "CompilerUnavailable";
}

/** Loading over a slow line, plus the first compilation. */
const ANSWER_MS_MAX = 60_000;

const NOT_LOADED =
  "The compiler could not be loaded. Check the connection and run again; your code is kept.";
const NO_ANSWER = "The compiler has not answered for a minute. Run again; your code is kept.";

interface Waiting {
  resolve(result: CompileResult): void;
  reject(error: Error): void;
}

/** The line to one worker. A worker that Monaco has ended is never asked again: see `lineTo`. */
class CompilerLine {
  readonly worker: Worker;
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #isReady = false;
  #requestCount = 0;

  constructor(worker: Worker) {
    this.worker = worker;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<CompilerNews>) => this.#hear(data);
    // Before it is ready an error means that the script did not load; later it is Monaco's own.
    worker.addEventListener("error", () => {
      if (!this.#isReady) this.close(NOT_LOADED);
    });
    const message: PortHandedOver = { kind: "steady-compiler", port: port2 };
    worker.postMessage(message, [port2]);
  }

  compile(files: readonly SourceFile[]): Promise<CompileResult> {
    const id = this.#requestCount++;
    const { promise, resolve, reject } = withResolvers();
    const bound = setTimeout(() => this.close(NO_ANSWER), ANSWER_MS_MAX);
    this.#waiting.set(id, { resolve, reject });
    const request: CompileRequest = { id, files };
    this.#port.postMessage(request);
    return promise.finally(() => clearTimeout(bound));
  }

  /** Gives up on this worker; whoever waits is told why. */
  close(why: string): void {
    if (line === this) line = undefined;
    this.#port.close();
    forgetTypeScriptWorker(this.worker);
    for (const { reject } of this.#waiting.values()) reject(new CompilerUnavailable(why));
    this.#waiting.clear();
  }

  #hear(news: CompilerNews): void {
    if (news.kind === "ready") {
      this.#isReady = true;
      return;
    }
    const waiting = this.#waiting.get(news.id);
    this.#waiting.delete(news.id);
    if (news.kind === "compiled") waiting?.resolve(news.result);
    else waiting?.reject(new Error(`the compiler failed: ${news.what}`));
  }
}

let line: CompilerLine | undefined;

function lineTo(worker: Worker): CompilerLine {
  if (line?.worker !== worker) {
    line?.close(NOT_LOADED);
    line = new CompilerLine(worker);
  }
  return line;
}

/**
 * Compiles the files of an exercise together. Refusals are a result; the promise is rejected only
 * with `CompilerUnavailable` (its message is for the learner), or for a mistake of ours.
 */
export function compileInPage(files: readonly SourceFile[]): Promise<CompileResult> {
  return lineTo(typeScriptWorker()).compile(files);
}

let isWarm = false;

/** Begins to load the compiler, and lets it compile something small; for the first sign of interest. */
export function warmCompiler(): void {
  if (isWarm) return;
  isWarm = true;
  compileInPage([
    { path: "warm.ts", text: "export const warm: number = 1;\n", role: "yours" },
  ]).catch(() => {
    isWarm = false;
  });
}

/** Promise.withResolvers, which Safari has only since 17.4. */
function withResolvers(): Waiting & { readonly promise: Promise<CompileResult> } {
  let resolve: Waiting["resolve"] = () => undefined;
  let reject: Waiting["reject"] = () => undefined;
  const promise = new Promise<CompileResult>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
