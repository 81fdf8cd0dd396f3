// A specification can be checked before anything is started with it.
// for: checkChildSpecs
import { checkChildSpecs, genServer, log } from "otp";

const till = genServer({ init: () => ["ok", 0] });

export async function main() {
  log(String(checkChildSpecs([{ id: "till", start: [till] }])));
  const twice = checkChildSpecs([
    { id: "till", start: [till] },
    { id: "till", start: [till] },
  ]);
  log(JSON.stringify(twice));
}

// prints:
// 0 ms  main: ok
// 0 ms  main: ["error",["duplicate_child_name","till"]]
