/**
 * The operator: one process for the cluster, on the first node of the scenario that runs from the
 * start, begun when somebody first asks it. Rules in SPEC.md, OP.
 *
 * It begins an operation or refuses it, and goes on at once; so an order outlives who gave it, but not
 * the operator's node. No order ends that node: it would take the order with it. Refused: an operator
 * on every node that reads the plan. It would know everything at once and could not be cut off.
 */
import type { Ref } from "../kernel/index.ts";
import type { From } from "../otp/call.ts";
import { type CallResult, genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { here, steps } from "../otp/here.ts";
import { definitionBody } from "../otp/start.ts";
import { deploy } from "./ops-deploy.ts";
import { Operator } from "./ops-operator.ts";
import { type OpsRequest, operatorNode } from "./ops-protocol.ts";
import { drainOnly, restart, scale, undrain } from "./ops-steps.ts";

type Info =
  | { readonly tag: "DOWN"; readonly ref: Ref; readonly object: unknown; readonly reason: unknown }
  | { readonly tag: "nodeup" | "nodedown"; readonly node: string };

const server = genServer<Operator, OpsRequest, never, Info>({
  init() {
    const process = here();
    const home = operatorNode(process.node);
    if (process.node.name !== home || process.node.operations === undefined)
      return ["stop", ["no_operator_here", home]];
    const operator = new Operator(process);
    return steps(() => operator.begin()).then(() => ["ok", operator] as const);
  },

  handleCall(request, from, operator): CallResult<Operator> {
    const answered = handle(operator, request, from);
    return answered === undefined ? ["noreply", operator] : ["reply", answered, operator];
  },

  handleInfo(message, operator): NoReplyResult<Operator> {
    if (message?.tag === "DOWN") operator.ended(message.ref, message.object, message.reason);
    if (message?.tag === "nodeup") operator.connected(message.node);
    return ["noreply", operator];
  },
});

/** The body of the service's process. */
export const operatorBody: () => unknown = definitionBody(server, []);

/** The answer, or undefined when an operation has begun that will give it. */
function handle(operator: Operator, request: OpsRequest, from: From): unknown {
  switch (request[0]) {
    case "nodes":
      return operator.list();
    case "subscribe":
      return operator.subscribe(request[1]) ? operator.list() : "too_many_subscribers";
    case "unsubscribe":
      operator.unsubscribe(request[1]);
      return "ok";
    case "scale": {
      const [op, role, count] = request;
      const about = operator.of(role);
      return operator.operate(from, { op, role }, about, () => scale(operator, about, count));
    }
    case "deploy": {
      const [op, version, order] = request;
      const { role } = order;
      const about =
        role === undefined ? operator.members.filter(({ isHome }) => !isHome) : operator.of(role);
      const told = { op, version, ...(role === undefined ? {} : { role }) };
      return operator.operate(from, told, about, () => deploy(operator, about, version, order));
    }
    case "drain":
    case "undrain":
    case "restart":
      return aboutOne(operator, request, from);
  }
}

function aboutOne(
  operator: Operator,
  request: Extract<OpsRequest, readonly ["drain" | "undrain" | "restart", ...unknown[]]>,
  from: From,
): unknown {
  const [op, name] = request;
  const member = operator.members.find((one) => one.name === name);
  if (member === undefined) return ["error", "no_such_node"];
  const { role } = member;
  return operator.operate(from, { op, node: name, role }, [member], () => {
    if (request[0] === "drain") return drainOnly(operator, member, request[2]);
    if (request[0] === "undrain") return undrain(operator, member);
    return restart(operator, member, request[2], request[3]);
  });
}
