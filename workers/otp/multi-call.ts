/** The same request to servers of one name on many nodes. Rule V39. */
import { US_PER_MS } from "../kernel/index.ts";
import { cast } from "./call.ts";
import { checkMs, here, steps, wait } from "./here.ts";
import { receiveResponse, sendRequest } from "./requests.ts";

/** Replies with the node they came from, and the nodes that gave none; both in the order of the nodes asked. */
export type MultiCallResult<Reply> = readonly [
  replies: readonly (readonly [node: string, reply: Reply])[],
  badNodes: readonly string[],
];

/**
 * Calls the server with a name on each of the nodes, all at the same time. A node is bad when it
 * cannot be reached, has no such server, or has not answered within `timeoutMs` (default
 * Infinity), which counts for all together. Late answers are dropped. `gen_server:multi_call/3,4`.
 */
export function multiCall<Reply = unknown>(
  nodes: readonly string[],
  name: string,
  request: unknown,
  timeoutMs: number = Number.POSITIVE_INFINITY,
): Promise<MultiCallResult<Reply>> {
  const { node } = here();
  const end = node.now + checkMs(timeoutMs, "multiCall's timeout") * US_PER_MS;
  const requests = nodes.map((on) => [on, sendRequest({ name, node: on }, request)] as const);
  return steps(function* () {
    const replies: [string, Reply][] = [];
    const badNodes: string[] = [];
    for (const [on, id] of requests) {
      const left = Math.max(0, end - node.now) / US_PER_MS;
      const response = yield* wait(receiveResponse<Reply>(id, left));
      if (response[0] === "reply") replies.push([on, response[1] as Reply]);
      else badNodes.push(on);
    }
    return [replies, badNodes] as const;
  });
}

/** Casts to the server with a name on each of the nodes; nobody says whether it was heard. `gen_server:abcast/3`. */
export function abcast(nodes: readonly string[], name: string, message: unknown): "abcast" {
  for (const node of nodes) cast({ name, node }, message);
  return "abcast";
}
