/**
 * What page and TypeScript worker say to each other about compiling. They have a port of their
 * own, since the worker's main line is Monaco's: only the port itself is handed over on that.
 */
import type { CompileResult, SourceFile } from "../../workers/compile/index.ts";

/** Page to worker on the main line, once. */
export interface PortHandedOver {
  readonly kind: "steady-compiler";
  readonly port: MessagePort;
}

/** Page to worker on the port. */
export interface CompileRequest {
  readonly id: number;
  readonly files: readonly SourceFile[];
}

/** Worker to page on the port. `threw` is a mistake of ours, not of the files. */
export type CompilerNews =
  | { readonly kind: "ready" }
  | { readonly kind: "compiled"; readonly id: number; readonly result: CompileResult }
  | { readonly kind: "threw"; readonly id: number; readonly what: string };

export function isPortHandedOver(data: unknown): data is PortHandedOver {
  return (
    typeof data === "object" &&
    data !== null &&
    (data as { readonly kind?: unknown }).kind === "steady-compiler"
  );
}
