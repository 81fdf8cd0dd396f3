// An application is started and stopped as one thing: a tree of processes with a name.
// for: application, startApplication, stopApplication, whichApplications
import {
  application,
  genServer,
  log,
  startApplication,
  startLink,
  stopApplication,
  supervisor,
  whereis,
  whichApplications,
} from "otp";

const till = genServer({ init: () => ["ok", 0] });
const top = supervisor({
  children: [{ id: "till", start: [till, [], { name: "till" }] }],
});
const shop = application({
  start: () => startLink(top),
  stop: () => log("the shop is shut"),
});

export async function main() {
  log(String(await startApplication("shop", shop)));
  log(`runs: ${await whichApplications()}`);
  log(`with a till: ${whereis("till") !== undefined}`);
  log(String(await stopApplication("shop")));
  log(`till: ${whereis("till")}`);
}

// prints:
// 0 ms  main: ok
// 0 ms  main: runs: shop
// 0 ms  main: with a till: true
// 0 ms  applicationMaster: the shop is shut
// 0 ms  main: ok
// 0 ms  main: till: undefined
