/** A shop to supervise: what the supervisor's tests have in common. */
import type { Scenario } from "../../workers/kernel/index.ts";
import { play, type Told } from "../engine/room.ts";

const SHOP = `import { checkChildSpecs, countChildren, deleteChild, dynamicSupervisor, ErlangError, partitionCount, partitionOf, partitionSupervisor, getChildSpec, restartChild, startChild, supervisor, terminateChild, whichChildren } from "otp";

/** Says when it is up and why it ends, for which it may need some ms; a cast makes it end with that reason. */
export const worker = genServer({
  init(id, slow = 0) { trapExit(true); log("+" + id); return ["ok", { id, slow }]; },
  handleCall(request, _from, state) { return ["reply", request, state]; },
  handleCast(reason, state) { return ["stop", reason, state]; },
  handleInfo(_message, state) { return ["noreply", state]; },
  async terminate(reason, { id, slow }) {
    if (slow > 0) await sleep(slow);
    log("-" + id + " " + (typeof reason === "string" ? reason : JSON.stringify(reason)));
  },
});

/** A worker under its own name; \`more\` are further fields of its specification. */
export function child(id, more = {}) {
  return { id, start: [worker, [id], { name: id }], ...more };
}

/** A worker that takes \`ms\` to end. */
export function slowChild(id, ms, more = {}) {
  return { id, start: [worker, [id, ms], { name: id }], ...more };
}

export function failing(reason) { return ["error", reason]; }
export function ignoring() { return "ignore"; }
export async function informing() { const [, pid] = await startLink(worker, ["i"]); return ["ok", pid, { kept: 1 }]; }

export function supervise(flags, ...children) {
  return supervisor({ init: () => ["ok", [flags, children]] });
}

/** Starts it linked to the caller, who traps exits, and gives the pid. */
export async function up(definition, options = {}) {
  trapExit(true);
  const result = await startLink(definition, [], options);
  if (result[0] !== "ok") log(result);
  return result[1];
}

/** The ids and pids of whichChildren, names for pids. */
export async function rows(top) {
  const named = (pid) => ["a", "b", "c", "d"].find((name) => whereis(name) === pid) ?? (pid[0] === "<" ? "pid" : pid);
  return (await whichChildren(top)).map(([id, pid]) => id + ":" + named(pid)).join(" ");
}

/** Waits for the exit signal of a process and gives its reason. */
export function endOf(pid) {
  return receive([when({ tag: "EXIT", from: pid }, ({ reason }) => reason)]);
}

function say(value) { log(typeof value === "string" ? value : JSON.stringify(value)); }
`;

/** Plays a story whose main file has the shop above it. */
export function playShop(story: string, scenario?: Scenario): Told {
  return play(SHOP + story, scenario);
}

/** What is said when `main` does this, and then stays alive, so that its supervisors do. */
export function told(body: string): readonly string[] {
  return playShop(`
    async function story() {${body}}
    export async function main() { await story(); await receive([when("the end", () => undefined)]); }`)
    .said;
}
