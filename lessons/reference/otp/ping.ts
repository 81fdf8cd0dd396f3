// Is it there? A pang may mean a dead node or a cut wire: from here they look the same.
// for: ping
// nodes: n1 n2
import { log, ping } from "otp";

export async function main() {
  log(`n2: ${await ping("n2")}`);
  log(`n3: ${await ping("n3")}`);
}

// prints:
// 0 ms  n1 main: n2: pong
// 0 ms  n1 main: n3: pang
