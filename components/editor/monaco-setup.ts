"use client";

/**
 * Monaco with TypeScript and nothing else, from our own files: editor, workers, library and the
 * learner's API. Imported only by `import()`, since it is 0.9 MB and wants a browser.
 *
 * monaco-editor has an exports map from 0.56 on: its paths are short, without esm/vs.
 */
import * as monaco from "monaco-editor/editor";
import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/typescript/register";
import * as typescript from "monaco-editor/languages/features/typescript/register";
import { readTheme, schemeOf, THEME_NAMES, watchScheme } from "./editor-theme.ts";
import { linkHoversToReference } from "./reference-hover.ts";
import { typeScriptWorkerForMonaco } from "./typescript-worker.ts";

export { monaco };

/** Where bin/build-api.mjs puts the declarations of the learner's API, by address. */
const API = "/sandbox/api.json";

/** Without the declarations the names of the API are at least not marked as unknown. */
const WITHOUT_API = {
  "file:///otp.d.ts":
    'declare module "otp";\ndeclare module "world";\ndeclare module "probe";\ndeclare const console: any;\n',
};

/** TypeScript's number for the resolution of bundlers, which Monaco's own list lacks. */
const BUNDLER = 100;

/** TypeScript's offers to rewrite code another way ("may be converted to an async function"). */
const OFFERS = [80001, 80002, 80003, 80004, 80005, 80006, 80007, 80008, 80009, 80010];

let ready: Promise<typeof monaco> | undefined;

/** Prepares Monaco once. Everything here must come before the first model. */
export function prepareMonaco(): Promise<typeof monaco> {
  ready ??= prepare();
  return ready;
}

async function prepare(): Promise<typeof monaco> {
  globalThis.MonacoEnvironment = {
    getWorker: (_module, label) =>
      label === "typescript" || label === "javascript"
        ? typeScriptWorkerForMonaco()
        : new Worker(new URL("./editor.worker.ts", import.meta.url), { type: "module" }),
  };
  const { typescriptDefaults } = typescript;
  typescriptDefaults.setCompilerOptions({
    target: typescript.ScriptTarget.ESNext,
    module: typescript.ModuleKind.ESNext,
    moduleResolution: BUNDLER as typescript.ModuleResolutionKind,
    allowImportingTsExtensions: true,
    noEmit: true,
    isolatedModules: true,
    lib: ["es2022"],
    types: [],
    strict: true,
    allowNonTsExtensions: true,
  });
  typescriptDefaults.setDiagnosticsOptions({
    diagnosticCodesToIgnore: OFFERS,
    onlyVisible: true,
  });
  typescriptDefaults.setEagerModelSync(true);
  const declarations = await apiDeclarations();
  typescriptDefaults.setExtraLibs(
    Object.entries(declarations).map(([filePath, content]) => ({ filePath, content })),
  );
  linkHoversToReference(monaco, declarations);
  defineJson();
  const showTheme = () => {
    const scheme = schemeOf();
    monaco.editor.defineTheme(THEME_NAMES[scheme], readTheme(scheme));
    monaco.editor.setTheme(THEME_NAMES[scheme]);
  };
  watchScheme(showTheme);
  showTheme();
  return monaco;
}

async function apiDeclarations(): Promise<Readonly<Record<string, string>>> {
  try {
    const response = await fetch(API);
    return response.ok ? await response.json() : WITHOUT_API;
  } catch {
    return WITHOUT_API;
  }
}

/** JSON for reading and typing a few answers: colours and brackets, no service and no worker. */
function defineJson(): void {
  monaco.languages.register({ id: "json", extensions: [".json"] });
  monaco.languages.setMonarchTokensProvider("json", {
    tokenizer: {
      root: [
        [/"(?:[^"\\]|\\.)*"(?=\s*:)/, "string.key"],
        [/"(?:[^"\\]|\\.)*"?/, "string.value"],
        [/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/, "number"],
        [/\b(?:true|false|null)\b/, "keyword"],
        [/[{}[\],:]/, "delimiter"],
      ],
    },
    tokenPostfix: ".json",
  });
  monaco.languages.setLanguageConfiguration("json", {
    brackets: [
      ["{", "}"],
      ["[", "]"],
    ],
    autoClosingPairs: [
      { open: "{", close: "}" },
      { open: "[", close: "]" },
      { open: '"', close: '"', notIn: ["string"] },
    ],
  });
}
