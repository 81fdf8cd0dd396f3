// @ts-check
/**
 * `npm test`: the judgement. Runs every step to its end, also after one has failed, and closes with
 * the line `N passed, N failed`. A step that holds tests counts each of them; any other counts as one.
 *
 *   npm test -- --only=units,style     these steps alone
 *   npm test -- --only=units time      what follows the steps goes to Vitest or Playwright
 */
import "./need-node.mjs";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run, runNode } from "./child.mjs";
import { ensureBrowser } from "./ensure-browser.mjs";
import { ensureBuild, NEXT } from "./ensure-build.mjs";
import { ensurePackages } from "./ensure-packages.mjs";
import { freePort } from "./free-port.mjs";

/** All steps together; each also has a bound of its own, so that one that hangs is named. */
const ALL_MS_MAX = 38 * 60_000;
const STEP_MS_MAX = 20 * 60_000;
const REPORTS = ".cache/reports";
const TSC = "node_modules/typescript/bin/tsc";
const BIOME = "node_modules/@biomejs/biome/bin/biome";
const VITEST = "node_modules/vitest/vitest.mjs";
const PLAYWRIGHT = "node_modules/@playwright/test/cli.js";

/**
 * What a step came to. `tests` are those counted one by one (0 for a check); `note` is one short
 * remark for the table.
 * @typedef {{ passed: number, failed: number, tests: number, note: string }} Outcome
 *
 * The parts of the runners' JSON reports that are counted.
 * @typedef {{
 *   numTotalTests: number, numPassedTests: number, numFailedTests: number,
 *   numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: unknown[] }[],
 * }} VitestReport
 * @typedef {{
 *   stats: { expected: number, unexpected: number, flaky: number, skipped: number },
 * }} PlaywrightReport
 */

/** @type {readonly { name: string, work: () => Promise<Outcome> }[]} */
const STEPS = [
  { name: "types", work: types },
  { name: "style", work: () => check([BIOME, "ci", "--error-on-warnings", "."]) },
  { name: "boundaries", work: () => check(["bin/boundaries.mjs"]) },
  { name: "unused", work: () => check(["node_modules/knip/bin/knip.js", "--no-progress"]) },
  { name: "units", work: () => units("units") },
  { name: "lessons", work: () => units("lessons") },
  { name: "build", work: build },
  { name: "browser", work: journeys },
];

const startedAt = Date.now();
const { chosen, forwarded } = parseArguments(process.argv.slice(2));

const packages = await ensurePackages();
if (!packages.ok) {
  console.error(`\n${packages.reason}\n`);
  console.log("0 passed, 1 failed");
  process.exit(1);
}
rmSync(join(ROOT, REPORTS), { recursive: true, force: true });
mkdirSync(join(ROOT, REPORTS), { recursive: true });

const rows = [];
for (const { name, work } of chosen) {
  console.log(`\n── ${name}`);
  const stepStartedAt = Date.now();
  rows.push({ name, ...(await work()), ms: Date.now() - stepStartedAt });
}
conclude(rows);

/**
 * Prints the table and the tally, and sets the exit code. A run in which no test ran has failed.
 * @param {(Outcome & { name: string, ms: number })[]} rows
 */
