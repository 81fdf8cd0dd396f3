/**
 * The last step: all files as one expression, a function of the runtime. The kernel evaluates it
 * once and calls it for each node of each run, since calling it makes fresh module state in 1 µs.
 *
 * Each file is a generator that runs in two goes, as the standard has it: first its functions and
 * exports come to be, then (all files being linked) its body runs. So cycles work as far as they
 * do in modules.
 */
import remapping, { type DecodedSourceMap } from "@jridgewell/remapping";
import { digestOf } from "./digest.ts";
import { SHIMMED } from "./globals.ts";
import {
  type Export,
  evaluationOrder,
  exportNames,
  type Import,
  type Module,
  type Source,
} from "./modules.ts";
import type { Program } from "./program.ts";
import { Script } from "./script.ts";
import { writeModule } from "./write.ts";

const RUNTIME = "run done failed asyncGenerator yielded delegate forAwait isStop".split(" ");

const OPENING = `(function ($rt) {
"use strict";
const { ${SHIMMED.join(", ")} } = $rt.globals;
const $g = $rt.guard;
const { ${RUNTIME.map((name) => `${name}: $${name}`).join(", ")} } = $rt;
function $pow(a, b) {
  if (typeof a !== "number" || typeof b !== "number") { a = -(-a); b = -(-b); }
  return typeof a === "number" && typeof b === "number" ? $rt.pow(a, b) : a ** b;
}
function $import(from, name) {
  const module = $rt.modules[from];
  if (name === "*") return module;
  if (module === undefined || !(name in module)) throw new SyntaxError(\`"\${from}" does not export \${name}\`);
  return module[name];
}
function $module() {
  return Object.defineProperty(Object.create(null), Symbol.toStringTag, { value: "Module" });
}
function $export(module, name, get) {
  if (!(name in module)) Object.defineProperty(module, name, { enumerable: true, get });
}
function $exportAll(module, from) {
  for (const name of Object.keys($rt.modules[from])) $export(module, name, () => $rt.modules[from][name]);
}
`;

/** Puts the files together. They must be free of problems. */
export function assemble(modules: ReadonlyMap<string, Module>): Program {
  const files = [...modules.keys()];
  const names = new Map(files.map((path, i) => [path, i + 1]));
  const script = new Script();
  script.add(OPENING);
  for (const i of names.values()) script.add(`const $m${i} = $module();\n`);
  for (const [path, i] of names) addModule(script, path, i, modules, names);
  for (const i of names.values()) script.add(`const $i${i} = $f${i}(); $i${i}.next();\n`);
  for (const path of evaluationOrder(modules)) script.add(`$i${names.get(path)}.next();\n`);
  const exports = files.map((path) => `${JSON.stringify(path)}: $m${names.get(path)}`);
  script.add(`return { ${exports.join(", ")} };\n})`);
  return { script: script.text, map: mapOf(script, modules), digest: digestOf(script.text), files };
}

type Numbers = ReadonlyMap<string, number>;

function addModule(
  script: Script,
  path: string,
  number: number,
  modules: ReadonlyMap<string, Module>,
  numbers: Numbers,
): void {
  const module = modules.get(path) as Module;
  const { body, hoisted, variables } = writeModule(module, (one) => reference(one, numbers));
  const { code } = module.stripped;
  script.add(`function* $f${number}() {\n`);
  for (const line of imports(module)) script.add(`${line}\n`);
  if (variables.length > 0) script.add(`let ${variables.join(", ")};\n`);
  for (const line of exports(path, module, modules, numbers))
    script.add(`$export($m${number}, ${line});\n`);
  for (const star of module.stars) {
    if (star.kind === "library") script.add(`$exportAll($m${number}, ${quote(star.name)});\n`);
  }
  script.add("yield;\n");
  script.addPieces(body, number - 1, code);
  script.add("\n");
  script.addPieces(hoisted, number - 1, code);
  script.add("}\n");
}

/** How an imported name is written; undefined for those that are constants of the module. */
function reference({ source, name }: Import, numbers: Numbers): string | undefined {
  if (source.kind === "library") return undefined;
  return memberOf(`$m${numbers.get(source.path)}`, name);
}

function memberOf(object: string, name: string): string {
  if (name === "*") return object;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? `${object}.${name}`
    : `${object}[${quote(name)}]`;
}

function imports(module: Module): readonly string[] {
  const lines: string[] = [];
  for (const [binding, { source, name }] of module.imports) {
    const isUsed = module.analysis.module.names.get(binding.name) === binding;
    if (source.kind !== "library" || !isUsed) continue;
    lines.push(`const ${binding.name} = $import(${quote(source.name)}, ${quote(name)});`);
  }
  return lines;
}

/** The exports of a file in alphabetical order, as in a module's namespace; each as name and getter. */
function exports(
  path: string,
  module: Module,
  modules: ReadonlyMap<string, Module>,
  numbers: Numbers,
): readonly string[] {
  const lines = [...module.exports].map(
    ([name, target]) => [name, `() => ${exported(target, module, numbers)}`] as const,
  );
  for (const star of module.stars) {
    if (star.kind === "library") continue; // Its names are known only to the runtime; see addModule.
    for (const name of exportNames(star.path, modules, new Set([path])).names) {
      if (name === "default" || module.exports.has(name)) continue;
      lines.push([name, `() => ${sourceMember(star, name, numbers)}`]);
    }
  }
  lines.sort(([a], [b]) => (a < b ? -1 : 1));
  return lines.map(([name, getter]) => `${quote(name)}, ${getter}`);
}

function exported(target: Export, module: Module, numbers: Numbers): string {
  if (target.kind === "from") return sourceMember(target.source, target.name, numbers);
  const binding = module.analysis.module.names.get(target.local);
  const imported = binding && module.imports.get(binding);
  return (imported && reference(imported, numbers)) ?? target.local;
}

function sourceMember(source: Source, name: string, numbers: Numbers): string {
  if (source.kind === "file") return memberOf(`$m${numbers.get(source.path)}`, name);
  return `$import(${quote(source.name)}, ${quote(name)})`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** Composes the script's map with TypeScript's own, back to the learner's text. */
function mapOf(script: Script, modules: ReadonlyMap<string, Module>): string {
  const intermediate = new Map(
    [...modules].map(([path, { stripped }]) => [`${path}#js`, stripped.map]),
  );
  const map: DecodedSourceMap = {
    version: 3,
    names: [],
    sources: [...intermediate.keys()],
    mappings: script.mappings,
  };
  return remapping(map, (source) => intermediate.get(source) ?? null, true).toString();
}
