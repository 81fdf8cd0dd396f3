// Stopped is not forgotten: the specification stays, until it is deleted or the child is temporary.
// for: startChild, terminateChild, restartChild, deleteChild
import {
  deleteChild,
  genServer,
  log,
  restartChild,
  startChild,
  startLink,
  supervisor,
  terminateChild,
} from "otp";

export const till = genServer({ init: () => ["ok", 0] });

export async function main() {
  await startLink(supervisor({ children: [] }), [], { name: "shop" });
  const [started] = await startChild("shop", { id: "till", start: [till] });
  log(`start: ${started}`);
  log(`delete: ${await deleteChild("shop", "till")}`);
  log(`terminate: ${await terminateChild("shop", "till")}`);
  log(`restart: ${(await restartChild("shop", "till"))[0]}`);
  await terminateChild("shop", "till");
  log(`delete: ${await deleteChild("shop", "till")}`);
  log(`restart: ${await restartChild("shop", "till")}`);
}

// prints:
// 0 ms  main: start: ok
// 0 ms  main: delete: error,running
// 0 ms  main: terminate: ok
// 0 ms  main: restart: ok
// 0 ms  main: delete: ok
// 0 ms  main: restart: error,not_found
