/** What each wrong till fails, and the words in which its verdict must say so. */
import type { CheckName } from "../../../../workers/check/spec.ts";

export const wrong: Readonly<Record<string, { readonly check: CheckName; readonly says: RegExp }>> =
  {
    empty: { check: "exactEffect", says: /not one sale was rung up/ },
    "drops-everything": { check: "exactEffect", says: /not one sale was rung up/ },
    "the-answer-can-go-first": {
      check: "conserve",
      says: /^Sale \d+ was acknowledged but the total never changed\.$/,
    },
    "a-time-out-undoes-the-request": {
      check: "exactEffect",
      says: /^The customer tried once, the till sold twice: the first request was still in the mailbox\.$/,
    },
    "the-same-number-is-enough": {
      check: "exactEffect",
      says: /^Sale \d+ was rung up 2 times; the customer wanted it once\.$/,
    },
    "a-variable-of-the-file-is-the-tills-own": {
      check: "conserve",
      says: /^Two processes changed one variable; processes may only share by message\.$/,
    },
    "telling-is-doing": {
      check: "noLie",
      says: /^The client was told 'sold' \d+(\.\d)? s before the till looked at the request\.$/,
    },
    "a-time-out-means-no": {
      check: "noLie",
      says: /^Customer \d+ was told no, and the till sold to them .* later all the same\.$/,
    },
    "one-sale-is-enough": {
      check: "noLie",
      says: /^Customer \d+ asked for what the shop has, and was turned away\.$/,
    },
    "customers-ask-for-what-there-is": {
      check: "conserve",
      says: /^The auditor asked till-\d for its total/,
    },
    "a-sale-is-one-piece": {
      check: "conserve",
      says: /^till-\d says that it sold \d+ pieces; \d+ went/,
    },
    "nobody-is-waiting-so-it-is-gone": {
      check: "noLeak",
      says: /^\d+ processes "keepForReturns" were still there/,
    },
  };
