/** What a run printed, as text that can be compared with what an example promises. */
import { KIND, nodeOf, type Trace } from "../../workers/kernel/trace.ts";

/** One line of `log`. */
export interface PrintedLine {
  readonly ms: string;
  /** Name of the process or what it runs; on several nodes with its node before it. */
  readonly who: string;
  readonly text: string;
}

/** The lines of a trace, oldest first. `nodes` are the run's, by index. */
export function printedLines(trace: Trace, nodes: readonly string[]): readonly PrintedLine[] {
  const labels = new Map<number, string>();
  const lines: PrintedLine[] = [];
  for (let row = 0; row < trace.rowCount; row++) {
    const process = trace.processOf(row);
    const kind = trace.kindOf(row);
    if (kind === KIND.spawn || kind === KIND.register)
      labels.set(process, String(trace.payloadOf(row)));
    if (kind !== KIND.log) continue;
    const label = labels.get(process) ?? "a process";
    const node = nodes.length > 1 ? `${nodes[nodeOf(process)]} ` : "";
    lines.push({
      ms: `${trace.atOf(row) / 1000} ms`,
      who: node + label,
      text: String(trace.payloadOf(row)),
    });
  }
  return lines;
}

/** `0 ms  main: hello`: a line as it stands under `// prints:`. */
export function textOf({ ms, who, text }: PrintedLine): string {
  return `${ms}  ${who}: ${text}`;
}

/** The line that a text stands for; what is none is shown as it is. */
export function parseLine(text: string): PrintedLine {
  const [, ms = "", who = "", said = text] = /^([\d.]+ ms) {2}(.*?): (.*)$/.exec(text) ?? [];
  return { ms, who, text: said };
}
