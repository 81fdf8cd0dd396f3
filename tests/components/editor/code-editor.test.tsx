import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { CodeEditor } from "../../../components/editor/code-editor.tsx";

const files = [
  { path: "till.ts", text: "export const till = 1;\n", isReadOnly: false },
  { path: "shop.ts", text: "export const shop = 1;\n", isReadOnly: true },
];

function rendered(active: string, problemFiles: readonly string[] = []): string {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 2, message: "no" };
  return renderToStaticMarkup(
    <CodeEditor
      id="L01-E1"
      label="Code of exercise E1"
      files={files}
      active={active}
      problems={problemFiles.map((file) => ({ file, ...place }))}
      onActive={() => undefined}
      onChange={() => undefined}
      onRun={() => undefined}
    />,
  );
}

const wordsOf = (markup: string) => markup.replace(/<[^>]*>/g, "");

describe("what the server sends of the editor", () => {
  it("is the code itself, within reach of the keyboard", () => {
    const markup = rendered("till.ts");
    expect(wordsOf(markup)).toContain("export const till = 1;");
    expect(markup).toMatch(/<section aria-label="Code of exercise E1: till.ts" tabindex="0"/);
  });

  it("says which files can only be read, where they are chosen and where they are shown", () => {
    const markup = rendered("shop.ts");
    expect(wordsOf(markup)).toContain("shop.ts, read-only");
    expect(markup).toContain('aria-label="Code of exercise E1: shop.ts, read-only"');
  });

  it("counts problems at their file's tab", () => {
    expect(wordsOf(rendered("till.ts", ["shop.ts", "shop.ts"]))).toContain(
      "shop.ts, read-only2 problems",
    );
  });

  it("shows the first file when the chosen one is none", () => {
    expect(wordsOf(rendered("gone.ts"))).toContain("export const till = 1;");
  });
});
