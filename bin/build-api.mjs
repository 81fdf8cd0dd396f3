// @ts-check
/**
 * Writes public/sandbox/api.json: the declarations of the learner's modules "otp", "world" and
 * "probe", for the editor to complete, explain and check with; and beside it reference.json, the
 * same taken apart for the pages of the reference (build-reference.mjs). One file of declarations a module, each holding
 * what the module exports and what that refers to, and nothing else of the engine: TypeScript emits
 * the declarations of all files, and only those that can be reached from the exports are kept.
 * Runs with bin/build-sandbox.mjs, or alone: `node bin/build-api.mjs`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { referenceOf } from "./build-reference.mjs";

/** The learner's modules and the file behind each. */
const MODULES = {
  otp: "workers/otp/index.ts",
  world: "workers/world/api.ts",
  probe: "workers/otp/probe.ts",
};

/** Types of the engine that a learner never meets by name; they are left out of unions. */
const HIDDEN = new Set(["CoPromise"]);

/** Globals that the runtime provides and the editor's library (ES2022 without a browser) lacks. */
const GLOBALS = `/** Lines written here go into the trace, as those of \`log\` do. */
declare const console: Readonly<Record<"log" | "info" | "warn" | "error" | "debug", (...values: unknown[]) => void>>;
/** A deep copy of plain data, as a message is copied. */
declare function structuredClone<Value>(value: Value): Value;
`;

/** Address of a module's declarations in the editor. */
const addressOf = (/** @type {string} */ name) => `file:///node_modules/${name}/index.d.ts`;

/**
 * Builds the declarations and writes them; throws with TypeScript's words when they cannot be made.
 * @param {string} root the project's folder
 * @returns {Promise<void>}
 */
export async function buildApi(root) {
  const to = join(root, "public/sandbox");
  mkdirSync(to, { recursive: true });
  const modules = apiModules(root);
  writeFileSync(join(to, "api.json"), `${JSON.stringify(byAddress(modules), null, 1)}\n`);
  writeFileSync(join(to, "reference.json"), `${JSON.stringify(referenceOf(modules), null, 1)}\n`);
}

/**
 * The declarations by address.
 * @param {string} root
 * @returns {Record<string, string>}
 */
export function apiDeclarations(root) {
  return byAddress(apiModules(root));
}

/** @param {readonly ApiModule[]} modules */
function byAddress(modules) {
  return {
    ...Object.fromEntries(modules.map(({ name, text }) => [addressOf(name), text])),
    "file:///globals.d.ts": GLOBALS,
  };
}

/**
 * One module: its declarations as one text, and the file that each export is declared in, by name.
 * @typedef {{ readonly name: string, readonly text: string, readonly sources: Readonly<Record<string, string>> }} ApiModule
 */

/**
 * The learner's modules.
 * @param {string} root
 * @returns {ApiModule[]}
 */
export function apiModules(root) {
  const entries = Object.entries(MODULES);
  const emitted = emitDeclarations(
    root,
    entries.map(([, entry]) => entry),
  );
  // The declarations stand in for the sources under the same names, so that imports still lead there.
  const options = { ...optionsOf(root), noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => emitted.has(resolve(path)) || fileExists.call(host, path);
  host.readFile = (path) => emitted.get(resolve(path)) ?? readFile.call(host, path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = emitted.get(resolve(path));
    return text === undefined
      ? getSourceFile.call(host, path, language, ...rest)
      : ts.createSourceFile(path, text, language, true);
  };
  const program = ts.createProgram(
    entries.map(([, entry]) => join(root, entry)),
    options,
    host,
  );
  /** What an earlier module exports, a later one imports from it: a pid is the same in all of them. */
  /** @type {Map<ts.Symbol, string>} */
  const elsewhere = new Map();
  return entries.map(([name, entry]) => {
    const { exported, ...made } = bundle(program, root, entry, elsewhere);
    for (const symbol of exported) if (!elsewhere.has(symbol)) elsewhere.set(symbol, name);
    return { name, ...made };
  });
}

/**
 * Declarations of the entries and of all they import, by the absolute path of the source.
 * @param {string} root
 * @param {readonly string[]} entries
 */
function emitDeclarations(root, entries) {
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    optionsOf(root),
  );
  /** @type {Map<string, string>} */
  const emitted = new Map();
  program.emit(
    undefined,
    (_path, text, _mark, _error, sources) => {
      const source = sources?.[0];
      if (source) emitted.set(resolve(source.fileName), text);
    },
    undefined,
    true,
  );
  const missing = entries.find((entry) => !emitted.has(resolve(root, entry)));
  if (missing !== undefined) throw new Error(`TypeScript emitted no declarations for ${missing}`);
  return emitted;
}

