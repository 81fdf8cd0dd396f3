/** The examples of the reference: short, typed as the editor types, and true to what they promise. */
import { describe, expect, it } from "vitest";
import { exampleScenario } from "../../components/reference/example-scenario.ts";
import { parseLine, printedLines, textOf } from "../../components/reference/printed-lines.ts";
import { type Example, parseExample, readExamples } from "../../server/reference.ts";
import { KIND } from "../../workers/kernel/trace.ts";
import { simulate } from "../../workers/sandbox/simulate.ts";
import { complaintsOf } from "../engine/editor-complaints.ts";
import { compileFiles } from "../engine/room.ts";

/** Lines of code that an example may have, blank ones and imports apart. */
const LINES_MAX = 25;
/** What a page shows without scrolling; biome.json has the same, less what it cannot break. */
const COLUMNS_MAX = 86;

const examples = ["otp", "world", "probe"].flatMap(readExamples);

describe.each(examples)("$id", (example) => {
  it("prints what is written under it", () => {
    const { code, nodes, world, prints } = example;
    const trace = simulate({
      program: compileFiles({ "main.ts": code }),
      scenario: exampleScenario(nodes, world),
      seed: 1,
    });
    expect(printedLines(trace, nodes).map(textOf)).toEqual(prints);
    expect(prints.length).toBeGreaterThan(0);
    for (let row = 0; row < trace.rowCount; row++) expect(trace.kindOf(row)).not.toBe(KIND.cut);
  });

  it("is short, and says in a sentence what it shows", () => {
    const { code, about, prints } = example;
    const body = code.replace(/^import [\s\S]*?;$/gm, "").split("\n");
    expect(body.filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(LINES_MAX);
    expect(Math.max(...code.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(
      COLUMNS_MAX,
    );
    expect(about).toMatch(/^\p{Lu}.*\.$/u);
    expect(code).toMatch(/^export (async )?function main\(\)/m);
    for (const line of prints) expect(parseLine(line).who, line).not.toBe("");
  });
});

describe("types", () => {
  const complaints = complaintsAbout(examples);
  it.each(examples)("the editor has no complaint about $id", (example) => {
    expect(complaints.get(pathOf(example)) ?? []).toEqual([]);
  });

  it("would have one about a wrong call", () => {
    const wrong = parseExample("otp/wrong", 'import { send } from "otp";\nsend();\n');
    expect(complaintsAbout([wrong]).get(pathOf(wrong))?.[0]).toMatch(/Expected 2 arguments/);
  });
});

it("an example's file is taken apart", () => {
  const text = `// Says hello,\n// twice.\n// for: log, sleep\n// nodes: n1 n2\n// world: {"horizonUs":5}\nimport { log } from "otp";\n\n// In the code.\nlog("a");\n\n// prints:\n// 0 ms  n1 main: a: b\n`;
  expect(parseExample("otp/say-hello", text)).toEqual({
    id: "otp/say-hello",
    about: "Says hello, twice.",
    names: ["log", "sleep"],
    nodes: ["n1", "n2"],
    world: { horizonUs: 5 },
    code: 'import { log } from "otp";\n\n// In the code.\nlog("a");',
    prints: ["0 ms  n1 main: a: b"],
  });
  expect(parseExample("otp/say-hello", "// A.\nx;\n")).toMatchObject({
    names: ["sayHello"],
    nodes: ["n1"],
    world: {},
    code: "x;",
    prints: [],
  });
  expect(parseLine("12.5 ms  n1 main: a: b")).toEqual({
    ms: "12.5 ms",
    who: "n1 main",
    text: "a: b",
  });
});

/** The path of an example's file beside the others. */
function pathOf({ id }: Example): string {
  return `${id}.ts`;
}

function complaintsAbout(list: readonly Example[]) {
  return complaintsOf(Object.fromEntries(list.map((one) => [pathOf(one), one.code])));
}
