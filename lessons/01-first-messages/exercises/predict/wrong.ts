/** What each set of wrong answers fails, and the words in which its verdict must say so. */
import type { CheckName } from "../../../../workers/check/spec.ts";

const off = (says: RegExp) => ({ check: "predicts" as const, says });

export const wrong: Readonly<Record<string, { readonly check: CheckName; readonly says: RegExp }>> =
  {
    "the-till-stands-still": off(/^2,800 customers came in the rush/),
    "counts-only-the-extra-arrivals": off(/idle four tenths of its time/),
    "a-time-out-takes-the-request-back": off(/their requests stayed in the mailbox/),
    "at-once": off(/still in line\.$/),
    "divides-by-service-rate": off(/60 more joined it every second/),
    "divides-by-arrival-rate": off(/not how fast the line grew shorter/),
    "forgets-waiting": off(/waited first\.$/),
    "forgets-service": off(/the sale itself takes its 10 ms/),
    "work-is-as-random-as-arrivals": off(/if the work varied/),
    "takes-busy-for-number": off(/others stood behind it/),
    "counts-only-who-waits": off(/one more was being served/),
  };
