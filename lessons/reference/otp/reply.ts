// A server may answer later: it keeps `from`, goes on with other requests, and replies when it can.
// for: reply
import {
  call,
  type From,
  genServer,
  log,
  reply,
  sendAfter,
  spawn,
  startLink,
} from "otp";

const kitchen = genServer<From | undefined, string>({
  init: () => ["ok", undefined],
  handleCall(dish, from, waiting) {
    if (dish === "water") return ["reply", "here", waiting];
    sendAfter(30, "ready");
    return ["noreply", from];
  },
  handleInfo(_ready, waiting) {
    if (waiting !== undefined) reply(waiting, "soup");
    return ["noreply", undefined];
  },
});

const guest = async (wish: string) =>
  log(`${wish}: ${await call("kitchen", wish)}`);

export async function main() {
  await startLink(kitchen, [], { name: "kitchen" });
  spawn(guest, ["soup"]);
  await guest("water");
}

// prints:
// 0 ms  main: water: here
// 30 ms  guest: soup: soup
