// A server goes on with new code: the same pid and mailbox, and its state made over.
// for: hotUpgrade, sys.changeCode
import { call, cast, genServer, hotUpgrade, log, startLink, whereis } from "otp";

export const till1 = genServer<number, "total", number>({
  init: () => ["ok", 0],
  handleCall: (_total, _from, total) => ["reply", `${total}`, total],
  handleCast: (price, total) => ["noreply", total + price],
});

export const till2 = genServer<{ total: number; sold: number }, "total">({
  init: () => ["ok", { total: 0, sold: 0 }],
  codeChange: (_oldVsn, state) => ["ok", { total: state as number, sold: 0 }],
  handleCall: (_total, _from, state) => ["reply", JSON.stringify(state), state],
});

export async function main() {
  await startLink(till1, [], { name: "till" });
  const pid = whereis("till");
  cast("till", 5);
  log(await call("till", "total"));
  log(`upgrade: ${await hotUpgrade("till", till2)}`);
  log(await call("till", "total"));
  log(`the same process: ${whereis("till") === pid}`);
}

// prints:
// 0 ms  main: 5
// 0 ms  main: upgrade: ok
// 0 ms  main: {"total":5,"sold":0}
// 0 ms  main: the same process: true
