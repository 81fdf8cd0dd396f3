/**
 * What a node has on its disk: files of entries, of which only those that were synced outlive the
 * node. It keeps and forgets; what its operations cost in time, and what they mean to a learner, is
 * the world's (`workers/world/disk.ts`). Rules DK1 to DK4.
 *
 * A file is a log. What looks otherwise (a table, a database) is a log with an index that can be
 * made again from it, as in Bitcask; so there is one way to lose something, and one to keep it.
 */

import { copyAfresh } from "./payload.ts";

/** How fast a node's disk is, and how much it holds. */
export interface DiskSpec {
  /** Time to append an entry; default 200 µs. */
  readonly appendUs?: number;
  /** Time to sync a file, whatever it holds; default 2,000 µs. */
  readonly syncUs?: number;
  /** Time of one read; default 100 µs. */
  readonly readUs?: number;
  /** Bytes that it holds; default 64 MiB. Past them an append fails as on a full disk. */
  readonly bytes?: number;
}

/** The disk of a node in a run, which nothing but the run's own faults changes. */
const DISK: Required<DiskSpec> = {
  appendUs: 200,
  syncUs: 2_000,
  readUs: 100,
  bytes: 64 * 1024 * 1024,
};

/** An entry of a file: plain frozen data, and its size in bytes. */
export interface DiskEntry {
  readonly value: unknown;
  readonly bytes: number;
}

/** What of a file outlives its node: the entries from offset `first` on. */
export interface FileImage {
  readonly first: number;
  readonly entries: readonly DiskEntry[];
}

/** What of a disk outlives its node, by the files' names. */
export type DiskImage = ReadonlyMap<string, FileImage>;

/** Something that became lasting: entries at the end of a file, or its beginning thrown away. */
export type DiskChange =
  | { readonly kind: "keep"; readonly file: string; readonly entries: readonly DiskEntry[] }
  | { readonly kind: "forget"; readonly file: string; readonly before: number }
  | { readonly kind: "replace"; readonly file: string; readonly image: FileImage };

/** A file: entries numbered from 0, of which those before `first` were thrown away. */
export class DiskFile {
  readonly name: string;
  /** Number of the oldest entry that is there. */
  first: number;
  /** Entries before this number outlive the node. */
  syncedTo: number;
  entries: DiskEntry[];

  constructor(name: string, image?: FileImage) {
    this.name = name;
    this.first = image?.first ?? 0;
    // What came from another thread is not frozen any more, and a Map could be changed.
    this.entries = (image?.entries ?? []).map(({ value, bytes }) => ({
      value: copyAfresh(value),
      bytes,
    }));
    this.syncedTo = this.end;
  }

  /** The number that the next entry gets. */
  get end(): number {
    return this.first + this.entries.length;
  }
}

export class Medium {
  readonly spec: Required<DiskSpec>;
  /** A fault: every append fails. */
  isFull = false;
  /** A fault: everything takes this many times as long. */
  slowness = 1;
  /** Bytes on it, synced or not. */
  bytesUsed = 0;
  readonly #files = new Map<string, DiskFile>();
  #busyUntil = 0;
  /** What became lasting since it was last taken; undefined when nobody takes it. */
  #journal: DiskChange[] | undefined;

  constructor(spec: DiskSpec, image: DiskImage, hasJournal: boolean) {
    this.spec = { ...DISK, ...spec };
    this.#journal = hasJournal ? [] : undefined;
    for (const [name, kept] of image) {
      const file = new DiskFile(name, kept);
      this.#files.set(name, file);
      for (const { bytes } of file.entries) this.bytesUsed += bytes;
    }
  }

  /**
   * Takes the disk for an operation of `us` µs and returns when it is done: one at a time, first
   * come first served.
   */
  reserve(now: number, us: number): number {
    this.#busyUntil = Math.max(now, this.#busyUntil) + Math.round(us * this.slowness);
    return this.#busyUntil;
  }

  /** The file of this name; made empty when there is none. */
  file(name: string): DiskFile {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const file = new DiskFile(name);
    this.#files.set(name, file);
    return file;
  }

  /** Names of all files, oldest first. */
  names(): string[] {
    return [...this.#files.keys()];
  }

  /** True when this many more bytes can be written. */
  hasRoomFor(bytes: number): boolean {
    return !this.isFull && this.bytesUsed + bytes <= this.spec.bytes;
  }

  /** Puts an entry at the end of a file and returns its number. It can be read, and be lost. */
  append(file: DiskFile, value: unknown, bytes: number): number {
    file.entries.push({ value, bytes });
    this.bytesUsed += bytes;
    return file.end - 1;
  }

  /** From now on the entries before `end` outlive the node. */
  sync(file: DiskFile, end: number): void {
    const from = Math.max(file.syncedTo, file.first);
    const to = Math.min(end, file.end);
    if (to <= from) return;
    const entries = file.entries.slice(from - file.first, to - file.first);
    file.syncedTo = to;
    this.#journal?.push({ kind: "keep", file: file.name, entries });
  }

  /** All that was written is lasting from now on. */
  syncAll(): void {
    for (const file of this.#files.values()) this.sync(file, file.end);
  }

  /** Throws away the entries before number `before`, for good. Only synced ones can be. */
  forget(file: DiskFile, before: number): void {
    const count = Math.min(before, file.syncedTo) - file.first;
    if (count <= 0) return;
    for (const { bytes } of file.entries.splice(0, count)) this.bytesUsed -= bytes;
    file.first += count;
    this.#journal?.push({ kind: "forget", file: file.name, before: file.first });
  }

  /** Puts `values` in the place of all that a file holds, lasting at once: what a compaction leaves. */
  replace(file: DiskFile, entries: readonly DiskEntry[]): void {
    for (const { bytes } of file.entries) this.bytesUsed -= bytes;
    for (const { bytes } of entries) this.bytesUsed += bytes;
    file.first = file.end;
    file.entries = [...entries];
    file.syncedTo = file.end;
    const image = { first: file.first, entries: [...entries] };
    this.#journal?.push({ kind: "replace", file: file.name, image });
  }

  /** What would be left if the node were killed now. */
  image(): DiskImage {
    const kept = new Map<string, FileImage>();
    for (const [name, file] of this.#files) {
      const entries = file.entries.slice(0, Math.max(0, file.syncedTo - file.first));
      kept.set(name, { first: file.first, entries });
    }
    return kept;
  }

  /** What became lasting since the last call, for whoever keeps the image on another thread. */
  takeChanges(): readonly DiskChange[] {
    const changes = this.#journal ?? [];
    if (changes.length > 0) this.#journal = [];
    return changes;
  }
}

/** The image after some changes. */
export function changedImage(image: DiskImage, changes: readonly DiskChange[]): DiskImage {
  if (changes.length === 0) return image;
  const next = new Map(image);
  for (const change of changes) {
    const { first, entries } = next.get(change.file) ?? { first: 0, entries: [] };
    if (change.kind === "replace") next.set(change.file, change.image);
    else if (change.kind === "keep")
      next.set(change.file, { first, entries: [...entries, ...change.entries] });
    else
      next.set(change.file, {
        first: change.before,
        entries: entries.slice(change.before - first),
      });
  }
  return next;
}
