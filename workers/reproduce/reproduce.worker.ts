/** A Web Worker that makes trials: each message is an order, and answered with one report. */
import { perform } from "./batch.ts";
import { reproductionOf } from "./catalog.ts";

/** What this needs of a dedicated worker's global object; the folder is compiled without the DOM's types. */
interface WorkerScope {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.onmessage = ({ data }) => scope.postMessage(perform(data, reproductionOf));
