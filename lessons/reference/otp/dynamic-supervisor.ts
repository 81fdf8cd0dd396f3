// Children come and go while it runs: one for each customer, and no more than there is room for.
// for: dynamicSupervisor, startChild
import {
  countChildren,
  dynamicSupervisor,
  genServer,
  log,
  startChild,
  startLink,
  stop,
} from "otp";

export const cart = genServer<string>({ init: (name: string) => ["ok", name] });

export async function main() {
  await startLink(dynamicSupervisor({ maxChildren: 2 }), [], { name: "carts" });
  const come = async (name: string) => {
    const started = await startChild("carts", {
      id: name,
      start: [cart, [name], { name }],
      restart: "temporary",
    });
    log(`${name}: ${started[0] === "ok" ? "welcome" : started[1]}`);
  };
  await come("Ann");
  await come("Bob");
  await come("Eve");
  await stop("Ann");
  log(`${(await countChildren("carts")).active} inside`);
  await come("Eve");
}

// prints:
// 0 ms  main: Ann: welcome
// 0 ms  main: Bob: welcome
// 0 ms  main: Eve: max_children
// 0 ms  main: 1 inside
// 0 ms  main: Eve: welcome
