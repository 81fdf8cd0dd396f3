/** Monaco's own worker: differences, links, words. Nothing of ours. */
import "monaco-editor/editor/editor.worker.js";
