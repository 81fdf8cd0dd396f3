/**
 * Small trees for tests/tidy.test.ts, as path and text: one that keeps every rule and walks
 * through every permitted door, and the offences planted in it one by one. They are written to a
 * temporary folder; in this one they would be offences themselves.
 */

export type Sources = Readonly<Record<string, string>>;

/** Keeps every rule. Each file is here to be imported, or to show an import that is allowed. */
export const CLEAN: Sources = {
  "app/page.tsx": `import { Stage } from "../components/flow/stage.ts";
import { grade } from "../server/grade.ts";

export default function Page() {
  return [Stage, grade];
}
`,
  "components/flow/stage.ts": `import type { Verdict } from "../../workers/check/index.ts";
import { START } from "../../workers/kernel/time.ts";
import { columns } from "../../workers/kernel/trace.ts";
import { connect } from "../../workers/sandbox/client.ts";

export const Stage = { START, columns, connect };
export type Shown = Verdict;
`,
  "components/editor/typescript.worker.ts": `import { compile } from "../../workers/compile/index.ts";

export const answer = compile;
`,
  "lessons/01-first/exercises/till/starter/till.ts": `import { open } from "./shop.ts";

open();
`,
  "server/grade.ts": `import { judge } from "../workers/check/index.ts";

export const grade = judge;
`,
  "tests/kernel/step.test.ts": `import { step } from "../../workers/kernel/index.ts";

export const tested = step;
`,
  "workers/check/index.ts": `export type Verdict = "pass" | "fail";
export const judge = (): Verdict => "pass";
`,
  "workers/compile/index.ts": `export const compile = (): string => "";
`,
  "workers/kernel/index.ts": `import { START } from "./time.ts";

export const step = (): number => START;
`,
  "workers/kernel/scenario.ts": `export const NODES = 1;
`,
  "workers/kernel/time.ts": `export const START = 0;
`,
  "workers/kernel/trace.ts": `export const columns = 9;
`,
  "workers/otp/index.ts": `import { step } from "../kernel/index.ts";

export const call = step;
`,
  "workers/sandbox/client.ts": `export const connect = (): void => {};
`,
};

/** An offence: the file it adds, and the name of the rule that must refuse it. */
export interface Offence {
  readonly what: string;
  readonly rule: string;
  readonly path: string;
  readonly text: string;
}

/** Refused by bin/boundaries.mjs. */
export const AGAINST_BOUNDARIES: readonly Offence[] = [
  {
    what: "the kernel imports a Node module",
    rule: "kernel-imports-nothing",
    path: "workers/kernel/file.ts",
    text: `import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n`,
  },
  {
    what: "the kernel imports another room",
    rule: "kernel-imports-nothing",
    path: "workers/kernel/upward.ts",
    text: `import { call } from "../otp/index.ts";\nexport const up = call;\n`,
  },
  {
    what: "the kernel imports a package's type",
    rule: "kernel-imports-nothing",
    path: "workers/kernel/typed.ts",
    text: `import type { Kept } from "kept";\nexport type Mine = Kept;\n`,
  },
  {
    what: "otp imports checks",
    rule: "otp-on-kernel",
    path: "workers/otp/judging.ts",
    text: `import { judge } from "../check/index.ts";\nexport const judged = judge;\n`,
  },
  {
    what: "checks import otp",
    rule: "check-reads-traces",
    path: "workers/check/calling.ts",
    text: `import { call } from "../otp/index.ts";\nexport const called = call;\n`,
  },
  {
    what: "an export runs the kernel",
    rule: "trace-only-reads",
    path: "workers/trace/running.ts",
    text: `import { step } from "../kernel/index.ts";\nexport const ran = step;\n`,
  },
  {
    what: "the compiler imports the kernel",
    rule: "compile-alone",
    path: "workers/compile/running.ts",
    text: `import { step } from "../kernel/index.ts";\nexport const ran = step;\n`,
  },
  {
    what: "a component imports the server",
    rule: "components-never-server",
    path: "components/flow/asking.ts",
    text: `import { grade } from "../../server/grade.ts";\nexport const asked = grade;\n`,
  },
  {
    what: "a component runs otp on the page",
    rule: "components-reach-workers-by-client",
    path: "components/flow/calling.ts",
    text: `import { call } from "../../workers/otp/index.ts";\nexport const called = call;\n`,
  },
  {
    what: "a page runs the kernel",
    rule: "components-reach-workers-by-client",
    path: "app/running.ts",
    text: `import { step } from "../workers/kernel/index.ts";\nexport const ran = step;\n`,
  },
  {
    what: "the editor's worker runs the kernel",
    rule: "editor-worker-only-compiles",
    path: "components/editor/running.worker.ts",
    text: `import { step } from "../../workers/kernel/index.ts";\nexport const ran = step;\n`,
  },
  {
    what: "the server goes round a door",
    rule: "through-the-front-door",
    path: "server/peeking.ts",
    text: `import { NODES } from "../workers/kernel/bounds.ts";\nexport const peeked = NODES;\n`,
  },
  {
    what: "the server imports a component",
    rule: "server-never-ui",
    path: "server/drawing.ts",
    text: `import { Stage } from "../components/flow/stage.ts";\nexport const drawn = Stage;\n`,
  },
  {
    what: "a lesson runs otp",
    rule: "lessons-types-or-checks",
    path: "lessons/01-first/scenario.ts",
    text: `import { call } from "../../workers/otp/index.ts";\nexport const called = call;\n`,
  },
  {
    what: "product code imports a test",
    rule: "no-tests-outside-tests",
    path: "server/tested.ts",
    text: `import { tested } from "../tests/kernel/step.test.ts";\nexport const again = tested;\n`,
  },
  {
    what: "product code imports a tool",
    rule: "no-dev-dependency-in-product",
    path: "server/tooled.ts",
    text: `import { tool } from "tool";\nexport const tooled = tool;\n`,
  },
  {
    what: "two files import each other",
    rule: "no-cycles",
    path: "server/one.ts",
    text: `import { two } from "./two.ts";\nexport const one = (): unknown => two;\n`,
  },
  {
    what: "an import leads nowhere",
    rule: "no-unresolved",
    path: "server/lost.ts",
    text: `import { nothing } from "./nothing.ts";\nexport const lost = nothing;\n`,
  },
  {
    what: "a folder is named for no idea",
    rule: "names-name-an-idea",
    path: "components/utils/clamp.ts",
    text: `export const clamp = 1;\n`,
  },
  {
    what: "a file is named for no idea",
    rule: "names-name-an-idea",
    path: "server/helpers.ts",
    text: `export const help = 1;\n`,
  },
  {
    what: "a barrel stands where no door is",
    rule: "index-only-at-doors",
    path: "components/flow/index.ts",
    text: `export { Stage } from "./stage.ts";\n`,
  },
];

