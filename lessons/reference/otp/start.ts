// A start returns when init has: with a pid, with why not, or "ignore". Only startLink links.
// for: start, startLink, startMonitor
import { genServer, log, start, startLink, startMonitor } from "otp";

const till = genServer<string>({
  init: (drawer: string) =>
    drawer === "locked"
      ? ["stop", "no_key"]
      : drawer === "none"
        ? "ignore"
        : ["ok", drawer],
});

export async function main() {
  const [outcome] = await startLink(till, ["open"], { name: "till" });
  log(String(outcome));
  log(String(await start(till, ["locked"])));
  log(String(await start(till, ["none"])));
  const [, reason] = await start(till, ["open"], { name: "till" });
  log(String((reason as unknown[])[0]));
  const watched = await startMonitor(till, ["open"]);
  if (watched[0] === "ok") log(`with a reference: ${watched[1].length === 2}`);
}

// prints:
// 0 ms  main: ok
// 0 ms  main: error,no_key
// 0 ms  main: ignore
// 0 ms  main: already_started
// 0 ms  main: with a reference: true
