// A few workers, lent one at a time; who finds none waits until one comes back.
// for: pool, transaction, poolStatus
import { call, genServer, log, sleep, spawn, startLink, work } from "otp";
import { pool, poolStatus, transaction } from "world";

const connection = genServer<null, string>({
  init: () => ["ok", null],
  async handleCall(query, _from, state) {
    await work(20, { kind: "io" });
    return ["reply", `answer to ${query}`, state];
  },
});

async function visitor(query: string) {
  log(await transaction("db", (worker) => call<string>(worker, query)));
}

export async function main() {
  await startLink(pool({ worker: connection, size: 2, maxOverflow: 0 }), [], {
    name: "db",
  });
  for (const query of ["a", "b", "c"]) spawn(visitor, [query]);
  await sleep(10);
  const { state, monitored, waiting } = await poolStatus("db");
  log(`${state}: ${monitored} lent, ${waiting} waits`);
  await sleep(100);
}

// prints:
// 10 ms  main: full: 2 lent, 1 waits
// 20 ms  visitor: answer to a
// 20 ms  visitor: answer to b
// 40 ms  visitor: answer to c
