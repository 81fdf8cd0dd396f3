/**
 * The table of async constructs: bodies of a file with `main`, each run by the engine's own async
 * functions and by ours, which must write the same lines in the same order. `ticks` writes a line
 * for each job that passes, so the order is compared job for job.
 */
import { AWAIT } from "./snippets-await.ts";
import { BASICS } from "./snippets-basics.ts";
import { CLASSES } from "./snippets-classes.ts";
import { FOR_AWAIT } from "./snippets-for-await.ts";
import { FORMS } from "./snippets-forms.ts";
import { FUNCTIONS } from "./snippets-functions.ts";
import { GENERATORS } from "./snippets-generators.ts";
import { PROMISES } from "./snippets-promises.ts";
import { TRIES } from "./snippets-tries.ts";

/** Stands before every snippet. */
export const PRELUDE = `import { log } from "otp";
function ticks(name: string, count: number) { let p: Promise<unknown> = Promise.resolve(); for (let i = 1; i <= count; i++) p = p.then(() => log(name, i)); }
const later = <T>(value: T, count = 3): Promise<T> => count === 0 ? Promise.resolve(value) : Promise.resolve().then(() => later(value, count - 1));
const fails = (reason: unknown): Promise<never> => Promise.reject(reason);
`;

/** All snippets, by subject and name. */
export const SNIPPETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  basics: BASICS,
  forms: FORMS,
  await: AWAIT,
  functions: FUNCTIONS,
  classes: CLASSES,
  tries: TRIES,
  generators: GENERATORS,
  "for-await": FOR_AWAIT,
  promises: PROMISES,
};
