/**
 * A run of the size of a lesson's exercise: three nodes, async code with retries over wires that
 * lose messages, a gen_server on two of them, 20,000 messages taken. How many such runs a second
 * one thread makes decides how many seeds a judgement can afford. Each starts clean: a new
 * instance of the program on each node, a new cluster.
 */
import { eventCountOf, programOf, roomOf, run, secondsOf } from "./engine.ts";
import { type Figure, median, round } from "./figure.ts";

const WARM_UPS = 3;
const REPEATS = 9;

const TEXT = `
  import { call, genServer, random, sleep, work } from "otp";

  export const shelf = genServer<Map<string, number>>({
    init: () => ["ok", new Map()],
    handleCall({ book, qty }: any, _from, sold) {
      const count = (sold.get(book) ?? 0) + qty;
      return ["reply", { count }, sold.set(book, count)];
    },
  });

  export const till = genServer<number>({
    init: () => ["ok", 0],
    async handleCall(order: any, _from, total) {
      const { count } = (await patiently({ name: "shelf", node: "n3" }, order, 10)) as any;
      return ["reply", { total: total + order.qty, count }, total + order.qty];
    },
  });

  async function patiently(to: any, request: any, timeout: number) {
    for (let tries = 0; ; tries++) {
      try {
        return await call(to, request, { timeout });
      } catch (error) {
        if (tries === 5) throw error;
        await sleep(2 ** tries);
      }
    }
  }

  export async function customer(n: number, orders: number) {
    for (let i = 0; i < orders; i++) {
      await sleep(random() * 10);
      const qty = 1 + Math.floor(random() * 3);
      const order = { id: n * 1000 + i, book: "b" + (i % 17), qty };
      await patiently({ name: "till", node: "n2" }, order, 200);
      if (i % 8 === 0) await work(0.5);
    }
  }

  export async function main() {}
`;

const latency = { kind: "uniform", fromUs: 200, toUs: 800 } as const;
const nodes = ["n1", "n2", "n3"] as const;
const SHOP = roomOf({
  name: "exercise",
  horizonUs: 3_600_000_000,
  nodes: nodes.map((name) => ({ name, cores: 2 })),
  wires: [
    { between: ["n1", "n2"], latency, loss: 0.01 },
    { between: ["n2", "n3"], latency, loss: 0.01 },
    { between: ["n1", "n3"], latency, loss: 0.01 },
  ],
  starts: [
    { atUs: 0, node: "n2", file: "main.ts", run: "till", args: [], name: "till" },
    { atUs: 0, node: "n3", file: "main.ts", run: "shelf", args: [], name: "shelf" },
    ...Array.from({ length: 20 }, (_, n) => {
      return { atUs: 0, node: "n1", file: "main.ts", run: "customer", args: [n, 245] };
    }),
  ],
});

export function measureExercise(): Figure[] {
  const program = programOf(TEXT);
  const events = eventCountOf(run(program, SHOP));
  const full: number[] = [];
  const digest: number[] = [];
  for (let i = 0; i < WARM_UPS + REPEATS; i++) {
    const seed = i + 1;
    const fullSeconds = secondsOf(() => run(program, SHOP, { seed }));
    const digestSeconds = secondsOf(() => run(program, SHOP, { seed, keep: "digest" }).digest());
    if (i < WARM_UPS) continue;
    full.push(fullSeconds);
    digest.push(digestSeconds);
  }
  return [
    { name: "exercise, messages taken", value: events, unit: "events" },
    { name: "exercise, full trace", value: round(1 / median(full)), unit: "runs/s" },
    { name: "exercise, digest alone", value: round(1 / median(digest)), unit: "runs/s" },
  ];
}