/**
 * @param {string} root
 * @returns {ts.CompilerOptions}
 */
function optionsOf(root) {
  const path = join(root, "workers/otp/tsconfig.json");
  const { config, error } = ts.readConfigFile(path, (file) => readFileSync(file, "utf8"));
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path));
  const { incremental: _, tsBuildInfoFile: __, ...kept } = options;
  // What is marked @internal is the library's own business: it never reaches the editor.
  const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true, stripInternal: true };
  return { ...kept, ...emit };
}

/**
 * One module's declarations as one text, and where its exports come from. What is in `elsewhere` is
 * imported from the module named there.
 * @param {ts.Program} program
 * @param {string} root
 * @param {string} entry
 * @param {ReadonlyMap<ts.Symbol, string>} elsewhere
 */
function bundle(program, root, entry, elsewhere) {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(root, entry));
  const module = file && checker.getSymbolAtLocation(file);
  if (!file || !module) throw new Error(`${entry} is not a module`);

  const exported = new Set(checker.getExportsOfModule(module).map(original));
  /** What each declaration is called in the one file: an export by its own name, others so that all differ. */
  /** @type {Map<ts.Symbol, string>} */
  const names = new Map();
  for (const symbol of exported) names.set(symbol, symbol.name);
  const used = new Set(names.values());
  /** @type {Set<ts.Symbol>} */
  const taken = new Set();
  /** Import statements, each of one name. @type {Set<string>} */
  const imports = new Set();
  /** @type {string[]} */
  const texts = [];
  for (const symbol of exported) take(symbol);
  // With an export statement in it, a file of declarations exports only what says so.
  const header = headerOf(file);
  const isDoc = texts.some((text) => text.startsWith(header));
  // No longer a doc comment: TypeScript would show it with the first declaration's.
  const all = [...imports, ...texts, "export {};"].join("\n");
  const text = `${isDoc ? "" : header.replace("/**", "/*")}${all}\n`;
  return { text, exported, sources: Object.fromEntries([...exported].map(sourceOf)) };

  /** @param {ts.Symbol} symbol */
  function sourceOf(symbol) {
    const path = symbol.declarations?.[0]?.getSourceFile().fileName ?? entry;
    return [symbol.name, relative(root, path).replaceAll("\\", "/")];
  }

  /** @param {ts.Symbol} symbol */
  function original(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  /** @param {ts.Symbol} symbol */
  function take(symbol) {
    if (taken.has(symbol)) return;
    taken.add(symbol);
    const from = exported.has(symbol) ? undefined : elsewhere.get(symbol);
    if (from !== undefined) {
      const name = nameOf(symbol);
      const as = name === symbol.name ? "" : ` as ${name}`;
      imports.add(`import type { ${symbol.name}${as} } from "${from}";`);
      return;
    }
    for (const declaration of symbol.declarations ?? []) {
      const statement = statementOf(declaration);
      if (!statement) throw new Error(`${symbol.name} is not declared at the top of a file`);
      texts.push(textOf(statement, exported.has(symbol)));
    }
  }

  /**
   * @param {ts.Statement} statement
   * @param {boolean} isExported
   */
  function textOf(statement, isExported) {
    /** @type {{ start: number, end: number, text: string }[]} */
    const edits = [];
    visit(statement);
    const from = docStart(statement);
    let text = statement.getSourceFile().text.slice(from, statement.end);
    for (const edit of edits.toReversed()) {
      text = text.slice(0, edit.start - from) + edit.text + text.slice(edit.end - from);
    }
    const [doc, code] = splitAt(text, statement.getStart() - from);
    const bare = code.replace(/^(export\s+)?(declare\s+)?/, "");
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    return `${doc}${isExported ? "export " : ""}${isType ? "" : "declare "}${bare}`;

    /** @param {ts.Node} node */
    function visit(node) {
      if (ts.isUnionTypeNode(node)) {
        const kept = node.types.filter((type) => !isHidden(type));
        if (kept.length < node.types.length) {
          const words = kept.map((type) => type.getText()).join(" | ");
          edits.push({ start: node.getStart(), end: node.end, text: words });
        }
        return kept.forEach(visit);
      }
      if (ts.isIdentifier(node)) {
        const name = refer(node);
        if (name !== undefined && name !== node.text)
          edits.push({ start: node.getStart(), end: node.end, text: name });
      }
      ts.forEachChild(node, visit);
    }
  }

  /**
   * Takes the declaration that an identifier means; returns its name in the one file.
   * @param {ts.Identifier} identifier
   * @returns {string | undefined}
   */
  function refer(identifier) {
    const found = checker.getSymbolAtLocation(identifier);
    if (!found) return undefined;
    const symbol = original(found);
    if (!symbol.declarations?.some((one) => statementOf(one) !== undefined)) return undefined;
    const name = nameOf(symbol);
    take(symbol);
    return name;
  }

  /** @param {ts.Symbol} symbol */
  function nameOf(symbol) {
    const known = names.get(symbol);
    if (known !== undefined) return known;
    let name = symbol.name;
    for (let i = 2; used.has(name); i++) name = `${symbol.name}${i}`;
    names.set(symbol, name);
    used.add(name);
    return name;
  }
}

