// Retries are earned by what succeeds: when everything fails, they soon stop making it worse.
// for: retryBudget
import { log } from "otp";
import { retryBudget } from "world";

export async function main() {
  const budget = retryBudget({ perRequest: 0.25, burst: 2 });
  for (const outcome of [
    "failed",
    "failed",
    "failed",
    "ok",
    "ok",
    "ok",
    "ok",
    "failed",
  ]) {
    if (outcome === "ok") budget.deposit();
    else log(`try again: ${budget.tryWithdraw()}`);
  }
}

// prints:
// 0 ms  main: try again: true
// 0 ms  main: try again: true
// 0 ms  main: try again: false
// 0 ms  main: try again: true
