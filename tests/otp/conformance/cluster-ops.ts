/** pg, global, nodes, and what the test bed does to them (section 5). */
import type { Blow } from "../../../workers/kernel/index.ts";
import { bed } from "./bed.ts";
import { type Script, settled } from "./coroutine.ts";
import { type Arguments, calling, labelled, type Op, type Ops, sorted } from "./op.ts";
import { api } from "./product.ts";
import { lookUp, nodeOf } from "./program.ts";

/** A fault takes effect 1 µs after it is asked for; this is time enough for all to notice. */
const FAULT_MS = 2;

export const CLUSTER_OPS: Ops = {
  pg_join: calling("pg.join", memberOf, (given) => given),
  pg_leave: calling("pg.leave", memberOf),
  pg_members: calling("pg.getMembers", groupOf, sorted),
  pg_local_members: calling("pg.getLocalMembers", groupOf, sorted),
  pg_groups: calling("pg.whichGroups", (step) => [step.term("scope")], sorted),
  pg_monitor: calling("pg.monitor", groupOf, (given, step) => {
    const [ref, members] = given as readonly unknown[];
    return [labelled(ref, step), members];
  }),
  pg_monitor_scope: calling(
    "pg.monitorScope",
    (step) => [step.term("scope")],
    (given, step) => {
      const [ref, groups] = given as readonly unknown[];
      return [labelled(ref, step), groups];
    },
  ),
  pg_demonitor: calling("pg.demonitor", (step) => [step.term("scope"), step.term("ref")]),

  global_register: calling("global.register", (step) => [
    step.term("name"),
    step.has("pid") ? step.term("pid") : api("self"),
    ...(step.has("resolve") ? [{ resolve: RESOLVERS[step.text("resolve")] }] : []),
  ]),
  global_unregister: calling(
    "global.unregister",
    (step) => [step.term("name")],
    () => "ok",
  ),
  global_whereis: calling("global.whereis", (step) => [step.term("name")]),
  global_send: calling("global.send", (step) => [step.term("name"), step.term("msg")]),
  global_names: calling("global.registeredNames", () => [], sorted),

  node: calling("node", () => []),
  nodes: calling("nodes", () => [], sorted),
  connect: calling("connect", (step) => [step.term("node")]),
  disconnect: calling("disconnect", (step) => [step.term("node")]),
  ping: calling("ping", (step) => [step.term("node")]),
  monitor_node: calling(
    "monitorNode",
    (step) => [step.term("node"), step.has("flag") ? step.term("flag") : true],
    () => true,
  ),
  monitor_nodes: calling(
    "monitorNodes",
    (step) => [step.term("flag")],
    () => "ok",
  ),
  erpc_node: calling("erpc.call", (step) => [step.term("node"), nodeOf, []]),
  erpc_whereis: calling("erpc.call", (step) => [step.term("node"), lookUp, [step.term("name")]]),
  rpc_node: calling("rpc.call", (step) => [step.term("node"), nodeOf, []]),

  net_cut: fault((step) => ({ kind: "cut", between: [step.node("a"), step.node("b")] })),
  net_heal: fault((step) => ({ kind: "heal", between: [step.node("a"), step.node("b")] })),
  node_kill: fault((step) => ({ kind: "crash", node: step.node("target") })),
  node_start: fault((step) => ({ kind: "restart", node: step.node("target") })),
  node_freeze: fault((step) => ({ kind: "pause", node: step.node("target") })),
  node_thaw: fault((step) => ({ kind: "resume", node: step.node("target") })),
};

const RESOLVERS: Readonly<Record<string, string>> = {
  notify_all_name: "notifyAll",
  random_notify_name: "randomNotify",
  random_exit_name: "randomExit",
};

function memberOf(step: Arguments): readonly unknown[] {
  return [...groupOf(step), step.has("pid") ? step.term("pid") : api("self")];
}

function groupOf(step: Arguments): readonly unknown[] {
  return [step.term("scope"), step.term("group")];
}

/** Something the bed does to the world; the step ends when it is done. */
function fault(blowOf: (step: Arguments) => Blow): Op {
  return {
    needs: [],
    *run(step): Script<void> {
      bed().cluster?.inject(blowOf(step));
      yield* settled(api("sleep", FAULT_MS));
    },
  };
}
