// Incidents to try an alarm on: as many as asked for, never two at once, the same for a seed.
// for: drawIncidents
import { log } from "otp";
import { drawIncidents } from "world";

const hour = 3_600_000;

export async function main() {
  const incidents = drawIncidents(1, 7 * 24 * hour, [
    { kind: "outage", count: 2, forMs: [hour, 2 * hour], errorShare: [0.5, 1] },
    { kind: "blip", count: 3, forMs: [60_000, 120_000], errorShare: [0.1, 0.2] },
  ]);
  for (const { kind, fromMs, forMs } of incidents) {
    const minutes = Math.round(forMs / 60_000);
    log(`${kind} in hour ${Math.floor(fromMs / hour)}, ${minutes} min`);
  }
}

// prints:
// 0 ms  main: blip in hour 54, 1 min
// 0 ms  main: outage in hour 66, 89 min
// 0 ms  main: blip in hour 87, 1 min
// 0 ms  main: outage in hour 127, 96 min
// 0 ms  main: blip in hour 152, 2 min
