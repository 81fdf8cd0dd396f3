// A task that may fail belongs under a supervisor, without a link: its owner hears of it and lives on.
// for: task.supervisor, task.asyncNolink
import { error, log, startLink, task } from "otp";

function weather(city: string) {
  return city === "" ? error("which city") : `${city}: sun`;
}

export async function main() {
  await startLink(task.supervisor(), [], { name: "tasks" });
  for (const city of ["Uppsala", ""]) {
    const asked = await task.asyncNolink("tasks", weather, [city]);
    const [how, what] = (await task.yield(asked)) ?? ["late", ""];
    log(how === "ok" ? String(what) : `no weather: ${(what as unknown[])[0]}`);
  }
}

// prints:
// 0 ms  main: Uppsala: sun
// 0 ms  main: no weather: which city
