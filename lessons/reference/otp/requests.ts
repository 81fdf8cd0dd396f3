// Ask several servers at once and fetch the answers later. One that dies gives an error, not an exit.
// for: sendRequest, receiveResponse, waitResponse
import {
  genServer,
  log,
  receiveResponse,
  sendRequest,
  startLink,
  waitResponse,
  work,
} from "otp";

const depot = genServer<number, string>({
  init: (ms: number) => ["ok", ms],
  async handleCall(item, _from, ms) {
    await work(ms, { kind: "io" });
    return ["reply", `${item} after ${ms} ms`, ms];
  },
});

export async function main() {
  await startLink(depot, [20], { name: "near" });
  await startLink(depot, [60], { name: "far" });
  const near = sendRequest("near", "tea");
  const far = sendRequest("far", "salt");
  const none = sendRequest("nowhere", "milk");
  log(String(await receiveResponse(none)));
  log(String(await waitResponse(far, 10)));
  log(String(await receiveResponse(near)));
  log(String(await waitResponse(far)));
}

// prints:
// 0 ms  main: error,noproc,nowhere
// 10 ms  main: timeout
// 20 ms  main: reply,tea after 20 ms
// 60 ms  main: reply,salt after 60 ms
