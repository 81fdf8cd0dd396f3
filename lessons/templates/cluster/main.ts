// Three nodes, one name for the boss in all of them. At 8 s the wires to c
// fall silent; until 24 s there are two clusters, and each thinks that the
// other has died. Then they meet, with two bosses.
import { global, log, nodes, pg, ping, self, sleep, spawn } from "otp";

/**
 * Is boss, if nobody else was quicker. When two parts meet and both have
 * one, `global` ends one.
 */
async function standForBoss() {
  if ((await global.register("boss", self())) === "yes") log("I am boss");
  await sleep(Infinity);
}

/** One on each node: joins the members, and looks around every second. */
export async function member(others: readonly string[]) {
  await pg.startLink("town");
  await pg.join("town", "members", self());
  let before = "";
  for (;;) {
    await sleep(1_000);
    if (global.whereis("boss") === undefined) spawn(standForBoss, []);
    // Asking a node that is out of reach is how two halves find each other
    // again.
    for (const other of others)
      if (!nodes().includes(other)) await ping(other);
    const count = pg.getMembers("town", "members").length;
    const now = `${count} of 3 members; connected with ${nodes().join(" and ") || "nobody"}`;
    if (now !== before) log(now);
    before = now;
  }
}
