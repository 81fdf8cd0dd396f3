/** R2: tries multiply through layers. */
import type { Scenario } from "../kernel/index.ts";
import { exactly, type Reproduction, row } from "./reproduction.ts";
import { answer, ask, begin, receive, run, serve } from "./stand.ts";

const WIRE = { latency: { kind: "det", us: 1000 }, loss: 0 } as const;

/** Layers, tries at each, and what the sources say reaches the database. */
const STACKS = [
  { layerCount: 1, tryCount: 3, published: undefined },
  { layerCount: 2, tryCount: 3, published: undefined },
  { layerCount: 3, tryCount: 3, published: undefined },
  { layerCount: 4, tryCount: 3, published: undefined },
  { layerCount: 5, tryCount: 3, published: 243 },
  { layerCount: 3, tryCount: 4, published: 64 },
] as const;

/** One click through a stack of servers, each on a node of its own, to a database that refuses everything. */
export function click(layerCount: number, tryCount: number, seed: number): number {
  const names = Array.from({ length: layerCount }, (_, i) => `layer-${i + 1}`).concat("database");
  const scenario: Pick<Scenario, "nodes" | "wires"> = {
    nodes: names.map((name) => ({ name, cores: 1 })),
    wires: names.slice(1).map((name, i) => ({ between: [names[i] as string, name], ...WIRE })),
  };
  let callCount = 0;
  run({ horizonUs: 1e12, ...scenario }, seed, (node) => {
    const below = names[node.index + 1];
    if (below === undefined) {
      const refuse =
        (self: Parameters<typeof answer>[0]) =>
        (_: unknown, call: Parameters<typeof answer>[1]) => {
          callCount++;
          answer(self, call, "refused");
        };
      serve(node, "database", refuse, "server");
      return;
    }
    const server = begin(
      node,
      "server",
      function* (self) {
        for (;;) {
          const call = yield* receive(self);
          let result: unknown = "refused";
          for (let i = 0; i < tryCount && result === "refused"; i++)
            result = yield* ask(self, { name: "server", node: below }, "read");
          answer(self, call, result);
        }
      },
      "server",
    );
    if (node.index > 0) return;
    begin(node, "customer", function* (self) {
      yield* ask(self, server.pid, "click");
    });
  });
  return callCount;
}

export const layers: Reproduction = {
  id: "R2",
  title: "Retries multiply through layers",
  sources: [
    { title: "Amazon Builders' Library, on time-outs, retries and back-off", confidence: "S" },
    { title: "Site Reliability Engineering, ch. 22", confidence: "S" },
  ],
  conditions:
    "One click passes through layers of servers to a database that refuses everything; every layer tries so many times before it gives up.",
  assumptions: [],
  lessons: ["L15"],
  trialCount: STACKS.length,
  trial(index, seed) {
    const { layerCount, tryCount } = STACKS[index] as (typeof STACKS)[number];
    return [click(layerCount, tryCount, seed)];
  },
  conclude: (samples) =>
    samples.map(([calls = Number.NaN], index) => {
      const { layerCount, tryCount, published } = STACKS[index] as (typeof STACKS)[number];
      return row({
        what: `${layerCount} layers, ${tryCount} tries at each: calls to the database`,
        unit: "calls",
        published,
        ours: calls,
        band: exactly(tryCount ** layerCount, `${tryCount} to the ${layerCount}`),
        point: { series: `${tryCount} tries at each layer`, x: layerCount },
      });
    }),
};
