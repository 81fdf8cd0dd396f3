// @ts-check
/**
 * `npm run bench`: runs bench/run.ts, whose paths are relative to the repository's root. What
 * follows `--` is passed on.
 */
import { runTypescript } from "./run-typescript.mjs";

await runTypescript("bench/run.ts", ".cache/bench/run.mjs", process.argv.slice(2));
