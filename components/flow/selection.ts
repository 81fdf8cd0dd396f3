/** What the reader has picked on the stage. Numbers are those of the trace. */
export type Selection =
  | { readonly kind: "process"; readonly process: number }
  | { readonly kind: "crowd"; readonly slot: number }
  | { readonly kind: "message"; readonly message: number };

/** The process that a selection is about, for stepping through its events. */
export function processOf(selection: Selection | undefined): number | undefined {
  return selection?.kind === "process" ? selection.process : undefined;
}
