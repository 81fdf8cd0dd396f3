// A call that fails throws an Exit, which says why. Not catching it ends the caller with the same reason.
// for: Exit
import { call, Exit, log } from "otp";

export async function main() {
  try {
    await call("till", "total");
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    log(JSON.stringify(thrown.reason));
  }
}

// prints:
// 0 ms  main: ["noproc",["gen_server","call",["till","total"]]]
