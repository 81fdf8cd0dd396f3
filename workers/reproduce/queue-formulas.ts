/**
 * What queueing theory says of stations with Poisson arrivals. Loads are in erlangs, the work that
 * comes in a service time; times in service times. All can be proved: Erlang 1917, Khinchine 1932.
 */
import { power } from "../kernel/index.ts";

/** Share of calls that find all lines busy and go away. Erlang's B formula, by its recursion over lines. */
export function blockedShare(lineCount: number, erlangs: number): number {
  let share = 1;
  for (let line = 1; line <= lineCount; line++) {
    share = (erlangs * share) / (line + erlangs * share);
  }
  return share;
}

/** Share of customers who have to wait for one of `serverCount` servers. Erlang's C formula. */
export function waitingShare(serverCount: number, erlangs: number): number {
  const blocked = blockedShare(serverCount, erlangs);
  return blocked / (1 - (erlangs / serverCount) * (1 - blocked));
}

/** Mean time in a station of several servers with one queue and exponential service. */
export function pooledTime(serverCount: number, erlangs: number): number {
  return 1 + waitingShare(serverCount, erlangs) / (serverCount - erlangs);
}

/** Mean time at one server. `variation` is the variance of service ÷ its mean squared: 1 exponential, 0 constant. */
export function singleTime(utilisation: number, variation: number): number {
  return 1 + ((1 + variation) / 2) * (utilisation / (1 - utilisation));
}

/** The greatest load at which no more than `share` of calls is blocked. To 12 digits, by halving. */
export function loadFor(lineCount: number, share: number): number {
  let low = 0;
  let high = 2 * lineCount;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (blockedShare(lineCount, middle) <= share) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Mean time in one of very many queues when each customer looks at `choices` of them and joins the
 * shortest (Mitzenmacher 1996): the sum of λ^((d^i − d) ÷ (d − 1)) over i from 1 on.
 */
export function choiceTime(utilisation: number, choices: number): number {
  if (choices === 1) return 1 / (1 - utilisation);
  let time = 0;
  let factor = 1;
  // The exponent of the next part is d times that of this one, and d more.
  while (factor > 1e-15) {
    time += factor;
    factor = power(factor * utilisation, choices);
  }
  return time;
}
