// An error that nobody catches ends its process; whoever watches gets the reason, with a stack.
// for: error, ErlangError
import { ErlangError, error, log, receive, spawnMonitor } from "otp";

function sell(count: number) {
  if (count < 0) error(["bad_count", count]);
}

export async function main() {
  try {
    sell(-1);
  } catch (thrown) {
    if (thrown instanceof ErlangError)
      log(`caught ${JSON.stringify(thrown.reason)}`);
  }
  spawnMonitor(sell, [-2]);
  const { reason } = await receive<{ reason: unknown[] }>();
  log(`DOWN with ${JSON.stringify(reason[0])}`);
}

// prints:
// 0 ms  main: caught ["bad_count",-1]
// 0 ms  main: DOWN with ["bad_count",-2]
