// One request at a time: the state needs no lock, since only the server touches it.
// for: genServer
import { call, cast, genServer, log, startLink } from "otp";

type Request = { take: number };

const stock = genServer<number, Request, number>({
  init: (count: number) => ["ok", count],
  handleCall: ({ take }, _from, count) =>
    take <= count
      ? ["reply", "taken", count - take]
      : ["reply", `only ${count} left`, count],
  handleCast: (delivered, count) => ["noreply", count + delivered],
});

export async function main() {
  await startLink(stock, [5], { name: "stock" });
  log(await call("stock", { take: 4 }));
  log(await call("stock", { take: 4 }));
  cast("stock", 10);
  log(await call("stock", { take: 4 }));
}

// prints:
// 0 ms  main: taken
// 0 ms  main: only 1 left
// 0 ms  main: taken
