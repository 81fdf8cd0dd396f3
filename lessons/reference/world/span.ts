// What belongs together across processes: the context goes along in the message.
// for: span, context, withContext
import { log, receive, send, sleep, spawn } from "otp";
import { context, type SpanContext, span, withContext } from "world";

async function kitchen() {
  const { dish, ctx } = await receive<{ dish: string; ctx: SpanContext }>();
  await withContext(ctx, () =>
    span("cook", async () => {
      await sleep(20);
      log(`${dish}, still of the whole ${context()?.trace === ctx.trace}`);
    }),
  );
}

export async function main() {
  const cook = spawn(kitchen, []);
  span("order", () => send(cook, { dish: "soup", ctx: context() }));
  log(`outside of any: ${context()}`);
}

// prints:
// 0 ms  main: outside of any: undefined
// 20 ms  kitchen: soup, still of the whole true
