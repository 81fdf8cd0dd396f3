import { describe, expect, it } from "vitest";
import { play } from "../engine/room.ts";

const IMPORT = `import { registry } from "otp";
  const show = (value) => log(JSON.stringify(value).replaceAll(/<n1\\.(\\d+)>/g, "pid"));
  const holder = (name, key, value) => spawnMonitor(async () => { registry.register(name, key, value); await receive(); }, [])[0];
`;

describe("registry", () => {
  it("Rule J30: with unique keys a key belongs to one process, and is found with its value", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        show(registry.startLink({ name: "carts", keys: "unique" }));
        show(registry.startLink({ name: "carts", keys: "unique" })[1][0]);
        show(registry.register("carts", ["cart", 1], "mine"));
        const other = spawnMonitor(() => show(registry.register("carts", ["cart", 1], "theirs")), []);
        await receive();
        log(registry.register("carts", ["cart", 1])[1][1] === self() ? "it is mine" : "it is not");
        show(registry.lookup("carts", ["cart", 1]));
        show(registry.lookup("carts", ["cart", 2]));
        show(registry.updateValue("carts", ["cart", 1], (value) => value + "!"));
        show(registry.values("carts", ["cart", 1], self()));
        show(registry.unregister("carts", ["cart", 1]));
        show([registry.count("carts"), processInfo(self()).links.length]);
      }
    `);
    expect(said).toEqual([
      '["ok","pid"]',
      '"already_started"',
      '["ok","pid"]',
      '["error",["already_registered","pid"]]',
      "it is mine",
      '[["pid","mine"]]',
      "[]",
      '["mine!","mine"]',
      '["mine!"]',
      '"ok"',
      "[0,1]",
    ]);
  });

  it("Rule J31: with duplicate keys any process may register any number of times; dispatch gives all", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        registry.startLink({ name: "topics", keys: "duplicate" });
        registry.register("topics", "news", 1);
        registry.register("topics", "news", 2);
        holder("topics", "news", 3);
        await sleep(1);
        show(registry.lookup("topics", "news").map(([, value]) => value));
        show(registry.keys("topics", self()));
        show(await registry.dispatch("topics", "news", async (entries) => {
          await sleep(5);
          for (const [pid, value] of entries) send(pid, value);
        }));
        show([await receive(), await receive()]);
        await registry.dispatch("topics", "sports", () => log("not called"));
        registry.unregister("topics", "news");
        show([registry.keys("topics", self()), registry.count("topics")]);
        try { registry.updateValue("topics", "news", () => 0); } catch (thrown) { show(thrown.reason); }
      }
    `);
    expect(said).toEqual(["[1,2,3]", '["news","news"]', '"ok"', "[1,2]", "[[],1]", '"badarg"']);
  });

  it("Rule J32: entries vanish with their process", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        registry.startLink({ name: "carts", keys: "unique" });
        registry.startLink({ name: "topics", keys: "duplicate" });
        const pid = spawn(async () => {
          registry.register("carts", "a"); registry.register("topics", "a"); registry.register("topics", "a");
          await receive();
        }, []);
        await sleep(1);
        exit(pid, "kill");
        show([registry.lookup("carts", "a"), registry.register("carts", "a")[0]]);
        await sleep(1);
        show([registry.lookup("topics", "a"), registry.count("topics"), registry.keys("carts", pid)]);
        show(registry.lookup("carts", "a").length);
      }
    `);
    expect(said).toEqual(['[[],"ok"]', "[[],0,[]]", "1"]);
  });

  it("Rule J33: a registry is linked with whom it registers, and ends with its parent", () => {
    const { said, exits } = play(`${IMPORT}
      export async function main() {
        trapExit(true);
        const [, pid] = registry.startLink({ name: "carts", keys: "unique" });
        holder("carts", "a");
        await sleep(1);
        exit(pid, "kill");
        await receive([when({ tag: "EXIT" }, () => undefined)]);
        await receive([when({ tag: "DOWN" }, ({ reason }) => show(reason))]);
        try { registry.lookup("carts", "a"); } catch (thrown) { show([thrown.name, thrown.reason]); }
        spawn(() => { registry.startLink({ name: "orders", keys: "unique" }); }, []);
        await sleep(1);
        show(whereis("orders") ?? "gone");
      }
    `);
    expect(said).toEqual(['"killed"', '["ErlangError","badarg"]', '"gone"']);
    expect(exits[0]).toEqual(["carts", "killed"]);
  });

  it("Rule J34: listeners are told of each register and unregister; meta is kept with the registry", () => {
    const { said } = play(`${IMPORT}
      export async function main() {
        register("watcher");
        registry.startLink({ name: "carts", keys: "unique", listeners: ["watcher", "nobody"], meta: { size: 3 } });
        registry.register("carts", "a", 7);
        registry.unregister("carts", "a");
        show([await receive(), await receive()]);
        show([registry.meta("carts", "size"), registry.meta("carts", "colour")]);
        registry.putMeta("carts", "size", 4);
        show(registry.meta("carts", "size"));
      }
    `);
    expect(said).toEqual([
      '[{"tag":"register","registry":"carts","key":"a","pid":"pid","value":7},{"tag":"unregister","registry":"carts","key":"a","pid":"pid"}]',
      '[["ok",3],"error"]',
      '["ok",4]',
    ]);
  });

  it("Rule J35: a gen_server can have a name in a registry; whoever starts a second one is told of the first", () => {
    const { said } = play(`${IMPORT}
      const server = genServer({
        init: () => ["ok", 0],
        handleCall: (by, from, state) => ["reply", state + by, state + by],
        handleCast: (by, state) => ["noreply", state + by],
      });
      export async function main() {
        registry.startLink({ name: "carts", keys: "unique" });
        registry.startLink({ name: "topics", keys: "duplicate" });
        const name = { via: ["carts", 7, "cart"] };
        const [word, pid] = await start(server, [], { name });
        show([word, registry.lookup("carts", 7)]);
        show(await start(server, [], { name }));
        cast({ via: ["carts", 7] }, 2);
        show(await call({ via: ["carts", 7] }, 3));
        const ref = monitor({ via: ["carts", 7] });
        await stop({ via: ["carts", 7] });
        show((await receive()).reason);
        try { await call({ via: ["carts", 7] }, 1); } catch (thrown) { show(thrown.reason); }
        show((await start(server, [], { name }))[0]);
        try { await call({ via: ["topics", 7] }, 1); } catch (thrown) { show(thrown.reason); }
      }
    `);
    expect(said).toEqual([
      '["ok",[["pid","cart"]]]',
      '["error",["already_started","pid"]]',
      "5",
      '"normal"',
      '["noproc",["gen_server","call",[{"via":["carts",7]},1]]]',
      '"ok"',
      '"badarg"',
    ]);
  });
});
