import { describe, expect, it } from "vitest";
import { KIND, type Trace, type WireSpec } from "../../workers/kernel/index.ts";
import { play, twoNodes } from "../engine/room.ts";

const CHATTER = `
  export async function main() {
    await sleep(1);
    for (let i = 0; i < 400; i++) { send({ name: "other", node: "n2" }, i); await sleep(1); }
  }
  export async function other() { register("other"); for (;;) await receive(); }
`;

function withWire(wire: Omit<WireSpec, "between">, seed = 1): Trace {
  return play(CHATTER, twoNodes({ wires: [{ between: ["n1", "n2"], ...wire }] }), { seed }).trace;
}

/** Per message number: µs of sending, of arrival (undefined when lost). */
function journeys(trace: Trace): Map<number, { sent: number; arrived?: number }> {
  const all = new Map<number, { sent: number; arrived?: number }>();
  for (let row = 0; row < trace.rowCount; row++) {
    const message = trace.messageOf(row);
    if (trace.kindOf(row) === KIND.send) all.set(message, { sent: trace.atOf(row) });
    const journey = all.get(message);
    if (trace.kindOf(row) === KIND.arrive && journey) journey.arrived = trace.atOf(row);
  }
  return all;
}

describe("wires", () => {
  it("Rule W1: a message arrives after the wire's latency, which differs from seed to seed", () => {
    const spec = { latency: { kind: "uniform", fromUs: 100, toUs: 300 }, loss: 0 } as const;
    const delays = [...journeys(withWire(spec)).values()].map(
      ({ sent, arrived }) => (arrived as number) - sent,
    );
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...delays)).toBeLessThanOrEqual(300);
    expect(Math.abs(delays.reduce((a, b) => a + b) / delays.length - 200)).toBeLessThan(15);
    const others = [...journeys(withWire(spec, 2)).values()].map(
      ({ sent, arrived }) => (arrived as number) - sent,
    );
    expect(others).not.toEqual(delays);
  });

  it("Rule W2: what is sent later never arrives earlier, even when its latency is shorter", () => {
    const trace = withWire({ latency: { kind: "exponential", meanUs: 20_000 }, loss: 0.1 });
    const arrivals = [...journeys(trace).values()]
      .map(({ arrived }) => arrived)
      .filter((at) => at !== undefined);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
  });

  it("Rule W3: changing the loss does not change the latencies of what arrives", () => {
    const latency = { kind: "uniform", fromUs: 100, toUs: 300 } as const;
    const without = journeys(withWire({ latency, loss: 0 }));
    const lossy = journeys(withWire({ latency, loss: 0.3 }));
    let lost = 0;
    for (const [message, { arrived }] of lossy) {
      if (arrived === undefined) lost++;
      else expect(arrived).toBe(without.get(message)?.arrived);
    }
    expect(Math.abs(lost / lossy.size - 0.3)).toBeLessThan(0.1);
  });

  it("Rule W4: a wire that loses every message still carries monitors and DOWNs", () => {
    const { said } = play(
      `
      export async function main() { await sleep(1); monitor({ name: "other", node: "n2" }); log((await receive()).reason); }
      export async function other() { register("other"); await sleep(50); exit("closing"); }
    `,
      twoNodes({ wires: [{ between: ["n1", "n2"], latency: { kind: "det", us: 1000 }, loss: 1 }] }),
    );
    expect(said).toEqual(["closing"]);
  });
});
