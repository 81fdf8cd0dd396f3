/**
 * `npm run conformance`: recorded scenarios of the real OTP against our engine.
 *
 *   npm run conformance                         those in tests/otp/recorded
 *   npm run conformance -- DIR                  those in another folder
 *   npm run conformance -- --only=link- --seeds=5
 */
import { judge } from "./judge.ts";
import { type Recording, readRecordings } from "./recording.ts";
import { missed, table } from "./report.ts";

const FOLDER = "tests/otp/recorded";
const SEED_COUNT = 20;

const words = process.argv.slice(2);
const option = (name: string) =>
  words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = words.find((word) => !word.startsWith("--")) ?? FOLDER;
const only = option("only") ?? "";
const seedCount = Number(option("seeds") ?? SEED_COUNT);

const recordings = read().filter(({ id }) => id.includes(only));
const judged = recordings.map((recording) => ({ recording, verdict: judge(recording, seedCount) }));
const misses = judged.filter(({ verdict }) => verdict.kind !== "passed");

console.log(table(judged));
for (const each of misses) console.log(`\n${missed(each, seedCount)}`);
if (judged.length === 0) console.log(`\nNo scenario of ${folder} has "${only}" in its id.`);
process.exitCode = misses.length > 0 || judged.length === 0 ? 1 : 0;

/** The scenarios of the folder; says what is wrong with it and ends when they cannot be read. */
function read(): readonly Recording[] {
  if (!(seedCount >= 1)) refuse(`--seeds takes a number from 1 on, not ${option("seeds")}`);
  try {
    return readRecordings(folder);
  } catch (thrown) {
    return refuse(
      `${folder} cannot be read as a folder of scenarios: ${(thrown as Error).message}`,
    );
  }
}

function refuse(what: string): never {
  console.error(what);
  process.exit(1);
}
