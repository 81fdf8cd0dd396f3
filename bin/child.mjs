// @ts-check
/**
 * Child processes of our commands: one way to start them, and none outlives the command.
 *
 * Children stay in our process group, so Ctrl+C reaches them from the terminal; a signal sent to
 * us alone is passed on, and we leave once they have gone. Detached groups were refused: a caller
 * that kills the whole group would then leave a server behind.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The repository's root, where every child runs. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** How long a child that was asked to stop may take before it is killed. */
const STOP_MS_MAX = 8000;

/** How often we look whether the shell that started us is still there. */
const PARENT_LOOK_MS = 250;

/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();
let isStopping = false;

for (const [signal, number] of /** @type {const} */ ([
  ["SIGINT", 2],
  ["SIGTERM", 15],
  ["SIGHUP", 1],
])) {
  process.on(signal, () => leaveWithAll(signal, 128 + number));
}

// npm runs a script through a shell, and a SIGTERM sent to npm ends only that shell: the one sign
// of it that reaches us is a new parent. Started without npm we may be left alone on purpose.
const parent = process.ppid;
if (process.env["npm_lifecycle_event"]) {
  setInterval(() => {
    if (process.ppid !== parent) leaveWithAll("SIGTERM", 143);
  }, PARENT_LOOK_MS).unref();
}

/**
 * Stops every child, then leaves with `code`.
 * @param {NodeJS.Signals} signal
 * @param {number} code
 */
function leaveWithAll(signal, code) {
  if (isStopping) return;
  isStopping = true;
  for (const child of children) stop(child, signal);
  whenAllGone(() => process.exit(code));
}

process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/**
 * Calls back when no child is left; `stop` sees to it that this comes to pass.
 * @param {() => void} then
 */
function whenAllGone(then) {
  if (children.size === 0) then();
  else setTimeout(whenAllGone, 20, then);
}

/**
 * Asks a child to end, and ends it after `STOP_MS_MAX` if it does not.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} [signal]
 */
function stop(child, signal = "SIGTERM") {
  child.kill(signal);
  setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX).unref();
}

/**
 * Starts a program in the repository's root. Use `run` for one that ends by itself.
 * Our colours and Next's silence about telemetry are set here, for all of them.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: "inherit",
    ...options,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...options.env },
  });
  children.add(child);
  child.once("close", () => children.delete(child));
  child.once("error", () => children.delete(child));
  return child;
}

/**
 * Calls back with a reason when a child has ended: "" for exit code 0. Not when we are being stopped:
 * then its end was asked for, and nobody should report it as a failure.
 * @param {import("node:child_process").ChildProcess} child
 * @param {(reason: string) => void} then
 */
export function whenEnded(child, then) {
  const tell = (/** @type {string} */ reason) => {
    if (!isStopping) then(reason);
  };
  child.once("error", (error) => tell(`could not be started: ${error.message}`));
  child.once("close", (code, signal) => {
    if (signal) tell(`ended by ${signal}`);
    else tell(code === 0 ? "" : `exit code ${code}`);
  });
}

/**
 * Runs a program to its end. Returns `ok`, and when not ok a `reason`: an exit code, a signal, a
 * program that could not be started, or `msMax` passed. With `quiet` its output is not shown
 * but returned as `output` (both streams, in order of arrival). While we are being stopped it does
 * not return.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, msMax?: number | undefined, quiet?: boolean, shell?: boolean }} [options]
 * @returns {Promise<{ ok: boolean, reason: string, output: string }>}
 */
export function run(command, args, { env = {}, msMax, quiet = false, shell = false } = {}) {
  return new Promise((resolve) => {
    const child = start(command, args, {
      env: { ...process.env, ...env },
      shell,
      stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);

    let isLate = false;
    const timer = setTimeout(
      () => {
        isLate = true;
        stop(child);
      },
      msMax ?? 2 ** 31 - 1,
    );

    whenEnded(child, (end) => {
      clearTimeout(timer);
      const reason = isLate ? `took longer than ${Math.round((msMax ?? 0) / 1000)} s` : end;
      resolve({ ok: reason === "", reason, output });
    });
  });
}

/**
 * `run` for a JavaScript file, with the Node that runs us. Paths are relative to the root.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runNode(args, options = {}) {
  return run(process.execPath, args, options);
}
