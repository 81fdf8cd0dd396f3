// @ts-check
/**
 * Makes the learner's reference out of the declarations of the learner's modules: an entry for
 * every export that is a value, with its signatures, what its comment says, what it is called on
 * the BEAM, and the types it uses. The pages show nothing that is not in the comments: whoever
 * wants a page to be better writes a better comment.
 *
 * Reads the one text a module that build-api.mjs makes for the editor, so that page and editor
 * never differ. Syntax is enough for that: all names are in the one text.
 */
import ts from "typescript";
import { THEMES, themeOf } from "./reference-themes.mjs";

/**
 * What a comment says: its first sentence, the others, and the counterparts in its last one.
 * @typedef {{ readonly what: string, readonly more: string, readonly beam: readonly string[] }} Doc
 * @typedef {{ readonly code: string, readonly doc?: Doc }} Signature
 * @typedef {{ readonly name: string, readonly signatures: readonly Signature[], readonly doc: Doc }} Method
 * @typedef {{ readonly module: string, readonly name: string, readonly slug: string,
 *   readonly kind: "function" | "object" | "class" | "value", readonly theme: string | undefined, readonly source: string, readonly signatures: readonly Signature[],
 *   readonly doc: Doc, readonly methods: readonly Method[], readonly types: readonly string[] }} Entry
 * @typedef {{ readonly code: string, readonly text: string }} Member
 * @typedef {{ readonly module: string, readonly name: string, readonly code: string, readonly text: string,
 *   readonly members: readonly Member[], readonly uses: readonly string[] }} TypeEntry
 * @typedef {{ readonly themes: readonly { readonly id: string, readonly title: string, readonly what: string }[],
 *   readonly entries: readonly Entry[], readonly types: readonly TypeEntry[] }} Reference
 */

/** What fits on a line of a page, in characters. */
const LINE_MAX = 66;

/**
 * The reference to some modules, entries in the order of the themes and then by name.
 * @param {readonly { readonly name: string, readonly text: string, readonly sources: Readonly<Record<string, string>> }[]} modules
 * @returns {Reference}
 */