/** What the offences above need beside them. */
export const BESIDE_OFFENCES: Sources = {
  "server/two.ts": `import { one } from "./one.ts";\nexport const two = (): unknown => one;\n`,
  "workers/kernel/bounds.ts": `export const NODES = 2;\n`,
};

/** Refused by Biome. */
export const AGAINST_STYLE: readonly Offence[] = [
  ...["Math.random()", "Math.log(2)", "Math.pow(2, 0.5)", 'Math["exp"](1)'].map((call, index) => ({
    what: `the kernel computes ${call}`,
    rule: "plugin",
    path: `workers/kernel/approximate-${index}.ts`,
    text: `export const drawn = ${call};\n`,
  })),
  ...["kernel", "otp", "world", "check", "trace"].map((room) => ({
    what: `${room} reads the wall clock`,
    rule: "lint/style/noRestrictedGlobals",
    path: `workers/${room}/clock.ts`,
    text: "export const now = Date.now();\n",
  })),
  {
    what: "otp arms a timer of the machine",
    rule: "lint/style/noRestrictedGlobals",
    path: "workers/otp/timer.ts",
    text: "export const timer = setTimeout(() => {}, 1);\n",
  },
  {
    what: "the picture reads the wall clock",
    rule: "plugin",
    path: "components/flow/clock.ts",
    text: "export const now = Date.now();\n",
  },
  {
    what: "the picture draws by chance",
    rule: "plugin",
    path: "components/flow/chance.ts",
    text: "export const x = Math.random();\n",
  },
  {
    what: "the picture arms a timer",
    rule: "lint/style/noRestrictedGlobals",
    path: "components/flow/timer.ts",
    text: "export const timer = setTimeout(() => {}, 1);\n",
  },
  {
    what: "the picture moves by d3-transition",
    rule: "lint/style/noRestrictedImports",
    path: "components/flow/moving.ts",
    text: `import { transition } from "d3-transition";\n\nexport const moving = transition;\n`,
  },
  {
    what: "a promise is left floating",
    rule: "lint/nursery/noFloatingPromises",
    path: "server/floating.ts",
    text: "async function save(): Promise<void> {}\n\nexport function close(): void {\n  save();\n}\n",
  },
  {
    what: "a promise stands where a truth value is asked for",
    rule: "lint/nursery/noMisusedPromises",
    path: "server/misused.ts",
    text: "async function isOpen(): Promise<boolean> {\n  return true;\n}\n\nexport const word = isOpen() ? 1 : 2;\n",
  },
  {
    what: "a switch forgets a case",
    rule: "lint/nursery/useExhaustiveSwitchCases",
    path: "server/forgetful.ts",
    text: `export function word(kind: "up" | "down"): number {\n  switch (kind) {\n    case "up":\n      return 1;\n  }\n  return 0;\n}\n`,
  },
  {
    what: "a type is imported as a value",
    rule: "lint/style/useImportType",
    path: "server/valued.ts",
    text: `import { Verdict } from "../workers/check/index.ts";\n\nexport type Mine = Verdict;\n`,
  },
  {
    what: "a file's name is not kebab-case",
    rule: "lint/style/useFilenamingConvention",
    path: "server/camelCase.ts",
    text: "export const one = 1;\n",
  },
  {
    what: "an import has no extension",
    rule: "lint/correctness/useImportExtensions",
    path: "server/short.ts",
    text: `import { grade } from "./grade";\n\nexport const again = grade;\n`,
  },
  {
    what: "two files import each other",
    rule: "lint/suspicious/noImportCycles",
    path: "server/one.ts",
    text: `import { two } from "./two.ts";\n\nexport const one = (): unknown => two;\n`,
  },
  {
    what: "anything goes",
    rule: "lint/suspicious/noExplicitAny",
    path: "server/anything.ts",
    text: "export const anything: any = 1;\n",
  },
];

/** Words of the platform that the kernel's own tsconfig does not know: "Cannot find name". */
export const UNKNOWN_TO_THE_KERNEL = [
  "setTimeout",
  "fetch",
  "console",
  "performance",
  "crypto",
  "process",
  "queueMicrotask",
  "structuredClone",
  "document",
] as const;
