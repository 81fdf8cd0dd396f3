/** The page's one TypeScript worker, from when somebody first needs it: the compiler or Monaco. */

interface Held {
  readonly worker: Worker;
  isMonacos: boolean;
}

let held: Held | undefined;

/** The worker for the compiler: Monaco's, or the one that Monaco will be given. */
export function typeScriptWorker(): Worker {
  held ??= start();
  return held.worker;
}

/**
 * The worker for Monaco. Monaco asks a second time only after it has terminated the first, so it
 * gets a fresh one then; `typeScriptWorker` gives that one too from there on.
 */
export function typeScriptWorkerForMonaco(): Worker {
  if (held === undefined || held.isMonacos) held = start();
  held.isMonacos = true;
  return held.worker;
}

/** Forgets a worker that could not be loaded, so that the next who asks tries anew. */
export function forgetTypeScriptWorker(worker: Worker): void {
  if (held?.worker !== worker) return;
  held = undefined;
  worker.terminate();
}

function start(): Held {
  const address = new URL("./typescript.worker.ts", import.meta.url);
  return { worker: new Worker(address, { type: "module", name: "typescript" }), isMonacos: false };
}
