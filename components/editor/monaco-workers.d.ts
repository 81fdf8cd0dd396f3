/** Monaco ships no declarations for what its workers import: here is as much as we use of them. */
declare module "monaco-editor/editor/editor.worker.js";

declare module "monaco-editor/languages/features/typescript/ts.worker.js" {
  /** What Monaco bundles of TypeScript 5.9. */
  export const ts: {
    /** The compiler itself. Its type is given where it is used: an import here would be a value's. */
    readonly typescript: unknown;
  };
}
