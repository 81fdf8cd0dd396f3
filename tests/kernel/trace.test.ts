import { fail } from "node:assert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  combine,
  copy,
  digestOf,
  KIND,
  type Kind,
  type Signal,
  Trace,
  traceId,
} from "../../workers/kernel/index.ts";
import { murmur128 } from "./murmur.ts";

interface Row {
  readonly at: number;
  readonly kind: number;
  readonly process: number;
  readonly peer: number;
  readonly message: number;
  readonly signal: number;
  readonly value: number;
  readonly payload: unknown;
  readonly cause: number;
}

function write(trace: Trace, row: Row): void {
  const { at, process, peer, message, value, payload, cause } = row;
  const kept = payload === undefined ? 0 : trace.keep(payload, copy(payload).hash);
  const kind = row.kind as Kind;
  trace.write(at, kind, process, peer, message, row.signal as Signal, value, kept, cause);
}

function read(trace: Trace, row: number): Row {
  return {
    at: trace.atOf(row),
    kind: trace.kindOf(row),
    process: trace.processOf(row),
    peer: trace.peerOf(row),
    message: trace.messageOf(row),
    signal: trace.signalOf(row),
    value: trace.valueIn(row),
    payload: trace.payloadOf(row),
    cause: trace.causeOf(row),
  };
}

function traceOf(rows: readonly Row[], trace = new Trace()): Trace {
  for (const row of rows) write(trace, row);
  return trace;
}

function rowsOf(trace: Trace): Row[] {
  return Array.from({ length: trace.rowCount }, (_, row) => read(trace, row));
}

const id = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const payload = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom("till", "customer", "", 7, -0, true, null),
  fc.dictionary(fc.string(), fc.integer()),
);
/** Rows in order of time whose gaps go from nothing to more than an hour. */
const drawn = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.nat(3), fc.constant(3_000_000_000), fc.nat(10_000)),
      kind: fc.integer({ min: 1, max: 27 }),
      signal: fc.integer({ min: 0, max: 9 }),
      process: id,
      peer: id,
      message: id,
      cause: id,
      payload,
      value: fc.oneof(
        fc.constantFrom<"at" | number>(0, "at", 0.5, -1, 2 ** 32 - 1, 2 ** 32, 2 ** 52 + 1),
        fc.nat(),
      ),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => {
    let at = 0;
    return rows.map(({ gap, value, ...rest }): Row => {
      at += gap;
      return { ...rest, at, value: value === "at" ? at : value };
    });
  });

/** More rows than a block holds, with something beside every third; `changes` is put into one of them. */
function manyRows(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    at: i * 300_000,
    kind: KIND.send,
    process: traceId(0, i % 7),
    peer: traceId(1, i % 5),
    message: traceId(0, i),
    signal: i % 6,
    value: i % 3 === 0 ? i * 300_000 : i % 50,
    payload: i % 3 === 0 ? { n: i % 1000 } : undefined,
    cause: i === 0 ? 0 : traceId(0, i - 1),
  }));
}

