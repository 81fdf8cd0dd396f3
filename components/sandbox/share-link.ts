/**
 * A run as the fragment of an address: what differs from the template or the exercise, the seed,
 * the faults, and a moment. A fragment stays in the browser: no server sees what is shared.
 *
 * `#s1.` and the base64url of the deflated JSON. Whoever made a link is nobody we know, so reading
 * one is bounded before it is believed: characters, bytes while they are inflated, then every
 * field. Reading gives data or one sentence about what is wrong; it runs nothing, and shows nothing.
 */
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { parseFaults, SCENARIO_BOUNDS } from "../play/scenario-text.ts";

/** A file that is not as in the template or the starter; `undefined` for one that was taken away. */
export interface SharedFile {
  readonly path: string;
  readonly text: string | undefined;
}

export interface SharedRun {
  readonly kind: "play" | "exercise";
  /** The template, "rush", or the exercise, "L01-E1". */
  readonly id: string;
  /** Of the template or the exercise, when the link was made. */
  readonly version: number;
  /** Those that differ, scenario.json of the playground among them. */
  readonly files: readonly SharedFile[];
  readonly seed: number;
  /** By hand, besides those of the scenario. */
  readonly faults: readonly FaultSpec[];
  /** The world of a check, when it is one of its runs that is shown; else the exercise's own. */
  readonly tier?: "S" | "P";
  /** Where the play-head stood, virtual µs. */
  readonly momentUs?: number;
}

/** What a link may be at most; of the whole fragment, and of the JSON in it. */
export const SHARE_BOUNDS = {
  fragmentCharacters: 60_000,
  inflatedBytes: 400_000,
  files: 12,
} as const;

export type RefusalReason =
  | "not a share"
  | "version"
  | "too long"
  | "encoding"
  | "too large"
  | "content"
  | "unsupported";

export type Encoded =
  | { readonly ok: true; readonly fragment: string }
  | { readonly ok: false; readonly reason: RefusalReason; readonly message: string };

export type Decoded =
  | { readonly ok: true; readonly run: SharedRun }
  | { readonly ok: false; readonly reason: RefusalReason; readonly message: string };

const MARK = "#s1.";

/** True for a fragment that means to be a shared run, of whatever version. */
export function isShareFragment(fragment: string): boolean {
  return /^#s\d{1,6}\./.test(fragment);
}

/** The fragment for a run, with its `#`; refused when a link could not hold it. */
export async function encodeShare(run: SharedRun): Promise<Encoded> {
  const { kind, id, version, files, seed, faults, tier, momentUs } = run;
  const bytes = new TextEncoder().encode(
    JSON.stringify({
      v: 1,
      kind,
      id,
      version,
      files: files.map(({ path, text }) => [path, text ?? null]),
      seed,
      faults,
      tier,
      momentUs,
    }),
  );
  if (bytes.length > SHARE_BOUNDS.inflatedBytes) return refused("too large", TOO_MUCH);
  if (typeof CompressionStream === "undefined") return refused("unsupported", TOO_OLD);
  const packed = await through(bytes, new CompressionStream("deflate-raw"), Infinity);
  if (packed === undefined) return refused("unsupported", TOO_OLD);
  const fragment = MARK + toBase64Url(packed);
  return fragment.length > SHARE_BOUNDS.fragmentCharacters
    ? refused("too long", TOO_MUCH)
    : { ok: true, fragment };
}

/** The run in a fragment, or why there is none. Never throws, whatever the fragment is. */
export async function decodeShare(fragment: string): Promise<Decoded> {
  if (!isShareFragment(fragment)) return refused("not a share", "This is no link to a run.");
  if (!fragment.startsWith(MARK)) return refused("version", NEWER);
  if (fragment.length > SHARE_BOUNDS.fragmentCharacters) return refused("too long", TOO_LONG);
  const packed = fromBase64Url(fragment.slice(MARK.length));
  if (packed === undefined) return refused("encoding", TORN);
  if (typeof DecompressionStream === "undefined") return refused("unsupported", TOO_OLD);
  const inflated = await inflate(packed);
  if (inflated === "too large") return refused("too large", TOO_LARGE);
  if (inflated === "torn") return refused("encoding", TORN);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(inflated));
  } catch {
    return refused("encoding", TORN);
  }
  const run = parseRun(value);
  return run === undefined ? refused("content", NOT_OURS) : { ok: true, run };
}

