/**
 * No program can leave anything to the next one in the same worker. The attacks of one kind are
 * made in one realm, one after another; after each the probe must come out as in a fresh one: same
 * digest, same findings, same lines. That walks all that programs share, so it misses little.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { ATTACKS, attackProgram, PROBE, REFUSED } from "./attacks.ts";
import { compileMain, type Outcome, type Realm, realmMaker } from "./realm.ts";

let createRealm: (isLocked: boolean) => Realm;
let expected: Outcome;

beforeAll(async () => {
  createRealm = await realmMaker();
  expected = createRealm(true).run(PROBE);
});

describe.each(Object.entries(ATTACKS))("%s", (_, lines) => {
  let realm: Realm;
  beforeAll(() => {
    realm = createRealm(true);
  });

  it.each(lines)("%s", (line) => {
    const program = attackProgram([line]);
    const outcome = realm.run(program);
    expect(realm.run(PROBE)).toEqual(expected);
    expect(realm.run(program)).toEqual(outcome);
  });
});

describe("the probe would notice: where nothing is locked down, it comes out differently after", () => {
  it.each([
    "(receive as any).evil = 1;",
    "Array.prototype.map = function () { return []; };",
    'Promise.prototype.then = function () { return "evil" as any; };',
    "(Object.prototype as any).evil = 1;",
    "/(evil)/.exec('evil');",
  ])("%s", (line) => {
    const realm = createRealm(false);
    const before = realm.run(PROBE);
    realm.run(attackProgram([line]));
    expect(realm.run(PROBE)).not.toEqual(before);
  });
});

it("the probe sees the engine at work", () => {
  expect(expected.said).toHaveLength(6);
  expect(expected.crashes).toEqual(["TypeError: worker three"]);
  expect(Object.keys(expected.findings)).toEqual(["0", "1"]);
});

it.each(Object.entries(REFUSED))("is refused by the compiler: %s", (line, code) => {
  const result = compileMain(
    `import { send } from "otp"; import * as otp from "otp"; export function main() { ${line} send("x", otp); }`,
  );
  expect(result.ok ? "compiled" : result.refusals[0]?.code).toBe(code);
});
