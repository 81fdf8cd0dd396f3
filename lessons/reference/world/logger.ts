// Levels, and what every later line of a process bears: the number of its request, say.
// for: logger
import { log, sleep, spawn } from "otp";
import { logger } from "world";

function request(id: number) {
  logger.setMetadata({ request: id });
  log("debug", "looking for tea");
  if (id === 2) log("error", "no tea");
}

export async function main() {
  logger.setLevel("debug");
  spawn(request, [1]);
  spawn(request, [2]);
  await sleep(5);
  logger.setLevel("error");
  log(
    `info goes through: ${logger.allow("info")}; written: ${logger.info().written}`,
  );
}

// prints:
// 0.05 ms  logger: debug: looking for tea {request: 1}
// 0.1 ms  logger: debug: looking for tea {request: 2}
// 0.15 ms  logger: error: no tea {request: 2}
// 5 ms  main: info goes through: false; written: 3
