/**
 * What all uses of a node's disk have in common: the files, what may be put on them, and that an
 * operation takes time. The disk does one operation after the other, in the order they were asked
 * for; whoever asks waits until its own is done, and in that instant it takes effect. When the one
 * who asked ends before, nothing was done, though the disk was busy. Rules in SPEC.md, DK.
 */
import {
  CoPromise,
  copy,
  type DiskFile,
  ErlangError,
  exportName,
  KIND,
  type Node,
  type Process,
  SIGNAL,
  traceId,
} from "../kernel/index.ts";
import { here } from "../otp/here.ts";

/** What the trace says of an operation, in a row of kind `disk`. */
export type DiskOperation =
  | "append"
  | "fsync"
  | "read"
  | "truncate"
  | "compact"
  /** An append that was refused since the disk is full. */
  | "full";

/** A copy of what is to be stored, with its size. */
export type Storable = ReturnType<typeof copy>;

/** Files that a node's disk may have. Past these an error `system_limit`. */
const FILES_MAX = 10_000;

/** Entries that one read of the disk gives; more take another read's time for each so many. */
const ENTRIES_PER_READ = 1000;

/** What an entry takes on the disk besides its content. */
const ENTRY_BYTES = 16;

const NAME_LENGTH_MAX = 100;

const opened = new WeakMap<Node, Map<string, DiskFile>>();

/** A name for a file, as learners give it. Refuses what is none. */
export function checkName(name: unknown, of: string): string {
  if (typeof name === "string" && name !== "" && name.length <= NAME_LENGTH_MAX) return name;
  throw new ErlangError("badarg", `${of} takes a name of 1 to ${NAME_LENGTH_MAX} characters`);
}

/** The file of this name on a node's disk, made when there is none. */
export function fileOf(node: Node, name: string): DiskFile {
  const files = opened.get(node) ?? new Map<string, DiskFile>();
  opened.set(node, files);
  const known = files.get(name);
  if (known !== undefined) return known;
  const names = node.disk.names();
  if (names.length >= FILES_MAX && !names.includes(name)) {
    throw new ErlangError("system_limit", `the disk of ${node.name} has ${FILES_MAX} files`);
  }
  const file = node.disk.file(name);
  files.set(name, file);
  return file;
}

/** A copy of what is to be put on the disk. Refuses functions: the file may outlive the program. */
export function storable(value: unknown): Storable {
  const copied = copy(value);
  const { bytes } = copied;
  // What a trace would show is another object only when there is something special in it.
  if (copied.shown !== copied.value && hasExport(copied.value)) {
    throw new ErlangError(
      "badarg",
      "a function cannot be put on a disk: store plain data, and look the function up by a name",
    );
  }
  return { ...copied, bytes: bytes + ENTRY_BYTES };
}

function hasExport(value: unknown): boolean {
  if (exportName(value) !== undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Map) return [...value].some(hasExport);
  return (value instanceof Set ? [...value] : Object.values(value)).some(hasExport);
}

/**
 * An operation of the running process that takes the disk for `us` µs. `effect` is called in the
 * instant in which it is done, and must not throw; the promise is fulfilled with what it gives.
 */
export function operate<Result>(
  us: number,
  effect: (process: Process) => Result,
): CoPromise<Result> {
  const process = here();
  const { node } = process;
  const { promise, resolve } = CoPromise.withResolvers<Result>();
  const doneAt = node.disk.reserve(node.now, us);
  node.arm(process, doneAt, () => {
    const result = effect(process);
    node.wake(process, () => resolve(result));
  });
  return promise;
}

/** Puts an entry at the end of a file and gives its number; undefined when the disk is full. */
export function appendTo(process: Process, file: DiskFile, entry: Storable): number | undefined {
  const { disk } = process.node;
  if (!disk.hasRoomFor(entry.bytes)) {
    note(process, "full", file, 1);
    return undefined;
  }
  const number = disk.append(file, entry.value, entry.bytes);
  note(process, "append", file, 1);
  return number;
}

/** Makes the entries before number `end` outlive the node. */
export function syncTo(process: Process, file: DiskFile, end: number): void {
  const count = Math.max(0, Math.min(end, file.end) - Math.max(file.syncedTo, file.first));
  process.node.disk.sync(file, end);
  note(process, "fsync", file, count);
}

/** µs that a read of so many entries takes. */
export function readUs(node: Node, count: number): number {
  return node.disk.spec.readUs * Math.max(1, Math.ceil(count / ENTRIES_PER_READ));
}

/** Writes the row of what a process has done with the disk. */
export function note(
  process: Process,
  op: DiskOperation,
  { name }: DiskFile,
  entryCount: number,
): void {
  const payload = copy({ op, file: name });
  process.node.record(process, KIND.disk, { value: entryCount, payload });
}

/** Writes the row of what the node does with its disk by itself. */
export function noteOfNode(
  node: Node,
  op: DiskOperation,
  file: DiskFile,
  entryCount: number,
): void {
  const { shown, hash } = copy({ op, file: file.name });
  const self = traceId(node.index, 0);
  const payload = node.trace.keep(shown, hash);
  node.trace.write(node.now, KIND.disk, self, 0, 0, SIGNAL.none, entryCount, payload, 0);
}