function conclude(rows) {
  const isWhole = chosen.length === STEPS.length;
  if (isWhole && sum(rows, "tests") === 0) {
    rows.push({ name: "tests", ...failure("not one test ran"), ms: 0 });
  }
  console.log("");
  for (const { name, passed, failed, note, ms } of rows) {
    const verdict = failed > 0 ? `${failed} failed` : "ok";
    const seconds = `${(ms / 1000).toFixed(1)} s`;
    console.log(
      `  ${name.padEnd(12)}${verdict.padEnd(11)}${String(passed).padStart(5)} passed${seconds.padStart(10)}  ${note}`,
    );
  }
  console.log(`\n  in ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
  const failed = sum(rows, "failed");
  console.log(`${sum(rows, "passed")} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Routes first: pages are typed by what Next generates from them. Then each room with its own, smaller world. */
async function types() {
  const routes = await runNode([NEXT, "typegen"], { msMax: msLeft() });
  if (!routes.ok) return failure(`next typegen: ${routes.reason}`);
  const projects = ["tsconfig.json", ...roomProjects()];
  const wrong = [];
  for (const project of projects) {
    const done = await runNode([TSC, "--noEmit", "-p", project], { msMax: msLeft() });
    if (!done.ok) wrong.push(project);
  }
  return wrong.length > 0 ? failure(wrong.join(", ")) : success(`${projects.length} projects`);
}

/** The tsconfig of each room of workers/ that has one and holds code (tsc refuses an empty project). */
function roomProjects() {
  return readdirSync(join(ROOT, "workers"))
    .filter((room) => existsSync(join(ROOT, `workers/${room}/tsconfig.json`)))
    .filter((room) => readdirSync(join(ROOT, "workers", room)).some((name) => name.endsWith(".ts")))
    .map((room) => `workers/${room}/tsconfig.json`);
}

/**
 * A tool whose exit code is the whole answer.
 * @param {readonly string[]} args
 */
async function check(args) {
  const done = await runNode(args, { msMax: msLeft() });
  return done.ok ? success() : failure(done.reason);
}

/**
 * One of Vitest's projects, counted by its JSON report.
 * @param {string} project
 */
async function units(project) {
  const report = `${REPORTS}/${project}.json`;
  const done = await runNode(
    [
      ...[VITEST, "run", "--project", project, "--passWithNoTests"],
      ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...forwarded],
    ],
    { msMax: msLeft() },
  );
  return countUnits(readJson(report), done);
}

/**
 * Vitest's report as an outcome. A file that did not load has no tests in the report but has
 * failed; so has a run that went wrong outside every test.
 * @param {VitestReport | undefined} report
 * @param {{ ok: boolean, reason: string }} done
 */
function countUnits(report, done) {
  if (!report) return failure(`no report: ${done.reason}`);
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + unloaded;
  const skipped = report.numPendingTests + report.numTodoTests;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !done.ok ? 1 : failed,
    tests: report.numPassedTests + report.numFailedTests,
    note: [
      skipped > 0 && `${skipped} skipped`,
      report.numTotalTests === 0 && "there are none yet",
      failed === 0 && done.reason,
    ]
      .filter(Boolean)
      .join(", "),
  };
}

async function build() {
  const built = await ensureBuild({ msMax: msLeft() });
  if (!built.ok) return failure(built.reason);
  return success(built.isFresh ? "sources unchanged" : "");
}

/** The browser journeys, against the build, on a port of their own. */
async function journeys() {
  if (!hasJourneys()) return { passed: 0, failed: 0, tests: 0, note: "there are none yet" };
  const built = await ensureBuild({ msMax: msLeft() });
  if (!built.ok) return failure("not run, since there is no build");
  const browser = await ensureBrowser();
  if (!browser.ok) {
    console.error(`\n${browser.reason}`);
    return failure("no browser; what to do stands above");
  }
  const report = `${REPORTS}/browser.json`;
  const done = await run(
    process.execPath,
    [PLAYWRIGHT, "test", "--reporter=list,json", ...forwarded],
    {
      env: {
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        JOURNEY_PORT: String((await freePort(3170)) ?? 3170),
      },
      msMax: msLeft(),
    },
  );
  return countJourneys(readJson(report), done);
}

function hasJourneys() {
  const folder = join(ROOT, "tests/browser");
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".spec.ts"));
}

/**
 * Playwright's report as an outcome. Errors outside tests (a server that does not start) count too.
 * @param {PlaywrightReport | undefined} report
 * @param {{ ok: boolean, reason: string }} done
 */
function countJourneys(report, done) {
  if (!report) return failure(`no report: ${done.reason}`);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky;
  return {
    passed: expected,
    failed: failed === 0 && !done.ok ? 1 : failed,
    tests: expected + failed,
    note: [skipped > 0 && `${skipped} skipped`, failed === 0 && done.reason]
      .filter(Boolean)
      .join(", "),
  };
}

/** @returns {Outcome} */
function success(note = "") {
  return { passed: 1, failed: 0, tests: 0, note };
}

/**
 * @param {string} note
 * @returns {Outcome}
 */
function failure(note) {
  return { passed: 0, failed: 1, tests: 0, note };
}

/** What a step may still take: its own bound, or less when the whole nears its end. At least a second. */
function msLeft() {
  return Math.max(1000, Math.min(STEP_MS_MAX, startedAt + ALL_MS_MAX - Date.now()));
}

/**
 * @param {readonly Outcome[]} rows
 * @param {"passed" | "failed" | "tests"} column
 */
function sum(rows, column) {
  return rows.reduce((total, row) => total + row[column], 0);
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * The steps asked for and the words for the test runners. Leaves with the list of names on a wrong one.
 * @param {readonly string[]} words
 */
function parseArguments(words) {
  const only = words.find((word) => word.startsWith("--only="));
  const forwarded = words.filter((word) => word !== only);
  if (!only) return { chosen: STEPS, forwarded };
  const names = only.slice("--only=".length).split(",");
  const unknown = names.find((name) => !STEPS.some((step) => step.name === name));
  if (unknown !== undefined) {
    console.error(
      `There is no step "${unknown}". Steps: ${STEPS.map((step) => step.name).join(", ")}.`,
    );
    process.exit(1);
  }
  return { chosen: STEPS.filter((step) => names.includes(step.name)), forwarded };
}
