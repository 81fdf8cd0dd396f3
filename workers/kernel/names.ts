/**
 * The words by which processes are addressed. All are plain texts, so that they are equal when
 * they mean the same, survive any copy, and can be read in a trace.
 */

/** A process: `<node.serial>`, as `<0.85.0>` on the BEAM. */
export type Pid = `<${string}>` & { readonly __pid: unique symbol };

/** A reference: `#node.serial`. Unique in a run: of a call, a monitor, a timer. */
export type Ref = `#${string}` & { readonly __ref: unique symbol };

/** A registered name on a given node. */
export interface NameOnNode {
  readonly name: string;
  readonly node: string;
}

/** A name that `global` keeps for all connected nodes. */
export interface GlobalName {
  readonly global: string;
}

/** Whom a message can be sent to: a process, a name on this node, a name on another, or an alias. */
export type Destination = Pid | Ref | string | NameOnNode;

/** The one place where pids are made. */
export function makePid(node: string, serial: number): Pid {
  return `<${node}.${serial}>` as Pid;
}

/** The one place where references are made. */
export function makeRef(node: string, serial: number): Ref {
  return `#${node}.${serial}` as Ref;
}

export function isPid(value: unknown): value is Pid {
  return typeof value === "string" && value.startsWith("<") && value.endsWith(">");
}

export function isRef(value: unknown): value is Ref {
  return typeof value === "string" && value.startsWith("#");
}

/** The node in a pid or reference; undefined when the text is neither. */
export function nodeOfAddress(address: string): string | undefined {
  const dot = address.lastIndexOf(".");
  return dot < 2 ? undefined : address.slice(1, dot);
}

/** The node and serial in a pid, or undefined when the text is not one. */
export function readPid(pid: string): { node: string; serial: number } | undefined {
  const dot = pid.lastIndexOf(".");
  const serial = Number(pid.slice(dot + 1, -1));
  if (dot < 2 || !Number.isInteger(serial)) return undefined;
  return { node: pid.slice(1, dot), serial };
}

/** The serial in a reference. */
export function refSerial(ref: Ref): number {
  return Number(ref.slice(ref.lastIndexOf(".") + 1));
}
