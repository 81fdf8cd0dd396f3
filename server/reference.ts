import "server-only";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Entry, Reference } from "../bin/build-reference.mjs";
import type { Scenario } from "../workers/kernel/index.ts";

/** A learner's program that shows one thing, and what it prints. */
export interface Example {
  /** Unique among all: "otp/send-receive". */
  readonly id: string;
  /** What it shows, in a sentence. */
  readonly about: string;
  /** Exports that it is an example of; "task.asyncStream" for one of an object's functions. */
  readonly names: readonly string[];
  /** The nodes it runs on; `main` is started on the first. */
  readonly nodes: readonly string[];
  /** What the world is besides nodes and wires: loads, faults. */
  readonly world: Partial<Scenario>;
  readonly code: string;
  /** Line for line: `0 ms  main: hello`. */
  readonly prints: readonly string[];
}

const ROOT = process.cwd();

/** What bin/build-api.mjs made of the learner's modules. */
export function readReference(): Reference {
  return JSON.parse(readFileSync(join(ROOT, "public/sandbox/reference.json"), "utf8"));
}

/** The examples of a module, in the order of their names. */
export function readExamples(module: string): Example[] {
  const folder = join(ROOT, "lessons/reference", module);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => {
      const stem = name.replace(/\.ts$/, "");
      return parseExample(`${module}/${stem}`, readFileSync(join(folder, name), "utf8"));
    });
}

/**
 * Takes an example's file apart. Comments at its head say what it shows; `// for:` names exports,
 * `// nodes:` nodes, `// world:` is JSON with parts of a scenario. A last comment `// prints:` has
 * what is to be seen.
 */
export function parseExample(id: string, text: string): Example {
  const lines = text.trimEnd().split("\n");
  const headEnd = lines.findIndex((line) => !line.startsWith("//"));
  const head = lines.slice(0, headEnd).map((line) => line.replace(/^\/\/ ?/, ""));
  const printsAt = lines.lastIndexOf("// prints:");
  const said = printsAt < 0 ? [] : lines.slice(printsAt + 1);
  const labelled = (label: string) =>
    head.find((line) => line.startsWith(`${label}: `))?.slice(label.length + 2);
  return {
    id,
    about: head.filter((line) => !/^(for|nodes|world): /.test(line)).join(" "),
    names: labelled("for")?.split(/,? +/) ?? [camelCase(id.replace(/^.*\//, ""))],
    nodes: labelled("nodes")?.split(/,? +/) ?? ["n1"],
    world: JSON.parse(labelled("world") ?? "{}"),
    code: lines
      .slice(headEnd, printsAt < 0 ? undefined : printsAt)
      .join("\n")
      .trim(),
    prints: said.map((line) => line.replace(/^\/\/ ?/, "")),
  };
}

/**
 * The examples that an entry's page shows: first the one with its name, then those that name it, then
 * those that name one of its functions.
 */
export function examplesOf(
  { name }: Pick<Entry, "name">,
  examples: readonly Example[],
): readonly Example[] {
  const rank = ({ id, names }: Example) => {
    const isFor = names.some((one) => one === name || one.startsWith(`${name}.`));
    if (!isFor) return undefined;
    return camelCase(id.replace(/^.*\//, "")) === name ? 0 : names.includes(name) ? 1 : 2;
  };
  return examples
    .map((one) => ({ one, rank: rank(one) }))
    .flatMap(({ one, rank }) => (rank === undefined ? [] : [{ one, rank }]))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