describe("Rule R4: what was written is read back, at any time and of any value", () => {
  it("over drawn rows", () => {
    fc.assert(
      fc.property(drawn, (rows) => {
        const trace = traceOf(rows);
        expect(rowsOf(trace)).toEqual(rows);
        expect(trace.lastAt).toBe(rows.at(-1)?.at);
        for (const { at } of rows) {
          expect(trace.upperBound(at)).toBe(rows.filter((row) => row.at <= at).length);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it("over several blocks and two hours and more", () => {
    const rows = manyRows(30_000);
    const trace = traceOf(rows);
    expect(rows.at(-1)?.at).toBeGreaterThan(2 * 3_600_000_000);
    expect(rowsOf(trace)).toEqual(rows);
  });

  it("in 24 bytes a row and 4 for a small value or a payload", () => {
    const { words } = traceOf(manyRows(10_000)).chunk(0, 1_000_000);
    const aside = manyRows(10_000).reduce(
      (sum, { at, value, payload: kept }) =>
        sum + (value === 0 || value === at ? 0 : 1) + (kept === undefined ? 0 : 1),
      0,
    );
    expect(words.byteLength).toBe(24 * 10_000 + 4 * aside);
  });

  it("and rows that are taken away leave no trace of themselves", () => {
    fc.assert(
      fc.property(drawn, drawn, fc.nat(60), (rows, others, kept) => {
        const trace = traceOf(rows);
        trace.digest();
        trace.truncate(kept);
        const left = rows.slice(0, kept);
        const later = others.map((row) => ({ ...row, at: row.at + (left.at(-1)?.at ?? 0) }));
        traceOf(later, trace);
        const fresh = [...left, ...later];
        expect(rowsOf(trace).map(({ at, kind }) => [at, kind])).toEqual(
          fresh.map(({ at, kind }) => [at, kind]),
        );
        expect(trace.digest()).toBe(traceOf(fresh).digest());
      }),
      { numRuns: 100, seed: 2 },
    );
  });
});

describe("Rule R2: the digest changes with any column and any payload", () => {
  const rows = manyRows(2000);
  const digest = digestOf(traceOf(rows));
  const changes: Readonly<Record<string, (row: Row) => Row>> = {
    at: (row) => ({ ...row, at: row.at + 1 }),
    "at, by an epoch": (row) => ({ ...row, at: row.at + 2 ** 32 }),
    kind: (row) => ({ ...row, kind: row.kind + 1 }),
    signal: (row) => ({ ...row, signal: row.signal + 1 }),
    process: (row) => ({ ...row, process: row.process + 1 }),
    peer: (row) => ({ ...row, peer: row.peer + 1 }),
    message: (row) => ({ ...row, message: row.message + 1 }),
    value: (row) => ({ ...row, value: row.value + 1 }),
    "value, by its upper half": (row) => ({ ...row, value: row.value + 2 ** 32 }),
    "value, by a fraction": (row) => ({ ...row, value: row.value + 0.25 }),
    cause: (row) => ({ ...row, cause: row.cause + 1 }),
    payload: (row) => ({ ...row, payload: { n: -1 } }),
    "payload, taken away": (row) => ({ ...row, payload: undefined }),
  };
  it.each(Object.keys(changes))("by %s", (name) => {
    const change = changes[name] ?? fail();
    // A row with a payload in the middle, and the last one.
    for (const place of [1233, 1998]) {
      const changed = rows.map((row, i) => (i === place ? change(row) : row));
      expect(digestOf(traceOf(changed))).not.toBe(digest);
    }
    expect(digestOf(traceOf(rows))).toBe(digest);
  });

  it("and is MurmurHash3 over the words that digest.ts names", () => {
    fc.assert(
      fc.property(drawn, (drawnRows) => {
        const words = drawnRows.flatMap((row) => wordsOf(row));
        expect(digestOf(traceOf(drawnRows))).toBe(murmur128(words));
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

/** The words of a row for the digest, by the table in digest.ts, with no regard to how rows are kept. */
function wordsOf(row: Row): number[] {
  const { at, value, kind, signal, process, peer, message, cause } = row;
  const isWord = Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  const mode = value === 0 ? 0 : value === at ? 1 : isWord ? 2 : 3;
  const float = new DataView(new ArrayBuffer(8));
  float.setFloat64(0, value);
  const lower = mode < 2 ? 0 : mode === 2 ? value : float.getUint32(4);
  const upper = mode < 3 ? 0 : float.getUint32(0);
  const late = Math.floor(at / 2 ** 32);
  const hasMore = mode === 3 || late !== 0;
  const hash = row.payload === undefined ? 0 : copy(row.payload).hash;
  const content = kind + signal * 64 + mode * 2048 + (hasMore ? 8192 : 0);
  return [
    ...[at % 2 ** 32, content, process, peer],
    ...[message, cause, hash, lower],
    ...(hasMore ? [late, upper, 0, 0] : []),
  ];
}

describe("Rule R3: folded as they are written or all at the end, rows have one digest", () => {
  const rows = manyRows(20_000);
  const digest = traceOf(rows).digest();

  it("asked for again and again on the way", () => {
    const trace = new Trace();
    rows.forEach((row, i) => {
      write(trace, row);
      if (i % 777 === 0) trace.digest();
    });
    expect(trace.digest()).toBe(digest);
    expect(trace.digest()).toBe(digest);
  });

  it("with rows and payloads forgotten", () => {
    const trace = traceOf(rows, new Trace({ keep: "digest" }));
    expect(trace.digest()).toBe(digest);
    expect(trace.rowCount).toBe(rows.length);
    expect(trace.lastAt).toBe(rows.at(-1)?.at);
    expect(trace.payloads).toHaveLength(1);
  });

  // Before, at and after the end of a block.
  it.each([8191, 8192, 8193, 16_384, 100])("cut at its bound of %i rows", (rowCountMax) => {
    const cut = (trace: Trace) => {
      traceOf(rows, trace);
      trace.truncate(rowCountMax);
      trace.write(trace.lastAt, KIND.cut, 0, 0, 0, 0, 0, trace.keep("full", combine(1, 2)), 0);
      return trace.digest();
    };
    const whole = cut(new Trace());
    expect(cut(new Trace({ keep: "digest", rowCountMax }))).toBe(whole);
    expect(whole).not.toBe(digest);
  });
});

describe("Rule R5: an equal payload kept again is kept once", () => {
  it("a text by its content, an object by being the same one", () => {
    const trace = new Trace();
    const sale = copy({ sell: 1 });
    const again = copy({ sell: 1 });
    const number = trace.keep("customer", copy("customer").hash);
    expect(trace.keep(["custo", "mer"].join(""), copy("customer").hash)).toBe(number);
    expect(trace.keep(sale.value, sale.hash)).toBe(trace.keep(sale.value, sale.hash));
    expect(trace.keep(again.value, again.hash)).not.toBe(trace.keep(sale.value, sale.hash));
    expect(trace.keep("till", copy("customer").hash)).not.toBe(number);
    expect(trace.keep(-0, copy(-0).hash)).not.toBe(trace.keep(0, copy(0).hash));
  });

  it("also after the trace has begun anew", () => {
    const trace = new Trace();
    trace.keep("a", 1);
    trace.keep("b", 2);
    trace.clear();
    const b = trace.keep("b", 2);
    expect(trace.payloads[b]).toBe("b");
    expect(trace.payloads[trace.keep("a", 1)]).toBe("a");
  });
});

describe("Rule R6: rows cut out and appended elsewhere are the same rows", () => {
  it("in chunks of any size", () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 20 }), (rows, size) => {
        const growing = new Trace();
        const there = new Trace();
        let sent = { rows: 0, payloads: 1 };
        rows.forEach((row, i) => {
          write(growing, row);
          if (i % size !== 0 && i < rows.length - 1) return;
          there.append(structuredClone(growing.chunk(sent.rows, sent.payloads)));
          sent = { rows: growing.rowCount, payloads: growing.payloads.length };
        });
        expect(rowsOf(there)).toEqual(rows);
        expect(there.digest()).toBe(growing.digest());
      }),
      { numRuns: 100, seed: 4 },
    );
  });

  it("over blocks and epochs, of a trace that is emptied each time", () => {
    const rows = manyRows(20_000);
    const node = new Trace();
    const there = new Trace();
    rows.forEach((row, i) => {
      write(node, row);
      if (i % 6007 === 0) there.append(node.take());
    });
    there.append(node.take());
    expect(node.rowCount).toBe(0);
    expect(rowsOf(there)).toEqual(rows);
    expect(there.digest()).toBe(traceOf(rows).digest());
  });
});
