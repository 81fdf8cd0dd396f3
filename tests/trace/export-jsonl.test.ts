import { describe, expect, it } from "vitest";
import { copy, KIND, Trace } from "../../workers/kernel/index.ts";
import { exportJsonl, parseJsonl, rowOf } from "../../workers/trace/index.ts";
import { worldTrace } from "./runs.ts";

const KEYS = "row,at,kind,process,peer,message,signal,value,payload,cause";

describe("Rule R8: a trace as lines of JSON comes back as it was", () => {
  it("a run of everything", () => {
    const trace = worldTrace(3);
    const lines = [...exportJsonl(trace, "abc · world · seed 3")];
    expect(lines).toHaveLength(trace.rowCount + 1);
    expect(JSON.parse(lines[0] as string)).toEqual({
      format: "steady-state-trace",
      version: 1,
      run: "abc · world · seed 3",
      rows: trace.rowCount,
    });
    for (const line of lines.slice(1)) {
      expect(line.endsWith("\n")).toBe(true);
      expect(Object.keys(JSON.parse(line)).join()).toBe(KEYS);
    }
    const back = parseJsonl(lines.join(""));
    expect(back).toStrictEqual({
      ok: true,
      run: "abc · world · seed 3",
      rows: Array.from({ length: trace.rowCount }, (_, row) => rowOf(trace, row)),
    });
  });

  it.each([
    ["none", undefined],
    ["null", null],
    ["numbers JSON has no word for", [Number.NaN, -0, 0, Infinity, -Infinity, 1e300, 0.1]],
    ["big integers", { n: 2n ** 80n, m: -1n }],
    ["undefined within", [undefined, { a: undefined }]],
    ["maps and sets", new Map<unknown, unknown>([[{ k: 1 }, new Set(["a", null, undefined])]])],
    ["the key that marks such values", { $: "map", entries: [[{ $: { $: 1 } }, 2]] }],
    ["a key of objects' own", JSON.parse('{ "__proto__": { "a": 1 }, "toString": 2 }')],
    ["texts", 'line\nfeed "quoted" \u2028 \ud800'],
  ])("payload: %s", (_, payload) => {
    const { value, hash } = copy(payload);
    const trace = new Trace();
    const kept = value === undefined ? 0 : trace.keep(value, hash);
    trace.write(2 ** 33, KIND.log, 5, 0, 0, 0, 0.5, kept, 0);
    const back = parseJsonl([...exportJsonl(trace, "run")].join(""));
    if (!back.ok) throw new Error(back.reason);
    expect(back.rows).toStrictEqual([rowOf(trace, 0)]);
    expect(back.rows[0]?.payload).toStrictEqual(payload);
    expect(copy(back.rows[0]?.payload).hash).toBe(hash);
  });

  it.each([
    ["nothing", "", 1],
    ["another format", '{"format":"other","version":1}', 1],
    ["a version to come", '{"format":"steady-state-trace","version":2,"rows":0}', 1],
    ["rows that are missing", '{"format":"steady-state-trace","version":1,"rows":1}', 1],
    ["a line that is no row", '{"format":"steady-state-trace","version":1,"rows":1}\n{}', 2],
    ["a line that is no JSON", '{"format":"steady-state-trace","version":1,"rows":1}\n{"ro', 2],
  ])("refuses %s, and says in which line", (_, text, line) => {
    expect(parseJsonl(text)).toMatchObject({ ok: false, line });
  });
});
