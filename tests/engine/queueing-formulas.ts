/**
 * What queueing theory says, computed here and nowhere else: nothing of the engine is used. Times
 * are in mean services, `load` is the offered load in erlangs (arrivals per mean service), and
 * `rho` is that of one server. Textbook forms: Kleinrock, Queueing Systems I (1975).
 */
import { solve } from "./queueing-estimate.ts";

/** Share of calls refused when `load` erlangs meet `lines` lines and nobody waits. Erlang 1917. */
export function erlangB(lines: number, load: number): number {
  let refused = 1;
  for (let line = 1; line <= lines; line++) refused = (load * refused) / (line + load * refused);
  return refused;
}

/** Share of customers who have to wait when `load` erlangs meet `servers` servers and one queue. Erlang 1917. */
export function erlangC(servers: number, load: number): number {
  const refused = erlangB(servers, load);
  return refused / (1 - (load / servers) * (1 - refused));
}

/** Mean wait of those who wait in M/M/c: the wait is exponential with it. */
export function waitOfWaiting(servers: number, load: number): number {
  return 1 / (servers - load);
}

/** The wait in M/M/c that a share `q` of all customers does not pass; 0 when as many do not wait at all. */
export function waitPercentile(servers: number, load: number, q: number): number {
  return Math.max(0, waitOfWaiting(servers, load) * Math.log(erlangC(servers, load) / (1 - q)));
}

/** The time in M/M/c, wait and service together, that a share `q` does not pass. */
export function sojournPercentile(servers: number, load: number, q: number): number {
  const spare = servers - load;
  const waiting = erlangC(servers, load);
  // Either the service alone, or a wait of rate `spare` before a service of rate 1.
  const longer = (t: number) =>
    Math.abs(spare - 1) < 1e-9
      ? Math.exp(-t) * (1 + waiting * t)
      : Math.exp(-t) + (waiting * (Math.exp(-t) - Math.exp(-spare * t))) / (spare - 1);
  let [low, high] = [0, 1000];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (longer(middle) > 1 - q) low = middle;
    else high = middle;
  }
  return low;
}

/** Mean wait in M/G/1, by the square of the service's coefficient of variation. Pollaczek 1930, Khinchine 1932. */
export function pollaczekKhinchine(rho: number, variationSquared: number): number {
  return (rho * (1 + variationSquared)) / (2 * (1 - rho));
}

/** Mean time with `choices` servers looked at and infinitely many to choose from. Mitzenmacher 1996. */
export function supermarketLimit(rho: number, choices: number): number {
  return sum(supermarketTail(rho, choices)) / rho;
}

/** Shares of servers with at least 1, 2, … customers, until they are nothing. */
function supermarketTail(rho: number, choices: number): number[] {
  const tail: number[] = [];
  for (let share = rho; share > 1e-14; share = rho * share ** choices) tail.push(share);
  return tail;
}

/**
 * Mean time with two choices among `servers` servers: the limit and the term in 1/servers, which
 * leaves out less than 0.1 % at a hundred. Gast and Van Houdt, A Refined Mean Field Approximation
 * (SIGMETRICS 2018): with the drift F of the shares x, its first derivatives A and second ones B at
 * the fixed point, the term is −A⁻¹(½ B·W), where A W + W Aᵀ + Q = 0 and Q is the noise there.
 */
export function supermarketOfTwo(rho: number, servers: number): number {
  const shares = supermarketTail(rho, 2);
  const size = shares.length;
  const share = (k: number) => (k < 0 ? 1 : (shares[k] ?? 0));
  // F_k = rho (x_{k-1}² − x_k²) − (x_k − x_{k+1}); of the square of x_{-1} = 1 nothing hangs on x.
  const slope = table(size, (k, j) => {
    if (j === k) return -2 * rho * share(k) - 1;
    if (j === k + 1) return 1;
    return j === k - 1 ? 2 * rho * share(j) : 0;
  });
  // One equation for each pair (i, j): sum over m of A_im W_mj + A_jm W_im = −Q_ij.
  const equations = table(size * size, (row, column) => {
    const [i, j] = [Math.floor(row / size), row % size];
    const [a, b] = [Math.floor(column / size), column % size];
    return (b === j ? at(slope, i, a) : 0) + (a === i ? at(slope, j, b) : 0);
  });
  const noise = Array.from({ length: size * size }, (_, row) => {
    const [i, j] = [Math.floor(row / size), row % size];
    // As many come up to k as go down from it, so twice those that go.
    return i === j ? -2 * (share(i) - share(i + 1)) : 0;
  });
  const spread = solve(equations, noise);
  const variance = (k: number) => (k < 0 ? 0 : (spread[k * size + k] as number));
  const bend = shares.map((_, k) => -rho * (variance(k - 1) - variance(k)));
  return (sum(shares) + sum(solve(slope, bend)) / servers) / rho;
}

function table(size: number, entry: (row: number, column: number) => number): number[][] {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => entry(row, column)),
  );
}

function at(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
