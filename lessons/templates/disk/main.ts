// An order is written down at once, and synced with every fifth. At 4 s the
// power goes: what was written and not synced was never on the disk. The
// next life of the node counts what is left.
import { genServer, log } from "otp";
import { type DiskLog, disk } from "world";

interface Book {
  readonly lines: DiskLog<string>;
  readonly unsynced: number;
}

/**
 * Answers when it has written the line down. Try: sync every line, and see
 * what that costs.
 */
export const book = genServer<Book, string>({
  async init() {
    const lines = disk.log<string>("book");
    const found = await lines.read();
    log(
      found.length === 0
        ? "an empty book"
        : `found ${found.length} lines again`,
    );
    return ["ok", { lines, unsynced: 0 }];
  },
  async handleCall(order, _from, { lines, unsynced }) {
    await lines.append(order);
    if (unsynced < 4)
      return ["reply", "written", { lines, unsynced: unsynced + 1 }];
    await lines.fsync();
    log(`${lines.length} lines are safe`);
    return ["reply", "written", { lines, unsynced: 0 }];
  },
});
