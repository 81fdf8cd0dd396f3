/** Published numbers of the same sources that are not made again here, and why. */

export interface NotReproduced {
  readonly what: string;
  readonly source: string;
  readonly why: string;
}

export const NOT_REPRODUCED: readonly NotReproduced[] = [
  {
    what: "99.94 % of reads see a single version",
    source: "DeCandia et al., Dynamo, SOSP 2007",
    why: "It was counted in one shop's production; it depends on how its customers write, which the paper does not give.",
  },
  {
    what: "Table 1: leaves of 1/5/10 ms, all leaves 40/87/140 ms",
    source: "Dean and Barroso, CACM 2013",
    why: "Independent leaves cannot give it: by the time 95 % of many have answered they would be near one leaf's own 95 % (5 ms), the table says 12 ms at the median and 70 ms at 99 %. Its leaves are slow together, so a simulation that matched it with independent ones would be wrong.",
  },
  {
    what: "hedging after 10 ms: 1,800 → 74 ms, as values",
    source: "Dean and Barroso, CACM 2013",
    why: "BigTable's own latencies are not published. R8 matches the shape alone, with a tail of our making.",
  },
  {
    what: "tied requests: median −16 %, p99.9 −38 %, less than 1 % more disk reads",
    source: "Dean and Barroso, CACM 2013",
    why: "Measured on their disks under their load; the paper gives neither.",
  },
  {
    what: "the smooth curves of downtime between the ranges of R6",
    source: "Ongaro and Ousterhout, 2014",
    why: "They depend on the split of the broadcast's 15 ms, of which the paper gives only the sum. R6 checks the numbers of the text.",
  },
];
