/**
 * Whether two groups differ, or only seem to: what a canary's judge has to decide. Pure.
 *
 * A fixed test must be looked at once, when all data is there; who looks at it every second will see
 * it cry sooner or later. Wald's sequential test may be looked at after every request.
 */
import { ErlangError, exp, ln } from "../kernel/index.ts";

/** So many of so many failed. */
export interface Share {
  readonly failed: number;
  readonly total: number;
}

/** Two hypotheses about a share, and how often the verdict may be wrong. */
export interface SequentialOptions {
  /** The share of failures of something good. */
  readonly good: number;
  /** The share of failures of something bad; more than `good`. */
  readonly bad: number;
  /** How often something good may be called bad (α); default 0.02. */
  readonly falseAlarms?: number;
  /** How often something bad may be called good (β); default 0.02. */
  readonly misses?: number;
}

/** What a sequential test says so far. */
export interface SequentialResult {
  readonly verdict: "good" | "bad" | "undecided";
  /** Logarithm of how many times likelier the data is if it is bad. */
  readonly logRatio: number;
}

/**
 * The two-proportion z-test: `z` is above 0 when `a` fails more often than `b`; `p` is how likely so
 * great a difference is by chance, either way (to 2e-7). z = 0 and p = 1 when nothing can be said.
 * To be looked at once. Any statistics textbook; `prop.test` of R, without its correction.
 */
export function compareShares(a: Share, b: Share): { readonly z: number; readonly p: number } {
  checkShare(a);
  checkShare(b);
  const pooled = (a.failed + b.failed) / (a.total + b.total);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / a.total + 1 / b.total));
  if (!(spread > 0)) return { z: 0, p: 1 };
  const z = (a.failed / a.total - b.failed / b.total) / spread;
  return { z, p: Math.min(1, 2 * upperTail(Math.abs(z))) };
}

/**
 * Wald's sequential probability ratio test: may be asked after every request, and answers when the
 * data is enough. A. Wald, Sequential Tests of Statistical Hypotheses, 1945.
 */
export function sequentialTest(
  { failed, total }: Share,
  { good, bad, falseAlarms = 0.02, misses = 0.02 }: SequentialOptions,
): SequentialResult {
  if (!(0 < good && good < bad && bad < 1) || !isRisk(falseAlarms) || !isRisk(misses)) {
    throw new ErlangError(
      "badarg",
      "sequentialTest takes shares 0 < good < bad < 1, and risks between 0 and 0.5",
    );
  }
  checkShare({ failed, total });
  const logRatio = failed * ln(bad / good) + (total - failed) * ln((1 - bad) / (1 - good));
  if (logRatio >= ln((1 - misses) / falseAlarms)) return { verdict: "bad", logRatio };
  if (logRatio <= ln(misses / (1 - falseAlarms))) return { verdict: "good", logRatio };
  return { verdict: "undecided", logRatio };
}

/** The share of a standard normal above z, z from 0 on. Abramowitz & Stegun 26.2.17, error below 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

function isRisk(share: number): boolean {
  return share > 0 && share < 0.5;
}

function checkShare({ failed, total }: Share): void {
  if (failed >= 0 && total >= failed && Number.isFinite(total)) return;
  throw new ErlangError("badarg", `so many of so many: ${failed} of ${total} cannot have failed`);
}
