/** Links to runs: what is put in comes out, and whatever else is in a link is refused in words. */
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedFiles, sharedFiles } from "../../components/sandbox/share-files.ts";
import {
  decodeShare,
  encodeShare,
  isShareFragment,
  SHARE_BOUNDS,
  type SharedRun,
} from "../../components/sandbox/share-link.ts";

const RUN: SharedRun = {
  kind: "play",
  id: "rush",
  version: 1,
  files: [
    { path: "main.ts", text: 'export const till = "ä ☕ \u0000";\n' },
    { path: "old.ts", text: undefined },
  ],
  seed: 7,
  faults: [{ kind: "crash", node: "shop", atUs: 1_500_000 }],
  momentUs: 40_000_000,
};

/** A fragment made by hand, as somebody who means no good would. */
function packed(content: unknown): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return `#s1.${deflateRawSync(text).toString("base64url")}`;
}

/** What the link of RUN holds, with something else in its place. */
function holding(changes: Readonly<Record<string, unknown>>): string {
  const { files: _, ...rest } = RUN;
  return packed({ v: 1, ...rest, files: [], ...changes });
}

async function reasonOf(fragment: string): Promise<string> {
  const decoded = await decodeShare(fragment);
  return decoded.ok ? "ok" : decoded.reason;
}

describe("a link", () => {
  it("holds a run, and gives it back", async () => {
    const encoded = await encodeShare(RUN);
    if (!encoded.ok) throw new Error(encoded.message);
    expect(encoded.fragment).toMatch(/^#s1\.[A-Za-z0-9_-]+$/);
    expect(isShareFragment(encoded.fragment)).toBe(true);
    expect(await decodeShare(encoded.fragment)).toEqual({ ok: true, run: RUN });
  });

  it("gives back any run", async () => {
    const path = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}\.ts$/);
    const runs = fc.record({
      kind: fc.constant("play" as const),
      id: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,20}$/),
      version: fc.integer({ min: 1, max: 1000 }),
      files: fc.uniqueArray(path, { maxLength: 5 }).chain((paths) =>
        fc.tuple(
          ...paths.map((one) =>
            fc.record({
              path: fc.constant(one),
              text: fc.option(fc.string({ unit: "grapheme", maxLength: 200 }), {
                nil: undefined,
              }),
            }),
          ),
        ),
      ),
      seed: fc.integer({ min: 0, max: 999_999_999 }),
      faults: fc.array(
        fc.record({
          kind: fc.constant("crash" as const),
          node: fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/),
          atUs: fc.integer({ min: 0, max: 600_000_000 }),
        }),
        { maxLength: 3 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        const encoded = await encodeShare(run);
        expect(encoded.ok && (await decodeShare(encoded.fragment))).toEqual({ ok: true, run });
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("is not made when there is too much for one", async () => {
    let state = 1;
    const noise = Array.from({ length: 90_000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return String.fromCharCode(33 + (state >>> 24) / 3);
    }).join("");
    const long = await encodeShare({ ...RUN, files: [{ path: "main.ts", text: noise }] });
    expect(long).toMatchObject({ ok: false, reason: "too long" });
    const text = "x".repeat(SHARE_BOUNDS.inflatedBytes);
    const large = await encodeShare({ ...RUN, files: [{ path: "main.ts", text }] });
    expect(large).toMatchObject({ ok: false, reason: "too large" });
  });
});

describe("what is no run is refused", () => {
  it("of another version", async () => {
    expect(await reasonOf("#s2.abcd")).toBe("version");
    expect(await reasonOf("#s10.abcd")).toBe("version");
  });

  it("that is another fragment", async () => {
    for (const fragment of ["", "#", "#E1", "#s1", "#sx.abc", "s1.abc"]) {
      expect(isShareFragment(fragment), fragment).toBe(false);
      expect(await reasonOf(fragment)).toBe("not a share");
    }
  });

  it("that is damaged", async () => {
    const { fragment } = (await encodeShare(RUN)) as { readonly fragment: string };
    expect(await reasonOf("#s1.")).toBe("encoding");
    expect(await reasonOf("#s1.ab cd")).toBe("encoding");
    expect(await reasonOf("#s1.a")).toBe("encoding");
    expect(await reasonOf("#s1.<img src=x>")).toBe("encoding");
    for (const length of [10, 40, fragment.length - 8])
      expect(await reasonOf(fragment.slice(0, length)), `${length} characters`).toBe("encoding");
    expect(await reasonOf(packed("{ not JSON"))).toBe("encoding");
  });

  it("that is too long, before it is looked at", async () => {
    expect(await reasonOf(`#s1.${"A".repeat(SHARE_BOUNDS.fragmentCharacters)}`)).toBe("too long");
  });

  it("that grows past all bounds when it is unpacked", async () => {
    const bomb = packed(`"${"0".repeat(30_000_000)}"`);
    expect(bomb.length).toBeLessThan(SHARE_BOUNDS.fragmentCharacters);
    expect(await reasonOf(bomb)).toBe("too large");
    const fits = packed(`"${"0".repeat(SHARE_BOUNDS.inflatedBytes - 2)}"`);
    expect(await reasonOf(fits)).toBe("content");
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["no version", { v: undefined }],
    ["another version within", { v: 2 }],
    ["a field too many", { extra: 1 }],
    ["another kind", { kind: "lesson" }],
    ["an id with signs in it", { id: "<b>rush</b>" }],
    ["an id that is a path", { id: "../rush" }],
    ["a version that is none", { version: "1" }],
    ["a seed below 0", { seed: -1 }],
    ["half a seed", { seed: 1.5 }],
    ["a moment past every horizon", { momentUs: 1e12 }],
    ["a moment in words", { momentUs: "now" }],
    ["another tier", { tier: "X" }],
    ["no files", { files: undefined }],
    ["files as an object", { files: { "main.ts": "" } }],
    ["a file in a folder", { files: [["a/main.ts", ""]] }],
    ["a file that climbs", { files: [["../main.ts", ""]] }],
    ["a file called __proto__", { files: [["__proto__", ""]] }],
    [
      "a file twice",
      {
        files: [
          ["a.ts", ""],
          ["a.ts", ""],
        ],
      },
    ],
    ["a file without a text", { files: [["a.ts"]] }],
    ["a file of numbers", { files: [["a.ts", 5]] }],
    ["too many files", { files: Array.from({ length: 13 }, (_, i) => [`f${i}.ts`, ""]) }],
    ["an exercise's file gone", { kind: "exercise", files: [["till.ts", null]] }],
    ["a fault of no kind", { faults: [{ kind: "explode", atUs: 1 }] }],
    ["a fault with a field too many", { faults: [{ kind: "crash", node: "n1", atUs: 1, x: 1 }] }],
    ["no faults", { faults: null }],
  ])("with %s", async (_name, changes) => {
    expect(await reasonOf(holding(changes))).toBe("content");
  });

  it("and the same link without that is none of these", async () => {
    expect(await reasonOf(holding({}))).toBe("ok");
  });

  it("whatever it is: nothing makes it throw", async () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }).map((text) => `#s1.${text}`),
      fc
        .uint8Array({ maxLength: 400 })
        .map((bytes) => `#s1.${Buffer.from(bytes).toString("base64url")}`),
      fc.string({ maxLength: 40 }),
      fc.json({ maxDepth: 4 }).map(packed),
      fc
        .dictionary(
          fc.constantFrom(
            "v",
            "kind",
            "id",
            "version",
            "files",
            "seed",
            "faults",
            "tier",
            "momentUs",
          ),
          fc.anything({ maxDepth: 3 }),
        )
        .map((changes) =>
          holding(
            JSON.parse(
              JSON.stringify(changes, (_, one) => (typeof one === "bigint" ? 0 : one)) ?? "{}",
            ),
          ),
        ),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (fragment) => {
        const decoded = await decodeShare(fragment);
        if (!decoded.ok) expect(decoded.message).toMatch(/^This .+\.$|^There .+\.$|^What .+\.$/);
        else expect(await encodeShare(decoded.run)).toMatchObject({ ok: true });
      }),
      { numRuns: 600, seed: 2 },
    );
  });
});

