import type { Prediction } from "../schema.ts";

/** Asked before the first run. What then happened is told by the run. */
export const prediction: Prediction = {
  kind: "choice",
  id: "P1",
  question: "How many requests wait in the till's mailbox when the rush ends, at 40 s?",
  options: [
    "About 40: as many as come too many in a second",
    "About 500: whoever has waited 5 s gives up and leaves the line",
    "About 800: forty too many, for twenty seconds",
    "About 2,800: all who came in the rush",
  ],
};
