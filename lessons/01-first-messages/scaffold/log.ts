/** The shop's log: told by `cast`, one line at a time, 1 ms of disk for each. Nobody waits for it. */
import { genServer, work } from "otp";

export const log = genServer<number, "lines", string>({
  init: () => ["ok", 0],
  handleCall: (_request, _from, lineCount) => ["reply", lineCount, lineCount],
  async handleCast(_line, lineCount) {
    await work(1, { kind: "io" });
    return ["noreply", lineCount + 1];
  },
});
