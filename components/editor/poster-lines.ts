/** The poster's lines: tokens of the code, cut where lines end. */
import { type Token, tokensOf } from "../lesson/code-tokens.ts";
import { languageOfFile } from "./exercise-file.ts";

/** Words that Monaco's grammar colours and the prose's does not; so that nothing changes colour. */
const MORE_KEYWORDS =
  /\b(?:abstract|any|asserts|bigint|boolean|constructor|debugger|declare|delete|enum|get|global|infer|is|keyof|module|namespace|never|number|object|out|override|package|private|protected|public|require|set|static|string|super|symbol|unique|unknown|var|with)\b/g;

/** Tokens line by line, without the line ends. Always one line at least. */
export function posterLines(text: string, path: string): readonly (readonly Token[])[] {
  const lines: Token[][] = [[]];
  for (const { kind, text: words } of tokens(text, path)) {
    for (const [index, part] of words.split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ kind, text: part });
    }
  }
  return lines;
}

function tokens(text: string, path: string): readonly Token[] {
  if (languageOfFile(path) === "plaintext") return [{ kind: "plain", text }];
  return tokensOf(text, "ts").flatMap((token) =>
    token.kind === "plain" ? withMoreKeywords(token.text) : [token],
  );
}

function withMoreKeywords(text: string): readonly Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(MORE_KEYWORDS)) {
    found.push({ kind: "plain", text: text.slice(end, match.index) });
    found.push({ kind: "keyword", text: match[0] });
    end = match.index + match[0].length;
  }
  found.push({ kind: "plain", text: text.slice(end) });
  return found;
}
