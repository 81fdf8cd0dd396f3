// @ts-check
/**
 * `npm run conformance`: runs tests/otp/conformance/run.ts. What follows `--` is passed on: a folder
 * of recorded scenarios (default tests/otp/recorded), `--only=<part of an id>`, `--seeds=N`.
 */
import { resolve } from "node:path";
import { runTypescript } from "./run-typescript.mjs";

// A folder is meant from where the command was typed, which npm leaves for the package's own.
const typedIn = process.env["INIT_CWD"] ?? process.cwd();
const words = process.argv
  .slice(2)
  .map((word) => (word.startsWith("--") ? word : resolve(typedIn, word)));
await runTypescript("tests/otp/conformance/run.ts", ".cache/conformance/run.mjs", words);
