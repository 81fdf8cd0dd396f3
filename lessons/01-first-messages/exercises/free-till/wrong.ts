/** What each wrong till fails, and the words in which its verdict must say so. */
import type { CheckName } from "../../../../workers/check/spec.ts";

const OCCUPIED =
  /^Each sale occupied the till for 50 ms; at (5[6-9]|6[0-4]) sales\/s it needs (2\.[89]|3|3\.[12]) s of work per second\.$/;

export const wrong: Readonly<Record<string, { readonly check: CheckName; readonly says: RegExp }>> =
  {
    "prints-in-the-till": { check: "latency", says: OCCUPIED },
    "after-the-reply-the-till-is-free": { check: "latency", says: OCCUPIED },
    "nobody-wants-paper": { check: "exactEffect", says: /^Everybody went home without a receipt/ },
    "a-spare-copy-is-safer": {
      check: "exactEffect",
      says: /^The receipt of sale \d+ was printed 2 times\.$/,
    },
    "out-of-the-till-is-out-of-the-world": {
      check: "noLeak",
      says: /^[\d,]+ messages were still unread at the printer .* makes 25 a second; 60 came\.$/,
    },
  };