export function referenceOf(modules) {
  const read = modules.map(readModule);
  const order = THEMES.map(({ id }) => id);
  const rank = (/** @type {Entry} */ { theme }) =>
    theme === undefined ? order.length : order.indexOf(theme);
  return {
    themes: THEMES.map(({ id, title, what }) => ({ id, title, what })),
    entries: read
      .flatMap(({ entries }) => entries)
      .sort((a, b) => rank(a) - rank(b) || compare(a.name.toLowerCase(), b.name.toLowerCase())),
    types: read
      .flatMap(({ types }) => types)
      .sort((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase())),
  };
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * @param {{ readonly name: string, readonly text: string, readonly sources: Readonly<Record<string, string>> }} module
 * @returns {{ entries: Entry[], types: TypeEntry[] }}
 */
function readModule({ name: module, text, sources }) {
  const file = ts.createSourceFile(`${module}.d.ts`, text, ts.ScriptTarget.Latest, true);
  /** Declarations by name; a function has one for each of its signatures. */
  /** @type {Map<string, ts.Node[]>} */
  const declared = new Map();
  for (const statement of file.statements) {
    for (const [name, node] of declarationsOf(statement)) {
      declared.set(name, [...(declared.get(name) ?? []), node]);
    }
  }
  /** @type {Entry[]} */
  const entries = [];
  /** @type {TypeEntry[]} */
  const types = [];
  for (const [name, nodes] of declared) {
    const [first] = nodes;
    if (first === undefined) continue;
    if (ts.isInterfaceDeclaration(first) || ts.isTypeAliasDeclaration(first)) {
      types.push(typeEntry(name, first));
    } else if (sources[name] !== undefined) entries.push(entryOf(name, nodes, sources[name]));
  }
  return { entries, types };

  /**
   * @param {string} name
   * @param {readonly ts.Node[]} nodes
   * @param {string} source
   * @returns {Entry}
   */
  function entryOf(name, nodes, source) {
    const [first] = nodes;
    const isClass = first !== undefined && ts.isClassDeclaration(first);
    const head = {
      module,
      name,
      slug: slugOf(name, isClass),
      theme: themeOf(source, name),
      source,
    };
    const types = typesIn(nodes);
    if (first !== undefined && ts.isVariableDeclaration(first)) {
      const members = membersOf(first.type);
      const doc = docOf(first.parent.parent);
      if (members !== undefined) {
        const calls = members.filter(ts.isCallSignatureDeclaration);
        const own = signaturesOf(name, calls);
        const methods = members
          .map((member) => methodOf(name, member))
          .filter((one) => one !== undefined);
        const beam = [...doc.beam, ...own.doc.beam];
        return {
          ...head,
          kind: "object",
          signatures: own.signatures,
          doc: {
            what: doc.what === "" ? own.doc.what : doc.what,
            more: [doc.more, doc.what === "" ? "" : own.doc.what, own.doc.more]
              .filter((part) => part !== "")
              .join(" "),
            beam: beam.length > 0 ? beam : originOf(methods),
          },
          methods,
          types: typesIn(members.flatMap(behind)),
        };
      }
      const code = `const ${name}: ${first.type === undefined ? "unknown" : codeOf(first.type)}`;
      return { ...head, kind: "value", signatures: [{ code }], doc, methods: [], types };
    }
    if (isClass) {
      const code = codeOf(first).replace(/^(export )?(declare )?/, "");
      return {
        ...head,
        kind: "class",
        signatures: [{ code }],
        doc: docOf(first),
        methods: [],
        types,
      };
    }
    const { signatures, doc } = signaturesOf(name, nodes);
    return { ...head, kind: "function", signatures, doc, methods: [], types };
  }

  /**
   * Signatures with the first one's comment apart; another's own comment stays with it.
   * @param {string} name
   * @param {readonly ts.Node[]} nodes
   */
  function signaturesOf(name, nodes) {
    const docs = nodes.map(docOf);
    const [doc = NO_DOC] = docs;
    const signatures = nodes.map((node, index) => {
      const own = docs[index];
      const code = signatureCode(name, node);
      return index > 0 && own !== undefined && own.what !== "" ? { code, doc: own } : { code };
    });
    const beam = [...new Set(docs.flatMap((one) => one.beam))];
    return { signatures, doc: { ...doc, beam } };
  }

  /**
   * The members of an object of functions; undefined for any other type.
   * @param {ts.TypeNode | undefined} type
   * @returns {readonly ts.TypeElement[] | undefined}
   */
  function membersOf(type) {
    if (type === undefined) return undefined;
    if (ts.isTypeLiteralNode(type)) return type.members;
    if (!ts.isTypeReferenceNode(type)) return undefined;
    const name = type.typeName.getText();
    if (name === "Readonly") return membersOf(type.typeArguments?.[0]);
    const [behind] = declared.get(name) ?? [];
    return behind !== undefined && ts.isInterfaceDeclaration(behind) ? behind.members : undefined;
  }

  /**
   * What a member is declared by: itself, or the functions that it is the type of.
   * @param {ts.TypeElement} member
   * @returns {readonly ts.Node[]}
   */
  function behind(member) {
    const type = ts.isPropertySignature(member) ? member.type : undefined;
    return type !== undefined && ts.isTypeQueryNode(type)
      ? (declared.get(type.exprName.getText()) ?? [])
      : [member];
  }

  /**
   * @param {string} owner
   * @param {ts.TypeElement} member
   * @returns {Method | undefined}
   */
  function methodOf(owner, member) {
    if (member.name === undefined) return undefined;
    const name = ts.isStringLiteral(member.name) ? member.name.text : member.name.getText();
    const found = signaturesOf(`${owner}.${name}`, behind(member));
    const own = docOf(member);
    return { name, signatures: found.signatures, doc: own.what === "" ? found.doc : own };
  }

  /**
   * @param {string} name
   * @param {ts.InterfaceDeclaration | ts.TypeAliasDeclaration} node
   * @returns {TypeEntry}
   */
  function typeEntry(name, node) {
    const members = ts.isInterfaceDeclaration(node)
      ? node.members.map((member) => ({
          code: codeOf(member)
            .replace(/;$/, "")
            .replace(/^readonly /, ""),
          text: commentOf(member),
        }))
      : [];
    return {
      module,
      name,
      code: typeCode(node),
      text: commentOf(node),
      members,
      uses: typesIn([node]).filter((one) => one !== name),
    };
  }

  /**
   * The names of the module's own types in some declarations, in the order of their first use.
   * @param {readonly ts.Node[]} nodes
   */
  function typesIn(nodes) {
    /** @type {Set<string>} */
    const found = new Set();
    const visit = (/** @type {ts.Node} */ node) => {
      const name = ts.isTypeReferenceNode(node)
        ? node.typeName.getText()
        : ts.isExpressionWithTypeArguments(node)
          ? node.expression.getText()
          : undefined;
      const [type] = name === undefined ? [] : (declared.get(name) ?? []);
      const isType =
        type !== undefined && (ts.isInterfaceDeclaration(type) || ts.isTypeAliasDeclaration(type));
      if (name !== undefined && isType) found.add(name);
      ts.forEachChild(node, visit);
    };
    nodes.forEach(visit);
    return [...found];
  }
}

/**
 * The last part of an entry's address. Classes are marked: `exit` and `Exit` would be one file where
 * case does not count. components/editor/reference-hover.ts has the same rule.
 * @param {string} name
 * @param {boolean} isClass
 */
function slugOf(name, isClass) {
  return isClass ? `${name}-class` : name;
}

/**
 * The module that most counterparts of an object's functions are of: `pg` for `pg:join/3`.
 * @param {readonly Method[]} methods
 * @returns {readonly string[]}
 */
function originOf(methods) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of methods.flatMap(({ doc }) => doc.beam)) {
    const [, module] = /^([\w.]+)[.:][a-z_]\w*\//.exec(name) ?? [];
    if (module !== undefined) counts.set(module, (counts.get(module) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most === undefined ? [] : [most[0]];
}

/**
 * @param {ts.Statement} statement
 * @returns {readonly (readonly [name: string, node: ts.Node])[]}
 */
function declarationsOf(statement) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((one) => [one.name.getText(), one]);
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [[statement.name.text, statement]] : [];
}

// Code

/**
 * The text of a node, with steps of two spaces.
 * @param {ts.Node} node
 */
function codeOf(node) {
  const lines = node.getText().split("\n");
  const last = /^ */.exec(lines.at(-1) ?? "")?.[0].length ?? 0;
  return lines
    .map((line, index) => {
      if (index === 0) return line;
      const [indent = ""] = /^ */.exec(line) ?? [];
      return " ".repeat(Math.max(0, indent.length - last) / 2) + line.slice(indent.length);
    })
    .join("\n");
}

/**
 * A signature as one reads it: `name(parameters): result`, over several lines where it is long.
 * @param {string} name
 * @param {ts.Node} node
 */
function signatureCode(name, node) {
  const isCallable =
    ts.isFunctionDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isCallSignatureDeclaration(node);
  const type = ts.isPropertySignature(node) ? node.type : undefined;
  const shape = isCallable
    ? node
    : type !== undefined && ts.isFunctionTypeNode(type)
      ? type
      : undefined;
  if (shape === undefined) return `${name}: ${type === undefined ? "unknown" : codeOf(type)}`;
  const generics = shape.typeParameters?.map(codeOf) ?? [];
  const head = generics.length === 0 ? name : `${name}<${generics.join(", ")}>`;
  const parameters = shape.parameters.map(codeOf);
  const result = shape.type === undefined ? "" : `: ${codeOf(shape.type)}`;
  const line = `${head}(${parameters.join(", ")})${result}`;
  if (line.length <= LINE_MAX || parameters.length === 0) return line;
  const tail = result.length > LINE_MAX ? broken(result) : result;
  const listed = parameters.map((one) => `  ${one.replaceAll("\n", "\n  ")},\n`).join("");
  return `${head}(\n${listed})${tail}`;
}

/**
 * An alias as one reads it, a long union with a line for each of its parts; an interface's head.
 * @param {ts.InterfaceDeclaration | ts.TypeAliasDeclaration} node
 */
function typeCode(node) {
  const generics = node.typeParameters?.map(codeOf) ?? [];
  const head = generics.length === 0 ? node.name.text : `${node.name.text}<${generics.join(", ")}>`;
  if (ts.isInterfaceDeclaration(node)) {
    const parents = node.heritageClauses?.map((one) => ` ${codeOf(one)}`).join("") ?? "";
    return `interface ${head}${parents}`;
  }
  const { type } = node;
  const line = `type ${head} = ${codeOf(type)}`;
  if (!ts.isUnionTypeNode(type) || (line.length <= LINE_MAX && !line.includes("\n"))) return line;
  const parts = type.types.map((part) => {
    const comment = commentOf(part);
    const said = comment === "" ? "" : `\n  // ${comment}`;
    return `${said}\n  | ${codeOf(part).replaceAll("\n", "\n  ")}`;
  });
  return `type ${head} =${parts.join("")}`;
}

/**
 * Breaks a long union at its bars, those outside of brackets.
 * @param {string} text
 */
function broken(text) {
  let depth = 0;
  let found = "";
  for (const letter of text) {
    if ("([{<".includes(letter)) depth++;
    if (")]}>".includes(letter)) depth--;
    found += letter === "|" && depth === 0 ? "\n  |" : letter;
  }
  return found.replaceAll(" \n", "\n");
}

// Comments

/** @type {Doc} */
const NO_DOC = { what: "", more: "", beam: [] };

/**
 * The comment right before a node, without its stars: paragraphs as lines.
 * @param {ts.Node} node
 */
function commentOf(node) {
  const { text } = node.getSourceFile();
  const doc = (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).findLast(({ pos }) =>
    text.startsWith("/**", pos),
  );
  if (doc === undefined) return "";
  return text
    .slice(doc.pos + 3, doc.end - 2)
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trim())
    .join("\n")
    .trim()
    .replace(/([^\n])\n(?!\n)/g, "$1 ")
    .replace(/\n\s*/g, "\n");
}

