/** E3: four numbers about Friday, said before they are measured. Reproduces R9, Little's law part. */
import type { Exercise } from "../../../../workers/check/exercise.ts";
import type { Evidence } from "../../../../workers/check/verdict.ts";
import { friday, RUSH_FROM, RUSH_UNTIL, SECOND } from "../../scenario.ts";

/** The quiet time before the rush, without its first fifth. */
const QUIET = { fromUs: 4 * SECOND, untilUs: RUSH_FROM };

export const exercise: Exercise = {
  id: "L01-E3",
  title: "Predict",
  version: 1,
  kind: "prediction",
  speed: 5,
  questions: [
    { id: "mailboxAt40", label: "Requests in the till's mailbox at 40 s", unit: "messages" },
    { id: "secondsUntilEmpty", label: "From then until the mailbox is empty", unit: "s" },
    {
      id: "timeInTillMs",
      label: "Mean time at the till before the rush, arrival to reply",
      unit: "ms",
    },
    {
      id: "numberInTill",
      label: "Mean number at the till in that time, waiting or served",
      unit: "requests",
    },
  ],
  run: friday,
  tiers: { P: { scenario: friday, seedCount: 20 } },
  checks: [
    {
      check: "predicts",
      tier: "P",
      tolerance: 0.15,
      measures: [
        { id: "mailboxAt40", measure: "mailboxAt", role: "till", atUs: RUSH_UNTIL },
        { id: "secondsUntilEmpty", measure: "secondsUntilEmpty", role: "till", fromUs: RUSH_UNTIL },
        { id: "timeInTillMs", measure: "meanTimeMs", role: "till", ...QUIET },
        { id: "numberInTill", measure: "meanNumber", role: "till", ...QUIET },
      ],
    },
  ],
  mainFile: "answers.json",
  explain,
};

/** An answer that comes of a belief, and what the world says to it. */
interface Belief {
  readonly answer: number;
  readonly sentence: string;
}

const BELIEFS: Readonly<Record<string, readonly Belief[]>> = {
  mailboxAt40: [
    {
      answer: 2800,
      sentence:
        "2,800 customers came in the rush, and the till served them meanwhile: it never stood still.",
    },
    {
      answer: 1600,
      sentence:
        "80 more came each second than before, but the till had been idle four tenths of its time.",
    },
    {
      answer: 500,
      sentence:
        "Customers gave up after 5 s; their requests stayed in the mailbox and were handled all the same.",
    },
    { answer: 0, sentence: "For 20 s more came than the till can do, and no send was refused." },
  ],
  secondsUntilEmpty: [
    { answer: 0, sentence: "When the rush ended, everybody who had come in it was still in line." },
    { answer: 8, sentence: "While the till worked off the line, 60 more joined it every second." },
    {
      answer: 13.3,
      sentence: "60 a second is how fast they came, not how fast the line grew shorter.",
    },
  ],
  timeInTillMs: [
    {
      answer: 10,
      sentence:
        "10 ms is the service alone: six in ten arrivals found the till busy and waited first.",
    },
    { answer: 7.5, sentence: "That is the wait alone; then the sale itself takes its 10 ms." },
    {
      answer: 25,
      sentence:
        "So long would it take if the work varied as the arrivals do; here every sale takes 10 ms.",
    },
  ],
  numberInTill: [
    {
      answer: 0.6,
      sentence: "That counts the sale being rung up; some of the time others stood behind it.",
    },
    {
      answer: 0.45,
      sentence: "That counts those who waited; most of the time one more was being served.",
    },
    {
      answer: 1.5,
      sentence:
        "So many would be there if the work varied as the arrivals do; here every sale takes 10 ms.",
    },
  ],
};

/** How near an answer must be to a belief's to be taken for it, as a share. */
const NEAR = 0.06;

function explain({ pattern, values }: Evidence): string | undefined {
  if (pattern !== "off") return undefined;
  const answer = Number(values["answer"]);
  const beliefs = BELIEFS[String(values["id"])] ?? [];
  return beliefs.find((belief) => Math.abs(answer - belief.answer) <= NEAR * belief.answer)
    ?.sentence;
}
