/** Monaco ships no declarations for what its workers import: here is as much as we use of them. */
declare module "monaco-editor/editor/editor.worker.js";

declare module "monaco-editor/languages/features/typescript/ts.worker.js" {
  /** TypeScript's compiler as Monaco bundles it (5.9): only what our compiler takes of it. */
  export const ts: {
    readonly typescript: import("../../workers/compile/index.ts").TypeScriptForCompile;
  };
}