/** @param {ts.Node} node */
function docOf(node) {
  return splitDoc(commentOf(node));
}

/**
 * Takes a comment apart. Its counterpart is what its last sentence consists of: "`spawn/1`.",
 * "Elixir's `DynamicSupervisor`."
 * @param {string} text
 * @returns {Doc}
 */
export function splitDoc(text) {
  const sentences = sentencesOf(text);
  const last = sentences.at(-1)?.trim() ?? "";
  const beam = counterpartsIn(last);
  const kept = beam.length > 0 && sentences.length > 1 ? sentences.slice(0, -1) : sentences;
  const [what = "", ...more] = kept;
  return { what: what.trim(), more: more.join("").trim(), beam };
}

/** A last sentence that is nothing but counterparts: at most a few words before, none after. */
const COUNTERPART = /^(?!Default)((?:[\w.’']+ ){0,4})((?:`[^`]+`(?:, | and | or )?)+)\.$/;

/** @param {string} sentence */
function counterpartsIn(sentence) {
  const [, before = "", pieces = ""] = COUNTERPART.exec(sentence) ?? [];
  const names = [...pieces.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
  // A value of the API is no counterpart.
  if (names.some((name) => /^["[]|^\{ /.test(name))) return [];
  const whose = /^(?!Kernel)[A-Z][\w.]*['’]s $/.test(before) ? before : "";
  return names.map((name) => (/^[A-Z]\w*['’]s/.test(before) ? `${whose}${name}` : name));
}

/**
 * The sentences of a text, each with the space after it. Full stops within code end none.
 * @param {string} text
 */
function sentencesOf(text) {
  const masked = text.replace(
    /`[^`]*`/g,
    (code) => `\`${"x".repeat(Math.max(0, code.length - 2))}\``,
  );
  /** @type {string[]} */
  const found = [];
  let from = 0;
  for (const { index, 0: space } of masked.matchAll(/(?<=[.!?])(?<!\b(?:e\.g|i\.e)\.)\s+/g)) {
    found.push(text.slice(from, index + space.length));
    from = index + space.length;
  }
  found.push(text.slice(from));
  return found.filter((one) => one !== "");
}
