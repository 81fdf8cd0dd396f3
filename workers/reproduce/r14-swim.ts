/** R14: members that each ask one random other after its health find a crash in 1.58 periods, however many they are. */
import { exp, type Pid, type Process, power, RandomStream, US_PER_MS } from "../kernel/index.ts";
import { near, type Reproduction, row, within } from "./reproduction.ts";
import { later, run, serve } from "./stand.ts";
import { column, mean, turnsOf } from "./statistics.ts";

const PERIOD_US = 1000 * US_PER_MS;
/** How long a member waits for an answer. */
const PATIENCE_US = 300 * US_PER_MS;

/** A group with one crash: of `members` on everybody's list, `silent` have been dead for long. */
interface Group {
  readonly members: number;
  readonly silent: number;
}

const GROUPS: readonly Group[] = [
  { members: 10, silent: 0 },
  { members: 50, silent: 0 },
  { members: 50, silent: 25 },
];
const RUNS = 3000;

type Message = { readonly kind: "ping"; readonly from: Pid } | { readonly kind: "ack" };

/**
 * One crash: periods that begin after it, up to and with the one in which somebody gets no answer.
 * All begin their periods together; the crash is at a random moment of the pause between two rounds.
 */
export function detectionPeriods({ members, silent }: Group, seed: number): number {
  let foundAtUs = 0;
  const draws = new RandomStream(seed, 0);
  const crashAtUs = Math.round(PATIENCE_US + draws.uniform() * (PERIOD_US - PATIENCE_US - 1));
  run({ horizonUs: 1000 * PERIOD_US }, seed, (node) => {
    const all: Process[] = [];
    for (let number = 0; number < members; number++) {
      all.push(
        serve<Message>(node, "member", (self) => {
          const random = node.randomOf(self);
          let missing: Pid | undefined;
          const period = () => {
            if (foundAtUs > 0) return;
            const other = random.below(members - 1);
            missing = all[other < number ? other : other + 1]?.pid as Pid;
            node.send(self, missing, { kind: "ping", from: self.pid });
            later(self, PATIENCE_US, () => {
              if (missing === crashing.pid) foundAtUs = node.now;
            });
            later(self, PERIOD_US, period);
          };
          period();
          return (message) => {
            if (message.kind === "ping") node.send(self, message.from, { kind: "ack" });
            else missing = undefined;
          };
        }),
      );
    }
    const crashing = all[members - 1] as Process;
    for (const dead of all.slice(0, silent)) node.exitSignal(dead, dead.pid, "kill");
    node.schedule(crashAtUs, () => node.exitSignal(crashing, crashing.pid, "kill"));
  });
  return Math.ceil((foundAtUs - crashAtUs) / PERIOD_US);
}

/** Periods until one of the living picks the dead, when each picks one of the others on its list. */
function expectedPeriods({ members, silent }: Group): number {
  const livingCount = members - silent - 1;
  return 1 / (1 - power(1 - 1 / (members - 1), livingCount));
}

export const swim: Reproduction = {
  id: "R14",
  title: "SWIM: periods until a crash is found",
  sources: [
    { title: "Das, Gupta, Motivala 2002 (SWIM)", confidence: "S" },
    { title: "e ÷ (e − 1), the limit of a geometric mean", confidence: "F" },
  ],
  conditions:
    "Every member is a process; once a period it pings another, drawn at random, and misses an answer after 0.3 of the period. Counted are the periods begun after the crash, with that of the first ping unanswered. 3,000 crashes a group.",
  assumptions: [
    "Members begin their periods together, and the crash falls between two rounds. SWIM's members keep no common time; its analysis counts periods too.",
    "A ping that is not answered counts as found at once. SWIM asks k others first, which adds a part of a period and changes nothing about who is picked.",
    "No message is lost. With half of the list long dead, only the other half asks.",
  ],
  lessons: ["L03"],
  trialCount: GROUPS.length * RUNS,
  trial: (index, seed) => [detectionPeriods(GROUPS[index % GROUPS.length] as Group, seed)],
  conclude: (samples) => [
    row({
      what: "all live, very many: expected periods by the formula",
      unit: "periods",
      published: 1.582,
      ours: 1 / (1 - exp(-1)),
      band: near(1.582, 0.0005, "published"),
    }),
    ...GROUPS.flatMap((group, i) => {
      const turns = turnsOf(samples, i, GROUPS.length);
      if (turns.length === 0) return [];
      const { members, silent } = group;
      const limit = 1 / (1 - exp(-(members - silent) / members));
      const who = silent === 0 ? "all live" : `${silent} long dead`;
      return [
        row({
          what: `${members} members, ${who}: periods until found`,
          unit: "periods",
          published: Math.round(limit * 1000) / 1000,
          ours: mean(column(turns, 0)),
          band: within(expectedPeriods(group), 0.03, "formula for this number of members"),
          ...(silent === 0 ? { point: { series: "all live", x: members } } : undefined),
        }),
      ];
    }),
  ],
};
