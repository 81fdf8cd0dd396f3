// Somebody else's service: it may say no, and it may answer too late having done what was asked.
// for: provider
import { Exit, log, startLink } from "otp";
import { provider } from "world";

const bank = provider({
  limit: { perSecond: 1, burst: 2 },
  late: { share: 1, ms: 500 },
  idempotencyKey: true,
});

export async function main() {
  await startLink(bank, [], { name: "bank" });
  const charge = { key: "order 17", idempotencyKey: "try-17", amount: 3 };
  try {
    await provider.request("bank", charge, { timeout: 100 });
  } catch (thrown) {
    if (thrown instanceof Exit) log("no answer: was it done?");
  }
  log(`asked again: ${(await provider.request("bank", charge))[0]}`);
  const [, problem] = await provider.request("bank", charge);
  log(JSON.stringify(problem));
}

// prints:
// 100 ms  main: no answer: was it done?
// 620 ms  main: asked again: ok
// 620 ms  main: {"status":429,"retryAfterMs":380}
