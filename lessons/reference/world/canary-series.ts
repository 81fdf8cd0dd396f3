// Is the new release worse? A test that may be asked after every request, and one for the end.
// for: canarySeries, series.sequentialTest, series.compareShares
import { log } from "otp";
import { canarySeries, series } from "world";

export async function main() {
  const { columns } = canarySeries({
    seed: 7,
    controlErrors: 0.01,
    canaryErrors: 0.03,
  });
  const sum = (name: string, upTo: number) =>
    (columns[name] ?? []).slice(0, upTo).reduce((all, one) => all + one, 0);
  const share = (who: string, upTo: number) => ({
    failed: sum(`${who}Errors`, upTo),
    total: sum(`${who}Requests`, upTo),
  });
  for (const seconds of [10, 60, 180]) {
    const { verdict } = series.sequentialTest(share("canary", seconds), {
      good: 0.01,
      bad: 0.03,
    });
    log(`after ${seconds} s: ${verdict}`);
  }
  const { p } = series.compareShares(share("canary", 180), share("control", 180));
  log(`by chance alone: p < 0.001 is ${p < 0.001}`);
}

// prints:
// 0 ms  main: after 10 s: undecided
// 0 ms  main: after 60 s: bad
// 0 ms  main: after 180 s: bad
// 0 ms  main: by chance alone: p < 0.001 is true
