import type { Exercise } from "../../workers/check/index.ts";
import type { LessonWorkbench } from "../schema.ts";
import { exercise as freeTill } from "./exercises/free-till/exercise.ts";
import { exercise as predict } from "./exercises/predict/exercise.ts";
import { exercise as till } from "./exercises/till/exercise.ts";
import { friday, RUSH_UNTIL } from "./scenario.ts";

/** The lesson's world, to be run before anything is written, and to be broken at will. */
const world: Exercise = {
  id: "L01-E0",
  title: "Friday",
  version: 1,
  kind: "world",
  speed: 5,
  run: friday,
  tiers: {},
  checks: [],
  mainFile: "till.ts",
  explain: () => undefined,
};

export const workbench: LessonWorkbench = {
  exercises: [
    { exercise: world, folder: "predict", yours: ["till.ts"] },
    { exercise: till, folder: "till" },
    { exercise: freeTill, folder: "free-till" },
    { exercise: predict, folder: "predict" },
  ],
  pinned: ["till", "till-1", "till-2", "printer", "log"],
  layout: { height: 216, places: { web: { x: 0, y: 0.5 }, n1: { x: 1, y: 0.5 } } },
  outcomes: [
    {
      prediction: "P1",
      measure: { id: "mailboxAt40", measure: "mailboxAt", role: "till", atUs: RUSH_UNTIL },
      sentence: (measured) =>
        `When the rush ended, ${measured} requests were in the till's mailbox.`,
    },
  ],
};
