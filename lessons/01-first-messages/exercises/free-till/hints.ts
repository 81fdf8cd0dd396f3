import type { Hint } from "../../../schema.ts";

export const hints: readonly Hint[] = [
  {
    text: "Look at the till and at the core below it. Which of the two is occupied all the time, and which has time left?",
  },
  {
    text: "60 sales a second leave 1,000 ÷ 60, not quite 17 ms, for each. What must be done within them, before the customer may hear “sold”? What may be done later, and by whom?",
  },
  {
    text: "Start the printing in a process of its own and reply at once; watch it with a monitor, and take its DOWN in handleInfo. If you hand over to one process instead, work out first how many receipts a second it can print.",
  },
];
