/**
 * How long it takes until crashes by pure chance are more than a supervisor allows: mean seconds, for
 * `rate` crashes a second, from a beginning at a whole second.
 *
 * OTP counts the restarts of a period in whole seconds, the first and the last included, so a period
 * of 5 s holds those of six seconds: 5 to 6 s, and not 5. The documentation speaks of 5 s.
 */
import { exp } from "../kernel/index.ts";

/** With a window of exactly `periodS`, for one restart allowed: (1 ÷ λ)(1 + 1 ÷ (1 − e^(−λT))). */
export function meanUntilSecondCrash(rate: number, periodS: number): number {
  return (1 + 1 / (1 - exp(-rate * periodS))) / rate;
}

/**
 * With OTP's window of whole seconds, for any number allowed. The crashes of each of the last
 * `periodS` seconds are the states of a chain; its equations are solved exactly.
 */
export function meanInWholeSeconds(rate: number, allowed: number, periodS: number): number {
  const states = statesOf(allowed, periodS);
  const numberOf = new Map(states.map((state, number) => [state.join(), number]));
  // The time from a state is what passes in this second while it is not too much, and then that
  // from the state after it: T(s) − Σ chance(n) × T(s shifted by n) = time(s).
  const equations = states.map((state, number) => {
    const left = allowed - sumOf(state);
    const equation = new Array<number>(states.length + 1).fill(0);
    equation[number] = 1;
    for (let crashes = 0; crashes <= left; crashes++) {
      const next = numberOf.get([...state.slice(1), crashes].join()) as number;
      equation[next] = (equation[next] as number) - chanceOf(crashes, rate);
    }
    equation[states.length] = timeWithin(left, rate);
    return equation;
  });
  return solve(equations)[0] as number;
}

/** All numbers of crashes in `length` seconds that together are no more than `most`; none at all first. */
function statesOf(most: number, length: number): number[][] {
  if (length === 0) return [[]];
  return statesOf(most, length - 1).flatMap((state) =>
    Array.from({ length: most - sumOf(state) + 1 }, (_, crashes) => [...state, crashes]),
  );
}

function sumOf(state: readonly number[]): number {
  return state.reduce((sum, crashes) => sum + crashes, 0);
}

/** The chance of so many crashes in a second. */
function chanceOf(crashes: number, rate: number): number {
  let chance = exp(-rate);
  for (let i = 1; i <= crashes; i++) chance = (chance * rate) / i;
  return chance;
}

/** Mean part of a second in which there were no more than `most` crashes. */
function timeWithin(most: number, rate: number): number {
  let time = 0;
  let isMore = 1;
  for (let crashes = 0; crashes <= most; crashes++) {
    isMore -= chanceOf(crashes, rate);
    time += isMore / rate;
  }
  return time;
}

/** Solves linear equations, each with its right side last, by elimination. */
function solve(equations: number[][]): number[] {
  const size = equations.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const own = equations[pivot] as number[];
    for (const other of equations) {
      if (other === own) continue;
      const times = (other[pivot] as number) / (own[pivot] as number);
      if (times === 0) continue;
      for (let i = pivot; i <= size; i++)
        other[i] = (other[i] as number) - times * (own[i] as number);
    }
  }
  return equations.map((equation, i) => (equation[size] as number) / (equation[i] as number));
}
