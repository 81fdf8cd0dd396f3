import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { complaintsOf, DECLARATIONS } from "../../engine/editor-complaints.ts";

const otp = DECLARATIONS["file:///node_modules/otp/index.d.ts"] ?? "";
const LESSON = "lessons/01-first-messages";

describe("the learner's API as the editor knows it", () => {
  it("has a declaration, with its doc, for every export that can be called", () => {
    const functions = [...otp.matchAll(/^export declare function (\w+)/gm)].map(([, name]) => name);
    expect(functions).toEqual(expect.arrayContaining(["call", "genServer", "spawn", "receive"]));
    const bare = [...otp.matchAll(/(?<!\*\/\n)export declare function (\w+)/g)].map(([, n]) => n);
    // The second signature of a function has the first one's doc.
    expect(bare.filter((name) => name !== "receive")).toEqual([]);
  });

  it("tells nothing of the engine", () => {
    expect(otp).not.toMatch(/import|CoPromise|Process\b(?!Info)|Envelope|(?<!net_)kernel|#private/);
    const hidden = [...otp.matchAll(/^(?:declare )?(?:type|interface|class|const) (\w+)/gm)].map(
      ([, name]) => name,
    );
    // Words of the API's own signatures, which nobody has to write.
    const own = ["Callee", "CheckedSpec", "ChildPid", "ExitReason", "Pids", "Running", "Started"];
    expect(hidden.sort()).toEqual([...own, "StartResult2"].sort());
  });

  it.each(["till", "free-till"])("has no complaint about starter and solutions of %s", (id) => {
    for (const folder of ["starter", "solution", "solution-b"]) {
      expect(complaints(join(LESSON, "exercises", id, folder)), folder).toEqual([]);
    }
  });
});

/** What the editor says of an exercise's files beside the lesson's. */
function complaints(folder: string) {
  const sources: Record<string, string> = {};
  for (const from of [join(LESSON, "scaffold"), folder])
    for (const name of readdirSync(from)) sources[name] = readFileSync(join(from, name), "utf8");
  return [...complaintsOf(sources)];
}
