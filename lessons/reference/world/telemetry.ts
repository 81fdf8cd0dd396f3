// Whoever does something says so; who listens, and what comes of it, is decided elsewhere.
// for: telemetry
import { log } from "otp";
import { telemetry } from "world";

function sell(item: string, price: number) {
  telemetry.execute("shop.order.stop", { price }, { item });
}

export async function main() {
  sell("salt", 1);
  let total = 0;
  telemetry.attach(
    "till",
    "shop.order.stop",
    (_event, { price }: { price: number }) => {
      total += price;
    },
  );
  sell("tea", 3);
  sell("milk", 2);
  telemetry.detach("till");
  sell("soup", 9);
  log(`heard of ${total}`);
}

// prints:
// 0 ms  main: heard of 5