describe("the files of a link", () => {
  const starter = [
    { path: "till.ts", text: "a", isReadOnly: false },
    { path: "shop.ts", text: "b", isReadOnly: true },
  ];

  it("are those that differ, and stand over the others where it is opened", () => {
    const mine = [
      { path: "till.ts", text: "mine", isReadOnly: false },
      { path: "shop.ts", text: "b", isReadOnly: true },
    ];
    const files = changedFiles(mine, starter);
    expect(files).toEqual([{ path: "till.ts", text: "mine" }]);
    expect(sharedFiles({ ...RUN, kind: "exercise", files }, starter)).toEqual(mine);
    expect(changedFiles(starter, starter)).toEqual([]);
  });

  it("may come and go in the playground", () => {
    const mine = [
      { path: "shop.ts", text: "b", isReadOnly: false },
      { path: "new.ts", text: "n", isReadOnly: false },
    ];
    const files = changedFiles(mine, starter);
    expect(files).toContainEqual({ path: "till.ts", text: undefined });
    expect(sharedFiles({ ...RUN, files }, starter)?.map(({ path }) => path)).toEqual([
      "shop.ts",
      "new.ts",
    ]);
  });

  it("of an exercise are its own and may be written, or the link is none", () => {
    const of = (path: string) =>
      sharedFiles({ ...RUN, kind: "exercise", files: [{ path, text: "x" }] }, starter);
    expect(of("till.ts")?.[0]?.text).toBe("x");
    expect(of("shop.ts")).toBeUndefined();
    expect(of("other.ts")).toBeUndefined();
  });
});
