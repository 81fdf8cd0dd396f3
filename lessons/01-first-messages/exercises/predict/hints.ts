import type { Hint } from "../../../schema.ts";

export const hints: readonly Hint[] = [
  {
    text: "For the first two draw the mailbox over time. It is made of straight lines, and each slope is a difference of two rates.",
  },
  {
    text: "At 60 a second the till is busy six tenths of the time. So some who come find it busy, and a few find a line. The time at the till is a wait, which is zero for the lucky, and then 10 ms.",
  },
  {
    text: "When arrivals are random and all services equally long, the mean wait is service × ρ ÷ (2 (1 − ρ)), where ρ is the share of time the till is busy. Add the service. For the number there is Little's law: mind the units, ms against seconds.",
  },
];
