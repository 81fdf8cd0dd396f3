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

describe("more of wires", () => {
  const det = { latency: { kind: "det", us: 500 }, loss: 0 } as const;

  /** Every arrival at n2 with its message, in order. */
  function arrivals(trace: Trace): [message: number, at: number][] {
    return Array.from({ length: trace.rowCount }, (_, row) => row)
      .filter((row) => trace.kindOf(row) === KIND.arrive && trace.peerOf(row) !== 0)
      .map((row) => [trace.messageOf(row), trace.atOf(row)]);
  }

  it("Rule W5: a wire that doubles lets a share of the messages arrive twice, without moving the others", () => {
    const single = arrivals(withWire(det));
    const doubled = arrivals(withWire({ ...det, dup: 0.25 }));
    // Of 400 with p = 1/4: 100, and 35 are four standard deviations.
    expect(Math.abs(doubled.length - single.length - 100)).toBeLessThan(35);
    // The second one has a number of its own, so that each number is sent once and arrives once.
    expect(new Set(doubled.map(([message]) => message)).size).toBe(doubled.length);
    const times = doubled.map(([, at]) => at);
    // Sent at whole ms, they arrive half a ms later; the second takes the wire's time once more.
    expect(times.filter((at) => at % 1000 === 500)).toEqual(single.map(([, at]) => at));
  });

  it("Rule W6: with a bandwidth one message leaves after the other, and a full wire holds up its sender", () => {
    const text = `
      export async function main() {
        await sleep(1);
        for (let i = 0; i < 4; i++) { send({ name: "other", node: "n2" }, "x".repeat(476)); log("sent"); await sleep(0); }
      }
      export async function other() { register("other"); for (;;) { await receive(); log("got"); } }
    `;
    const wire = {
      between: ["n1", "n2"],
      ...det,
      bytesPerSecond: 1_000_000,
      bufferBytes: 1500,
    } as const;
    // 16 bytes and 2 a character, and 32 for the envelope: 1,000 bytes, 1 ms each.
    const { lines } = play(text, twoNodes({ wires: [wire] }));
    expect(lines).toEqual([
      "1 main: sent",
      "1 main: sent",
      // 2,000 bytes are on their way at 1 ms, 500 more than may wait; so again half a ms later.
      "1.5 main: sent",
      "2.5 main: sent",
      "2.5 other: got",
      "3.5 other: got",
      "4.5 other: got",
      "5.5 other: got",
    ]);
  });

  it("Rule W7: what is sent while a wire is held arrives together afterwards, in order", () => {
    const { trace } = play(
      CHATTER,
      twoNodes({
        wires: [{ between: ["n1", "n2"], ...det }],
        faults: [{ kind: "hold", between: ["n1", "n2"], atUs: 100_000, untilUs: 150_000 }],
      }),
    );
    const all = arrivals(trace);
    expect(all).toHaveLength(400);
    const held = all.filter(([, at]) => at === 150_000);
    expect(held.length).toBeGreaterThan(48);
    expect(held.map(([message]) => message)).toEqual(
      [...held.map(([message]) => message)].sort((a, b) => a - b),
    );
    expect(all.some(([, at]) => at > 101_000 && at < 150_000)).toBe(false);
  });
});
