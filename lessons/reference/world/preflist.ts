// Who is responsible for a key: its partition's owner, and the owners of the next ones after it.
// for: preflist, ownerOf, ownersOf, partitionIn
import { log } from "otp";
import { ownerOf, ownersOf, partitionIn, preflist, ring } from "world";

export async function main() {
  const shops = ring({ partitions: 8, nodes: ["n1", "n2", "n3", "n4"], n: 3 });
  for (const key of ["tea", "salt"]) {
    log(
      `${key}: partition ${partitionIn(shops, key)}, owner ${ownerOf(shops, key)}`,
    );
    const copies = preflist(shops, key).map(
      ([partition, at]) => `${partition} on ${at}`,
    );
    log(`  copies: ${copies.join(", ")}`);
    log(`  two different nodes: ${ownersOf(shops, key, 2)}`);
  }
}

// prints:
// 0 ms  main: tea: partition 3, owner n4
// 0 ms  main:   copies: 3 on n4, 4 on n1, 5 on n2
// 0 ms  main:   two different nodes: n4,n1
// 0 ms  main: salt: partition 1, owner n2
// 0 ms  main:   copies: 1 on n2, 2 on n3, 3 on n4
// 0 ms  main:   two different nodes: n2,n3
