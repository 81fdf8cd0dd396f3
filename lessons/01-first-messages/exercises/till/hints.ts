import type { Hint } from "../../../schema.ts";

export const hints: readonly Hint[] = [
  {
    text: "Run it. Customer 60 comes at about 3 s; stop 5 s later. Which till is busy, with what, and who stands behind it? Click a hollow dot and follow it to its end.",
  },
  {
    text: "What must be finished before the customer may hear “sold”? And if the till should end right after its answer: what would it have promised, and who would still know?",
  },
  {
    text: "Three steps, in this order, all in handleCall: refuse what isQuantity does not accept; wait for ringUp; return the receipt together with the new total. The state you return is the only memory a till has.",
  },
];
