// Keys belong to partitions for good; only partitions change hands when nodes come and go.
// for: ring, joinRing, leaveRing, moves, meetsTargetN
import { log } from "otp";
import { joinRing, leaveRing, meetsTargetN, moves, ring } from "world";

export async function main() {
  const before = ring({ partitions: 16, nodes: ["n1", "n2", "n3"], n: 3 });
  log(`16 partitions: ${before.owners.slice(0, 6)}, …`);
  const joined = joinRing(before, "n4");
  log(`n4 gets ${joined.moves.length}, all from others`);
  const left = leaveRing(joined.ring, "n1");
  log(`without n1 ${left.moves.length} move`);
  log(`from the first to the last: ${moves(before, left.ring).length}`);
  log(`any 3 in a row on 3 nodes: ${meetsTargetN(joined.ring)}`);
}

// prints:
// 0 ms  main: 16 partitions: n1,n2,n3,n1,n2,n3, …
// 0 ms  main: n4 gets 10, all from others
// 0 ms  main: without n1 4 move
// 0 ms  main: from the first to the last: 11
// 0 ms  main: any 3 in a row on 3 nodes: true