/** @param {ts.TypeNode} type */
function isHidden(type) {
  return ts.isTypeReferenceNode(type) && HIDDEN.has(type.typeName.getText());
}

/**
 * The top-level statement that a declaration is; undefined for members, parameters and the like.
 * @param {ts.Declaration} declaration
 * @returns {ts.Statement | undefined}
 */
function statementOf(declaration) {
  if (ts.isVariableDeclaration(declaration)) {
    const statement = declaration.parent.parent;
    return ts.isVariableStatement(statement) && ts.isSourceFile(statement.parent)
      ? statement
      : undefined;
  }
  const isStatement =
    ts.isFunctionDeclaration(declaration) ||
    ts.isClassDeclaration(declaration) ||
    ts.isInterfaceDeclaration(declaration) ||
    ts.isTypeAliasDeclaration(declaration);
  return isStatement && ts.isSourceFile(declaration.parent) ? declaration : undefined;
}

/**
 * Where a statement's own doc comment begins, or the statement: a file's header is not its first
 * statement's doc.
 * @param {ts.Statement} statement
 */
function docStart(statement) {
  const text = statement.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? [];
  const doc = comments.findLast(({ pos }) => text.startsWith("/**", pos));
  const isOwn = doc && /^\s*$/.test(text.slice(doc.end, statement.getStart()));
  return isOwn && !/\n\s*\n/.test(text.slice(doc.end, statement.getStart()))
    ? doc.pos
    : statement.getStart();
}

/** @param {ts.SourceFile} file */
function headerOf(file) {
  return /^\/\*\*[\s\S]*?\*\/\n/.exec(file.text)?.[0] ?? "";
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {readonly [string, string]}
 */
function splitAt(text, at) {
  return [text.slice(0, at), text.slice(at)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildApi(join(dirname(fileURLToPath(import.meta.url)), ".."));
}
