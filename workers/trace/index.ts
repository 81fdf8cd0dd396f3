/**
 * The door of what only reads traces: checkpoints, and a trace in other tools' forms. Rules R7 to R10
 * of the kernel's SPEC.md. A page holds this folder, so of the kernel it takes `trace.ts` alone.
 */
export { Checkpoints, type Standing } from "./checkpoints.ts";
export { type ChromeEvent, chromeEvents, exportChrome } from "./export-chrome.ts";
export { exportJsonl, type JsonRow, type ParsedTrace, parseJsonl, rowOf } from "./export-jsonl.ts";
export { exportShiviz, SHIVIZ_PARSER } from "./export-shiviz.ts";
