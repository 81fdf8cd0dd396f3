import { expect, it } from "vitest";
import { originalPosition } from "../../workers/compile/index.ts";
import { type CoPromise, drain } from "../../workers/kernel/coroutine.ts";
import { compiled, load, yours } from "./run-compiled.ts";

const TILL = `import { log } from "otp";
import { type Sum, check } from "./check.ts";

interface Till {
  readonly sum: Sum;
}

export const pay = async (till: Till): Promise<number> => {
  await log("paying");
  const later = async (extra: number) => {
    await extra;
    return check(till.sum + extra);
  };
  return later(1);
};
export async function direct(till: Till): Promise<Sum> {
  return check(till.sum);
}
`;
const CHECK = `export type Sum = number;

/** Throws. */
export function check(sum: Sum): number {
  if (sum > 0) { throw new RangeError("too much"); }
  return sum;
}
`;

/** The learner's places that a stack trace of the script names. */
function placesOf(program: Parameters<typeof originalPosition>[0], stack: string): string[] {
  return [...stack.matchAll(/(?:<anonymous>|eval):(\d+):(\d+)\)?$/gm)].flatMap(
    ([, line, column]) => {
      const place = originalPosition(program, Number(line), Number(column));
      return place ? [`${place.file}:${place.line}:${place.column}`] : [];
    },
  );
}

for (const name of ["pay", "direct"]) {
  it(`an error in ${name} leads back to the learner's lines`, () => {
    const program = compiled([yours(TILL, "shop/till.ts"), yours(CHECK, "shop/check.ts")]);
    const { exports } = load(program);
    let error: unknown;
    const f = exports["shop/till.ts"]?.[name] as (till: object) => CoPromise<number>;
    f({ sum: 1 }).catch((thrown) => {
      error = thrown;
    });
    drain();
    const places = placesOf(program, (error as Error).stack ?? "");
    expect(places[0]).toBe("shop/check.ts:5:24");
    expect(places[1]).toBe(name === "pay" ? "shop/till.ts:12:12" : "shop/till.ts:17:10");
  });
}

it("the script's own lines lead nowhere", () => {
  const program = compiled([yours(TILL, "till.ts"), yours(CHECK, "check.ts")]);
  expect(originalPosition(program, 1, 1)).toBeUndefined();
  expect(originalPosition(program, 3, 10)).toBeUndefined();
});
