// A supervisor tells who its children are, the last started first, and how each was specified.
// for: whichChildren, countChildren, getChildSpec
import {
  countChildren,
  genServer,
  getChildSpec,
  log,
  startLink,
  supervisor,
  whichChildren,
} from "otp";

export const till = genServer({ init: () => ["ok", 0] });
export const closed = genServer({ init: () => "ignore" });

export async function main() {
  const children = [
    { id: "left", start: [till] as const },
    { id: "right", start: [closed] as const },
  ];
  await startLink(supervisor({ children }), [], { name: "shop" });
  for (const [id, pid, type] of await whichChildren("shop")) {
    log(`${id}: ${pid === "undefined" ? "no process" : "a process"}, ${type}`);
  }
  const { specs, active } = await countChildren("shop");
  log(`${active} of ${specs} run`);
  const [, spec] = await getChildSpec("shop", "left");
  log(`what was left out: ${JSON.stringify(spec, ["restart", "shutdown"])}`);
}

// prints:
// 0 ms  main: right: no process, worker
// 0 ms  main: left: a process, worker
// 0 ms  main: 1 of 2 run
// 0 ms  main: what was left out: {"restart":"permanent","shutdown":5000}
