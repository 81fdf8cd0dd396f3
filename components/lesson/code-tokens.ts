/** The languages of the lessons' code: ours, and the BEAM's two beside it. */
export type CodeLanguage = "ts" | "erlang" | "elixir";

export type TokenKind = "plain" | "comment" | "string" | "number" | "keyword" | "atom";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const words = (text: string) => new Set(text.split(" "));

interface Grammar {
  /** Named groups in order of precedence; `word` is a keyword if `keywords` has it. */
  readonly pattern: RegExp;
  readonly keywords: ReadonlySet<string>;
}

const NUMBER = String.raw`\b\d[\d_]*(?:\.\d+)?\b`;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;

/** Enough for a page of lesson code to read calmly; no parser, and never wrong about the text. */
const GRAMMARS: Readonly<Record<CodeLanguage, Grammar>> = {
  ts: {
    pattern: new RegExp(
      String.raw`(?<comment>\/\/.*|\/\*[\s\S]*?\*\/)|(?<string>${STRING}|'(?:[^'\\]|\\.)*'|\`(?:[^\`\\]|\\.)*\`)|(?<number>${NUMBER})|(?<word>[A-Za-z_$][\w$]*)`,
      "g",
    ),
    keywords: words(
      "as async await break case catch class const continue default do else export extends false finally for from function if implements import in interface let new null of readonly return satisfies switch this throw true try type typeof undefined while yield",
    ),
  },
  erlang: {
    pattern: new RegExp(
      String.raw`(?<comment>%.*)|(?<string>${STRING})|(?<number>${NUMBER})|(?<atom>'(?:[^'\\]|\\.)*')|(?<word>-?\b[A-Za-z_]\w*)`,
      "g",
    ),
    keywords: words(
      "after andalso begin case catch end fun if of orelse receive try when -module -export -behaviour -record -spec",
    ),
  },
  elixir: {
    pattern: new RegExp(
      String.raw`(?<comment>#.*)|(?<string>${STRING})|(?<number>${NUMBER})|(?<atom>(?<!:):[a-z_]\w*[?!]?|\b[a-z_]\w*:(?!:))|(?<word>@?\b[A-Za-z_]\w*[?!]?)`,
      "g",
    ),
    keywords: words(
      "after alias case catch cond def defmodule defp defstruct do else end false fn for if import in nil not or and raise receive rescue true try unless use when with @impl @moduledoc @doc",
    ),
  },
};

/** Splits code into tokens whose texts, joined, are the code. */
export function tokensOf(code: string, language: CodeLanguage): readonly Token[] {
  const { pattern, keywords } = GRAMMARS[language];
  const tokens: Token[] = [];
  let end = 0;
  for (const match of code.matchAll(pattern)) {
    if (match.index > end) tokens.push({ kind: "plain", text: code.slice(end, match.index) });
    tokens.push({ kind: kindOf(match, keywords), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) tokens.push({ kind: "plain", text: code.slice(end) });
  return tokens;
}

function kindOf(match: RegExpMatchArray, keywords: ReadonlySet<string>): TokenKind {
  const kinds = ["comment", "string", "number", "atom"] as const;
  const kind = kinds.find((name) => match.groups?.[name] !== undefined);
  return kind ?? (keywords.has(match[0]) ? "keyword" : "plain");
}

const NAMES: Readonly<Record<string, CodeLanguage>> = {
  ts: "ts",
  typescript: "ts",
  js: "ts",
  erlang: "erlang",
  erl: "erlang",
  elixir: "elixir",
  ex: "elixir",
};

/** The language in a class such as `language-ts`; undefined for none or one we do not colour. */
export function languageOf(className: string | undefined): CodeLanguage | undefined {
  const name = /language-(\w+)/.exec(className ?? "")?.[1];
  return name === undefined ? undefined : NAMES[name];
}
