/** Which page a hover over a name leads to. */
import { expect, test } from "vitest";
import { importedNameAt } from "../../components/editor/imported-name.ts";
import { pageOf } from "../../components/editor/reference-hover.ts";

const MODULES = ["otp", "world", "probe"];

/** The name under the first `|` of a text, which is taken out. */
function at(marked: string) {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const found = importedNameAt(text, offset, MODULES);
  if (found === undefined) return undefined;
  const { module, name, member } = found;
  expect(text.slice(found.start, found.end)).toBe(member ?? text.slice(found.start, found.end));
  return member === undefined ? `${module} ${name}` : `${module} ${name}.${member}`;
}

test.each([
  ['import { send } from "otp";\nse|nd(a, 1);', "otp send"],
  ['import { send } from "otp";\nsend|(a, 1);', "otp send"],
  ['import { se|nd } from "otp";', "otp send"],
  ['import { send as tell } from "otp";\nte|ll(a, 1);', "otp send"],
  ['import { send as te|ll } from "otp";', "otp send"],
  ['import { se|nd as tell } from "otp";', "otp send"],
  ['import * as otp from "otp";\notp.se|nd(a, 1);', "otp send"],
  ['import * as otp from "otp";\notp.sys.getSt|ate(a);', "otp sys.getState"],
  ['import { sys } from "otp";\nawait sys.getSt|ate(a);', "otp sys.getState"],
  ['import { sys } from "otp";\nawait s|ys.getState(a);', "otp sys"],
  ["import {\n  call,\n  se|nd,\n} from 'otp';", "otp send"],
  ['import { type Pid, call } from "otp";\nlet a: P|id;', "otp Pid"],
  ['import type { Pid } from "otp";\nlet a: P|id;', "otp Pid"],
  ['import { effect } from "probe";\neff|ect("sold", 1);', "probe effect"],
  ['import { call } from "otp";\nimport { stream } from "world";\nstr|eam("a");', "world stream"],
  [`import { self } from "otp";\nlog(\`I am \${se|lf()}\`);`, "otp self"],
  [`import { self } from "otp";\nsend(a, { from: se|lf(), ...b });`, "otp self"],
  ['import { all } from "otp";\nf(...a|ll);', "otp all"],
])("%s", (text, name) => {
  expect(at(text)).toBe(name);
});

test.each([
  // Not imported, or from a file of one's own.
  "se|nd(a, 1);",
  'import { send } from "./shop.ts";\nse|nd(a, 1);',
  // No name of code at all.
  'import { send } from "otp";\n// se|nd is told here\n',
  'import { send } from "otp";\nlog("se|nd");',
  'import { send } from "otp";\nlog(`se|nd`);',
  '// import { send } from "otp";\nse|nd(a, 1);',
  // Somebody else's member.
  'import { send } from "otp";\nclient.se|nd(1);',
  'import { send } from "otp";\nmake().se|nd(1);',
  'import { sys } from "otp";\nsys.getState.na|me;',
  // Between words, and past the end.
  'import { send } from "otp"; | send(1);',
  "|",
])("nothing: %s", (text) => {
  expect(at(text)).toBeUndefined();
});

test("places are right after characters of two code units and in later lines", () => {
  const text = `import { log } from "otp";\n// 🂡 a card\nlog(\`🂡 \${log.name}\`);\nlog("x");`;
  const offset = text.lastIndexOf("log");
  expect(importedNameAt(text, offset, MODULES)).toMatchObject({ start: offset, end: offset + 3 });
});

test("a page is one of what the module's declarations export", () => {
  const text =
    "export declare function send(): void;\nexport declare const sys: {};\nexport declare class Exit {}\nexport type Pid = string;\nexport interface From {}\ndeclare function hidden(): void;\n";
  const page = (name: string, member?: string) =>
    pageOf(
      { module: "otp", name, start: 0, end: 0, ...(member === undefined ? {} : { member }) },
      text,
    );
  expect(page("send")).toBe("/reference/otp/send");
  expect(page("sys", "getState")).toBe("/reference/otp/sys#getState");
  expect(page("Exit")).toBe("/reference/otp/Exit-class");
  expect(page("Pid")).toBe("/reference/otp/type-index#Pid");
  expect(page("From")).toBe("/reference/otp/type-index#From");
  expect(page("hidden")).toBeUndefined();
  expect(page("sen")).toBeUndefined();
});
