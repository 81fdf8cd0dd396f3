/**
 * Which file gives what to which: imports and exports of all files of an exercise, checked here, so
 * that a wrong name is refused with its place instead of being undefined at run time.
 */
import type { AnyNode } from "acorn";
import type { Problem } from "./program.ts";
import { type Analysis, analyse, type Binding } from "./scope.ts";
import type { Stripped } from "./strip.ts";
import { namesIn } from "./tree.ts";

/** Where something is imported from: what the runtime gives, or another file of the exercise. */
export type Source =
  | { readonly kind: "library"; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/** What an imported name stands for. `name` is "*" for all of the source. */
export interface Import {
  readonly source: Source;
  readonly name: string;
  readonly node: AnyNode;
}

/** What an exported name stands for. */
export type Export =
  | { readonly kind: "local"; readonly local: string }
  | { readonly kind: "from"; readonly source: Source; readonly name: string };

/** One file, read. */
export interface Module {
  readonly stripped: Stripped;
  readonly analysis: Analysis;
  readonly imports: ReadonlyMap<Binding, Import>;
  readonly exports: ReadonlyMap<string, Export>;
  /** Sources of `export * from`. */
  readonly stars: readonly Source[];
  /** Files to be evaluated before this one, where cycles allow, in the order of the imports. */
  readonly needs: readonly string[];
  readonly problems: Problem[];
}

/** Names that a file exports; `isOpen` when it passes on a library, whose names are not known here. */
interface ExportNames {
  readonly names: ReadonlySet<string>;
  readonly isOpen: boolean;
}

/** Reads one file's imports and exports. What is wrong with them is in `problems`. */
export function readModule(stripped: Stripped, paths: ReadonlySet<string>): Module {
  return new Reader(stripped, paths).read();
}

/** Adds a problem for each imported or re-exported name that the file it comes from lacks. */
export function checkLinks(modules: ReadonlyMap<string, Module>): void {
  for (const module of modules.values()) {
    for (const one of module.imports.values()) checkLink(module, one, modules);
  }
}

/** The order of evaluation: needed files first, else as given. */
export function evaluationOrder(modules: ReadonlyMap<string, Module>): readonly string[] {
  const order = new Set<string>();
  const begun = new Set<string>();
  const visit = (path: string): void => {
    if (begun.has(path)) return;
    begun.add(path);
    for (const need of modules.get(path)?.needs ?? []) visit(need);
    order.add(path);
  };
  for (const path of modules.keys()) visit(path);
  return [...order];
}

/** All names that a file exports, those of `export * from` other files among them. */
export function exportNames(
  path: string,
  modules: ReadonlyMap<string, Module>,
  seen: ReadonlySet<string> = new Set(),
): ExportNames {
  const module = modules.get(path);
  if (module === undefined || seen.has(path)) return { names: new Set(), isOpen: false };
  const names = new Set(module.exports.keys());
  let isOpen = false;
  for (const star of module.stars) {
    if (star.kind === "library") isOpen = true;
    else {
      const inner = exportNames(star.path, modules, new Set([...seen, path]));
      for (const name of inner.names) if (name !== "default") names.add(name);
      isOpen ||= inner.isOpen;
    }
  }
  return { names, isOpen };
}

function checkLink(module: Module, one: Import, modules: ReadonlyMap<string, Module>): void {
  if (one.source.kind !== "file" || one.name === "*") return;
  const { names, isOpen } = exportNames(one.source.path, modules);
  if (isOpen || names.has(one.name)) return;
  const listed = [...names].sort().join(", ");
  const known = listed === "" ? "It exports nothing." : `It exports ${listed}.`;
  module.problems.push({
    start: one.node.start,
    end: one.node.end,
    code: "no-such-export",
    message: `${one.source.path} does not export \`${one.name}\`. ${known}`,
  });
}

class Reader {
  readonly #stripped: Stripped;
  readonly #paths: ReadonlySet<string>;
  readonly #analysis: Analysis;
  readonly #imports = new Map<Binding, Import>();
  readonly #exports = new Map<string, Export>();
  readonly #stars: Source[] = [];
  readonly #needs: string[] = [];
  readonly #problems: Problem[];

  constructor(stripped: Stripped, paths: ReadonlySet<string>) {
    this.#stripped = stripped;
    this.#paths = paths;
    this.#analysis = analyse(stripped.tree);
    this.#problems = [...this.#analysis.problems];
  }

  read(): Module {
    for (const node of this.#stripped.tree.body) this.#readStatement(node);
    return {
      stripped: this.#stripped,
      analysis: this.#analysis,
      imports: this.#imports,
      exports: this.#exports,
      stars: this.#stars,
      needs: this.#needs,
      problems: this.#problems,
    };
  }

  #readStatement(node: AnyNode): void {
    switch (node.type) {
      case "ImportDeclaration":
        return this.#readImport(node);
      case "ExportAllDeclaration":
        return this.#readStar(node);
      case "ExportDefaultDeclaration": {
        const { declaration } = node;
        const id =
          "id" in declaration && declaration.type.endsWith("Declaration") ? declaration.id : null;
        return this.#export("default", { kind: "local", local: id?.name ?? "$default" }, node);
      }
      case "ExportNamedDeclaration":
        return this.#readExport(node);
    }
  }

  #readImport(node: Extract<AnyNode, { type: "ImportDeclaration" }>): void {
    const source = this.#source(node.source);
    if (source === undefined) return;
    for (const specifier of node.specifiers) {
      const name =
        specifier.type === "ImportSpecifier"
          ? nameOf(specifier.imported)
          : specifier.type === "ImportDefaultSpecifier"
            ? "default"
            : "*";
      const binding = this.#analysis.module.names.get(specifier.local.name);
      if (binding) this.#imports.set(binding, { source, name, node: specifier });
      if (source.kind === "library" && name === "default")
        this.#refuseDefault(specifier, source.name);
    }
  }

  #refuseDefault(node: AnyNode, library: string): void {
    const message = `"${library}" has no default export. Name what you need: import { … } from "${library}".`;
    this.#problem(node, "no-such-export", message);
  }

  #readStar(node: Extract<AnyNode, { type: "ExportAllDeclaration" }>): void {
    const source = this.#source(node.source);
    if (source === undefined) return;
    if (!node.exported) this.#stars.push(source);
    else this.#export(nameOf(node.exported), { kind: "from", source, name: "*" }, node);
  }

  #readExport(node: Extract<AnyNode, { type: "ExportNamedDeclaration" }>): void {
    const { declaration } = node;
    if (declaration?.type === "VariableDeclaration") {
      for (const one of declaration.declarations) {
        for (const { name } of namesIn(one.id))
          this.#export(name, { kind: "local", local: name }, one);
      }
    } else if (declaration) {
      const { name } = declaration.id;
      this.#export(name, { kind: "local", local: name }, declaration.id);
    }
    const source = node.source ? this.#source(node.source) : undefined;
    if (node.source && source === undefined) return;
    for (const one of node.specifiers) {
      const name = nameOf(one.local);
      if (source) this.#imports.set(reExport(name), { source, name, node: one });
      this.#export(
        nameOf(one.exported),
        source ? { kind: "from", source, name } : { kind: "local", local: name },
        one,
      );
    }
  }

  #export(name: string, target: Export, node: AnyNode): void {
    if (this.#exports.has(name)) {
      this.#problem(node, "duplicate-export", `\`${name}\` is exported twice.`);
    }
    this.#exports.set(name, target);
  }

  #source(literal: Extract<AnyNode, { type: "Literal" }>): Source | undefined {
    const specifier = String(literal.value);
    if (specifier === "otp" || specifier === "world") return { kind: "library", name: specifier };
    if (specifier === "probe" && this.#stripped.file.role === "scaffold") {
      return { kind: "library", name: specifier };
    }
    const path = this.#resolve(specifier);
    if (path !== undefined) {
      this.#needs.push(path);
      return { kind: "file", path };
    }
    this.#problem(literal, "unknown-module", this.#unknownModule(specifier));
    return undefined;
  }

  #resolve(specifier: string): string | undefined {
    if (!specifier.startsWith("./") && !specifier.startsWith("../")) return undefined;
    const steps = this.#stripped.file.path.split("/").slice(0, -1);
    for (const step of specifier.split("/")) {
      if (step === "..") steps.pop();
      else if (step !== ".") steps.push(step);
    }
    const path = steps.join("/");
    return [path, `${path}.ts`, path.replace(/\.js$/, ".ts")].find((one) => this.#paths.has(one));
  }

  #unknownModule(specifier: string): string {
    const others = [...this.#paths].filter((path) => path !== this.#stripped.file.path);
    const files = others.map((path) => `"./${path}"`).join(", ");
    const known = files === "" ? `"otp", "world"` : `"otp", "world", ${files}`;
    return `"${specifier}" cannot be imported. What can be: ${known}.`;
  }

  #problem(node: AnyNode, code: Problem["code"], message: string): void {
    this.#problems.push({ start: node.start, end: node.end, code, message });
  }
}

function nameOf(node: Extract<AnyNode, { type: "Identifier" | "Literal" }>): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}

/** A re-exported name has no binding in its file; this one lets it be checked like an import. */
function reExport(name: string): Binding {
  // Only its identity is used: no reference leads to it.
  return { name, kind: "import" } as Binding;
}
