// The same event means another thing in another state, and a state may have its own time-out.
// for: genStatem
import { cast, genStatem, log, sleep, startLink } from "otp";

const door = genStatem<string, number>({
  init: () => ["ok", "locked", 0],
  states: {
    locked: (_type, content, tries) =>
      content === "1234"
        ? ["nextState", "open", 0, [["stateTimeout", 100, "lock"]]]
        : ["keepState", tries + 1],
    open: (type, content, tries) => {
      if (type !== "stateTimeout") return "keepStateAndData";
      log(`${content} again`);
      return ["nextState", "locked", tries];
    },
  },
});

export async function main() {
  await startLink(door, [], { name: "door" });
  cast("door", "0000");
  cast("door", "1234");
  await sleep(50);
  cast("door", "9999");
}

// prints:
// 100 ms  door: lock again
