// @ts-check
/**
 * `npm start`: installs what is missing, builds when sources changed, serves, says where.
 * PORT fixes the port; without it the first free one from 3000 is taken.
 */
import "./need-node.mjs";
import { start, whenEnded } from "./child.mjs";
import { ensureBuild, NEXT } from "./ensure-build.mjs";
import { ensurePackages } from "./ensure-packages.mjs";
import { freePort, isFree } from "./free-port.mjs";

const FIRST_PORT = 3000;
/** How long the server may take until it answers. It needs 0.3 s on a free machine. */
const READY_MS_MAX = 60_000;

const packages = await ensurePackages();
if (!packages.ok) leave(packages.reason);

const build = await ensureBuild();
if (!build.ok) leave(`${build.reason} The reason stands above.`);

const port = await choosePort(process.env["PORT"]);
if (!port.ok) leave(port.reason);
else await serve(port.port);

/**
 * @param {string | undefined} wanted
 * @returns {Promise<{ ok: true, port: number } | { ok: false, reason: string }>}
 */
async function choosePort(wanted) {
  if (wanted) {
    const port = Number(wanted);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      return { ok: false, reason: `PORT must be a number from 1 to 65535; it is "${wanted}".` };
    }
    if (await isFree(port)) return { ok: true, port };
    return {
      ok: false,
      reason: `Port ${port} is taken. Choose another: PORT=${port + 1} npm start`,
    };
  }
  const port = await freePort(FIRST_PORT);
  return port
    ? { ok: true, port }
    : { ok: false, reason: "No free port. Set one: PORT=8080 npm start" };
}

/**
 * Serves until stopped. What the server says is held back until it answers: the address comes first.
 * @param {number} port
 */
async function serve(port) {
  const server = start(process.execPath, [NEXT, "start", "-p", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let isReady = false;
  let held = "";
  server.stdout?.on("data", (chunk) => {
    if (isReady) process.stdout.write(chunk);
    else held += chunk;
  });
  whenEnded(server, (reason) => leave(`${held}The server stopped (${reason || "exit code 0"}).`));

  if (!(await answers(`http://127.0.0.1:${port}/`))) {
    leave(`${held}The server did not answer within ${READY_MS_MAX / 1000} s.`);
  }
  isReady = true;
  console.log(`Steady State is at http://localhost:${port}`);
  console.log("Ctrl+C stops it.");
}

/**
 * Whether a request gets any answer in time.
 * @param {string} address
 */
async function answers(address) {
  const until = Date.now() + READY_MS_MAX;
  while (Date.now() < until) {
    try {
      await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return false;
}

/**
 * @param {string} reason
 * @returns {never}
 */
function leave(reason) {
  console.error(`\n${reason}`);
  process.exit(1);
}
