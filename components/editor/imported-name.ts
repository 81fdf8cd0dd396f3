/**
 * Which export of the learner's modules a place in a file names: for the link from a name to its
 * page in the reference. Reads the text alone, by its import statements; a local name that hides an
 * imported one is taken for it, which costs no more than a link too many.
 */

/** An export, and a member of it where one is named: `sys` and `getState`. */
export interface ImportedName {
  readonly module: string;
  readonly name: string;
  readonly member?: string;
  /** Where the word stands in the text. */
  readonly start: number;
  readonly end: number;
}

/** What a name in a file stands for; `name` is "*" for all of the module. */
interface Binding {
  readonly module: string;
  readonly name: string;
}

const IMPORT = /\bimport\s+(?:type\s+)?([^;"']*?)\s+from\s*["']([\w-]+)["']/g;
const WORD = /[A-Za-z_$][\w$]*/g;

/** The export named at `offset`; undefined where none of `modules` is. */
export function importedNameAt(
  text: string,
  offset: number,
  modules: readonly string[],
): ImportedName | undefined {
  const code = withoutProse(text);
  const bindings = bindingsOf(code, text, modules);
  for (const match of code.matchAll(WORD)) {
    const start = match.index;
    const [word] = match;
    const end = start + word.length;
    if (start > offset) return undefined;
    if (end < offset) continue;
    const owner = ownerOf(code, start);
    const own = inImport(code, text, start, word, modules);
    const place = { start, end };
    if (own !== undefined) return { ...own, ...place };
    if (owner === undefined) {
      const found = bindings.get(word);
      return found && found.name !== "*" ? { ...found, ...place } : undefined;
    }
    return memberOf(owner, word, bindings, place);
  }
  return undefined;
}

/** What `owner.word` names: a member of an export, or an export of a whole module's name. */
function memberOf(
  owner: readonly string[],
  word: string,
  bindings: ReadonlyMap<string, Binding>,
  place: { readonly start: number; readonly end: number },
): ImportedName | undefined {
  const [root = "", ...path] = owner;
  const found = bindings.get(root);
  if (found === undefined) return undefined;
  const [name, ...members] = found.name === "*" ? [...path, word] : [found.name, ...path, word];
  if (name === undefined || members.length > 1) return undefined;
  const [member] = members;
  return { module: found.module, name, ...(member === undefined ? {} : { member }), ...place };
}

/** The names before a word and its dots, `["otp", "sys"]`; undefined when it stands alone. */
function ownerOf(code: string, start: number): readonly string[] | undefined {
  const before = /((?:[A-Za-z_$][\w$]*\s*\??\.\s*)+)$/.exec(code.slice(0, start))?.[1];
  if (before !== undefined) return before.match(WORD) ?? [];
  // A member of something that is no name: `make().send`. Three dots are a spread.
  return /(?<!\.\.)\.\s*$/.test(code.slice(0, start)) ? [] : undefined;
}

/** A name within an import statement's braces, on either side of `as`. */
function inImport(
  code: string,
  text: string,
  start: number,
  word: string,
  modules: readonly string[],
): Binding | undefined {
  for (const { index, 0: all, module, names } of importsIn(code, text)) {
    if (start < index || start >= index + all.length || !modules.includes(module)) continue;
    const found = names.find(([name, local]) => name === word || local === word);
    return found && found[0] !== "*" ? { module, name: found[0] } : undefined;
  }
  return undefined;
}

function bindingsOf(
  code: string,
  text: string,
  modules: readonly string[],
): ReadonlyMap<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const { module, names } of importsIn(code, text)) {
    if (!modules.includes(module)) continue;
    for (const [name, local] of names) bindings.set(local, { module, name });
  }
  return bindings;
}

/** The import statements of a text: from where, and each name with what it is called here. */
function importsIn(code: string, text: string) {
  return [...code.matchAll(IMPORT_MASKED)].map((match) => {
    const { index } = match;
    const all = text.slice(index, index + match[0].length);
    const [, clause = "", module = ""] = new RegExp(IMPORT.source).exec(all) ?? [];
    return { index, 0: all, module, names: namesIn(clause) };
  });
}

/** As `IMPORT`, where the module's name has been masked. */
const IMPORT_MASKED = /\bimport\s+(?:type\s+)?[^;"']*?\s+from\s*["'] *["']/g;

function namesIn(clause: string): readonly (readonly [name: string, local: string])[] {
  const all = /^\*\s+as\s+([\w$]+)$/.exec(clause)?.[1];
  if (all !== undefined) return [["*", all]];
  const inner = /\{([\s\S]*)\}/.exec(clause)?.[1] ?? "";
  return inner.split(",").flatMap((part) => {
    const [, name, local] = /^\s*(?:type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(part) ?? [];
    return name === undefined ? [] : [[name, local ?? name] as const];
  });
}

/** The text with blanks for comments and for what stands in quotes, so that places stay the same. */
function withoutProse(text: string): string {
  const blank = (piece: string) => piece.replace(/[^\n]/g, " ");
  return text.replace(
    /\/\/.*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g,
    (piece) => {
      if (piece.startsWith("/")) return blank(piece);
      const quote = piece.slice(0, 1);
      if (quote !== "`") return `${quote}${blank(piece.slice(1, -1))}${quote}`;
      return withoutTemplateText(piece);
    },
  );
}

/** Within a template what stands in `${…}` is code, and stays. */
function withoutTemplateText(piece: string): string {
  let depth = 0;
  return piece
    .split("")
    .map((letter, at) => {
      if (depth === 0) {
        if (letter === "{" && piece[at - 1] === "$") depth = 1;
        return letter === "\n" ? letter : " ";
      }
      if (letter === "{") depth++;
      if (letter === "}") depth--;
      return depth === 0 ? " " : letter;
    })
    .join("");
}
