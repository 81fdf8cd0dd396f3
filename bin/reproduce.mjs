// @ts-check
/**
 * `npm run reproduce`: runs bench/reproduce.ts, which makes the published results of the course
 * again and prints them beside ours. What follows `--` is passed on: ids of results ("R1 R6";
 * default all), `--workers=N` (default: one for each processor).
 */
import { runTypescript } from "./run-typescript.mjs";

await runTypescript("bench/reproduce.ts", ".cache/reproduce/run.mjs", process.argv.slice(2));
