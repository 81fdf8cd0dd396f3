/**
 * How a broker makes lasting what it promises. Whatever is to be kept waits here until it is
 * written and synced; only then does the broker act on it and answer, so that nobody has seen what
 * a crash could take back. What comes while the disk is busy shares the next sync (group commit),
 * hence many appends cost hardly more than one.
 *
 * A partition is one file whose entries are numbered as its records are. What groups have committed
 * is another file; the last entry counts, and the file is written anew when most of it is old.
 * All files of a batch are taken to be synced by one operation, as a journal would.
 */
import { copy, type DiskFile, KIND, type Medium, type Process } from "../kernel/index.ts";
import type { StoredRecord } from "./stream-partition.ts";
import { type Offsets, WRITES_WAITING_MAX } from "./stream-protocol.ts";

/** What a group's file tells: how far it has committed, or that a generation begins. */
export interface GroupNote {
  readonly group: string;
  readonly generation: number;
  readonly offsets: Offsets;
}

/** Something to be kept: in which file, and what to do when it is, or cannot be. */
export interface Write {
  readonly to: number | "groups";
  readonly value: unknown;
  readonly bytes: number;
  readonly done: () => void;
  readonly refuse: () => void;
}

/** What a broker finds when it begins. */
export interface Found {
  readonly partitions: readonly { readonly first: number; readonly records: StoredRecord[] }[];
  readonly notes: readonly GroupNote[];
}

export interface Journal {
  /** False when too much waits already. */
  write(write: Write): boolean;
  /** Records before `first` are past their time. */
  forget(partition: number, first: number): void;
}

/** Keeps nothing: done at once, and gone with the broker. */
export const memoryJournal: Journal = {
  write({ done }) {
    done();
    return true;
  },
  forget() {},
};

/** Records past their time stay on the disk until they are so many: what is cut off moves all the rest. */
const FORGOTTEN_AT_ONCE = 256;

/** The groups' file is written anew when it has more entries than this, and most are old. */
const NOTES_MIN = 1_000;

export class DiskJournal implements Journal {
  readonly #process: Process;
  readonly #disk: Medium;
  readonly #partitions: readonly DiskFile[];
  readonly #groups: DiskFile;
  readonly #name: string;
  readonly #liveNotes: () => readonly GroupNote[];
  #waiting: Write[] = [];
  #isBusy = false;

  /** `liveNotes` gives what the groups' file would have to say now. */
  constructor(
    process: Process,
    name: string,
    partitionCount: number,
    liveNotes: () => readonly GroupNote[],
  ) {
    const { disk } = process.node;
    this.#process = process;
    this.#name = `stream:${name}`;
    this.#disk = disk;
    this.#partitions = Array.from({ length: partitionCount }, (_none, partition) =>
      disk.file(`${this.#name}/${partition}`),
    );
    this.#groups = disk.file(`${this.#name}/groups`);
    this.#liveNotes = liveNotes;
  }

  /** When everything has been read that is there; what an earlier broker had not synced is synced now. */
  recoverUntil(): number {
    const { readUs, syncUs } = this.#disk.spec;
    const files = [...this.#partitions, this.#groups];
    const us = files.length * readUs + (files.some(isUnsynced) ? syncUs : 0);
    return this.#disk.reserve(this.#process.node.now, us);
  }

  /** What is there. Only after `recoverUntil`. */
  recover(): Found {
    for (const file of [...this.#partitions, this.#groups]) this.#disk.sync(file, file.end);
    return {
      partitions: this.#partitions.map(({ first, entries }) => ({
        first,
        records: entries.map(({ value, bytes }) => ({ ...(value as StoredRecord), bytes })),
      })),
      notes: this.#groups.entries.map(({ value }) => value as GroupNote),
    };
  }

  write(write: Write): boolean {
    if (this.#waiting.length >= WRITES_WAITING_MAX) return false;
    this.#waiting.push(write);
    this.#begin();
    return true;
  }

  forget(partition: number, first: number): void {
    const file = this.#partitions[partition] as DiskFile;
    if (first - file.first >= FORGOTTEN_AT_ONCE) this.#disk.forget(file, first);
  }

  /** Writes all that waits, and syncs it at one stroke. What finds no room is refused at once. */
  #begin(): void {
    while (!this.#isBusy && this.#waiting.length > 0) {
      this.#isBusy = true;
      const batch = this.#waiting;
      this.#waiting = [];
      const kept = batch.filter((write) => this.#append(write));
      if (kept.length > 0) this.#sync(kept);
      else this.#isBusy = false;
    }
  }

  #append(write: Write): boolean {
    const { to, value, bytes } = write;
    const hasRoom = this.#disk.hasRoomFor(bytes);
    if (hasRoom) this.#disk.append(this.#fileOf(to), value, bytes);
    else write.refuse();
    return hasRoom;
  }

  #sync(kept: readonly Write[]): void {
    const { node } = this.#process;
    const { spec } = this.#disk;
    const doneAt = this.#disk.reserve(node.now, kept.length * spec.appendUs + spec.syncUs);
    const end = () => node.wake(this.#process, () => this.#end(kept));
    node.arm(this.#process, doneAt, end);
  }

  #end(kept: readonly Write[]): void {
    const files = new Set(kept.map(({ to }) => this.#fileOf(to)));
    for (const file of files) this.#disk.sync(file, file.end);
    this.#record("sync", kept.length);
    for (const { done } of kept) done();
    this.#compact();
    this.#isBusy = false;
    this.#begin();
  }

  /** Nothing unsynced is in the file now, and all that it says has been done: what counts is known. */
  #compact(): void {
    const { length } = this.#groups.entries;
    if (length <= NOTES_MIN) return;
    const notes = this.#liveNotes();
    if (length < notes.length * 4) return;
    const entries = notes.map((note) => ({ value: copy(note).value, bytes: copy(note).bytes }));
    const { appendUs, syncUs } = this.#disk.spec;
    this.#disk.reserve(this.#process.node.now, entries.length * appendUs + syncUs);
    this.#disk.replace(this.#groups, entries);
    this.#record("compact", entries.length);
  }

  #fileOf(to: Write["to"]): DiskFile {
    return to === "groups" ? this.#groups : (this.#partitions[to] as DiskFile);
  }

  #record(op: "sync" | "compact", value: number): void {
    const payload = copy({ op, file: this.#name });
    this.#process.node.record(this.#process, KIND.disk, { value, payload });
  }
}

function isUnsynced(file: DiskFile): boolean {
  return file.syncedTo < file.end;
}
