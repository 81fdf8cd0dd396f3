// Linked processes end together, unless one of them traps exits: then it gets a message instead.
// for: link, trapExit, unlink
import { exit, link, log, receive, sleep, spawn, trapExit, unlink } from "otp";

async function printer(reason: string) {
  await sleep(10);
  exit(reason);
}

export async function main() {
  trapExit(true);
  const first = spawn(printer, ["out of paper"]);
  const second = spawn(printer, ["jammed"]);
  link(first);
  link(second);
  unlink(second);
  const { tag, from, reason } = await receive();
  log(`${tag} from ${from === first ? "the first" : "the second"}: ${reason}`);
  log(
    String(
      await receive([], {
        after: 50,
        otherwise: () => "of the second I hear nothing",
      }),
    ),
  );
}

// prints:
// 10 ms  main: EXIT from the first: out of paper
// 60 ms  main: of the second I hear nothing
