// A child that crashes takes its parent with it, and whoever else is linked.
// for: spawnLink
import { exit, log, receive, sleep, spawnLink, spawnMonitor } from "otp";

function oven() {
  exit("burnt");
}

async function baker() {
  spawnLink(oven, []);
  await sleep(1_000);
  log("never said");
}

export async function main() {
  spawnMonitor(baker, []);
  const { reason } = await receive();
  log(`the baker ended: ${reason}`);
}

// prints:
// 0 ms  main: the baker ended: burnt