const NEWER = "This link was made by another version of the course, and cannot be read here.";
const TOO_LONG = "This link is longer than any that is made here. It was not opened.";
const TORN = "This link is damaged: perhaps its end was cut off when it was copied.";
const TOO_LARGE = "There is more packed into this link than a run can be. It was not opened.";
const NOT_OURS = "What this link holds is no run of this course. It was not opened.";
const TOO_OLD = "This browser lacks what is needed for links to runs. A newer one has it.";
const TOO_MUCH = "This is too much for a link. Share it as files: there is room for about 60 kB.";

function refused(reason: RefusalReason, message: string) {
  return { ok: false, reason, message } as const;
}

const FIELDS = ["v", "kind", "id", "version", "files", "seed", "faults", "tier", "momentUs"];

function parseRun(value: unknown): SharedRun | undefined {
  if (!isRecord(value) || value["v"] !== 1) return undefined;
  if (Object.keys(value).some((name) => !FIELDS.includes(name))) return undefined;
  const { kind, id, version, seed, tier, momentUs } = value;
  if (kind !== "play" && kind !== "exercise") return undefined;
  if (typeof id !== "string" || !/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(id)) return undefined;
  if (!isWhole(version, 1, 1_000_000) || !isWhole(seed, 0, 999_999_999)) return undefined;
  if (tier !== undefined && tier !== "S" && tier !== "P") return undefined;
  if (momentUs !== undefined && !isWhole(momentUs, 0, SCENARIO_BOUNDS.horizonUs)) return undefined;
  const files = parseFiles(value["files"], kind);
  const faults = parseFaults(value["faults"]);
  if (files === undefined || faults === undefined) return undefined;
  return {
    kind,
    id,
    version,
    files,
    seed,
    faults,
    ...(tier !== undefined && { tier }),
    ...(momentUs !== undefined && { momentUs }),
  };
}

/** Names of files as they are shown and compiled: no folders, nothing hidden. */
const FILE = /^[a-z][a-z0-9-]{0,39}\.(ts|json)$/;

function parseFiles(value: unknown, kind: SharedRun["kind"]): readonly SharedFile[] | undefined {
  if (!Array.isArray(value) || value.length > SHARE_BOUNDS.files) return undefined;
  const files: SharedFile[] = [];
  for (const entry of value as unknown[]) {
    if (!Array.isArray(entry) || entry.length !== 2) return undefined;
    const [path, text] = entry as unknown[];
    if (typeof path !== "string" || !FILE.test(path)) return undefined;
    if (files.some((file) => file.path === path)) return undefined;
    // Only in the playground can a file be taken away.
    if (typeof text !== "string" && (text !== null || kind !== "play")) return undefined;
    files.push({ path, text: text ?? undefined });
  }
  return files;
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function inflate(
  packed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array | "too large" | "torn"> {
  let isTooLarge = false;
  const inflated = await through(
    packed,
    new DecompressionStream("deflate-raw"),
    SHARE_BOUNDS.inflatedBytes,
    () => {
      isTooLarge = true;
    },
  );
  return inflated ?? (isTooLarge ? "too large" : "torn");
}

/** A stream inflates what it is handed in one go, at most a thousandfold: so it is handed little. */
const SLICE_BYTES = 1_024;

/** What comes out of a stream; undefined when it fails, or when it is more than `bytesMax`. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  { readable, writable }: CompressionStream | DecompressionStream,
  bytesMax: number,
  onTooLarge?: () => void,
): Promise<Uint8Array | undefined> {
  const writer = writable.getWriter();
  const reader: ReadableStreamDefaultReader<Uint8Array> = readable.getReader();
  const feed = async () => {
    for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
      await writer.ready;
      await writer.write(bytes.subarray(from, from + SLICE_BYTES));
    }
    await writer.close();
  };
  // A stream that fails says so to the reader as well.
  const fed = feed().catch(() => undefined);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > bytesMax) {
        onTooLarge?.();
        await reader.cancel();
        return undefined;
      }
      parts.push(value);
    }
    await fed;
  } catch {
    return undefined;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
  } catch {
    return undefined;
  }
}
