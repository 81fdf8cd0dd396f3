/** Asking, starting and stopping gen_servers (section 5). */
import { type Script, settled } from "./coroutine.ts";
import { type Arguments, calling, labelled, type Op, type Ops, sorted } from "./op.ts";
import { api, has } from "./product.ts";
import { serverOf } from "./server-tables.ts";
import { decode } from "./terms.ts";

const STARTS: Readonly<Record<string, string>> = {
  start_link: "startLink",
  start: "start",
  start_monitor: "startMonitor",
};

export const SERVER_OPS: Ops = {
  gs_start: { needs: ["startLink", "start", "genServer"], run: start },
  gs_call: calling("call", (step) => [
    step.destination("to"),
    step.term("req"),
    ...(step.has("timeout") ? [{ timeout: step.ms("timeout") }] : []),
  ]),
  gs_cast: calling(
    "cast",
    (step) => [step.destination("to"), step.term("msg")],
    () => "ok",
  ),
  gs_reply: calling(
    "reply",
    (step) => [step.term("from"), step.term("reply")],
    () => "ok",
  ),
  gs_stop: calling("stop", (step) => [
    step.destination("to"),
    ...(step.has("reason") || step.has("timeout") ? [step.term("reason") ?? "normal"] : []),
    ...(step.has("timeout") ? [step.ms("timeout")] : []),
  ]),
  gs_send_request: {
    needs: ["sendRequest"],
    *run(step) {
      const id = yield* settled(api("sendRequest", step.destination("to"), step.term("req")));
      step.variables.set(step.text("as"), id);
      return id;
    },
  },
  gs_receive_response: responding("receiveResponse"),
  gs_wait_response: responding("waitResponse"),
  gs_multi_call: calling(
    "multiCall",
    (step) => [step.term("nodes"), step.term("name"), step.term("req"), step.ms("timeout")],
    (given) => (given as readonly unknown[]).map(sorted),
  ),
  gs_abcast: calling(
    "abcast",
    (step) => [step.term("nodes"), step.term("name"), step.term("msg")],
    () => "abcast",
  ),
  sys_get_state: calling("sys.getState", (step) => [step.destination("to")]),
  sys_replace_state: calling("sys.replaceState", (step) => [
    step.destination("to"),
    () => step.term("value"),
  ]),
  sys_suspend: calling(
    "sys.suspend",
    (step) => [step.destination("to")],
    () => "ok",
  ),
  sys_resume: calling(
    "sys.resume",
    (step) => [step.destination("to")],
    () => "ok",
  ),
};

function* start(step: Arguments): Script<unknown> {
  const server = step.text("server");
  const mode = step.has("mode") ? step.text("mode") : "start_link";
  const path = STARTS[mode] as string;
  if (!has(path)) throw new Error(`the API has no ${path}`);
  const arg = step.has("arg") ? step.term("arg") : "none";
  const options = {
    ...(step.has("name") ? { name: step.destination("name") } : {}),
    ...(step.has("timeout") ? { timeout: step.ms("timeout") } : {}),
  };
  const definition = serverOf(server, step.has("as") ? step.text("as") : server);
  const given = decode(yield* settled(api(path, definition, [arg], options)));
  if (mode === "start_monitor")
    labelled((given as [string, [string, string]])[1]?.[1], step, "mon");
  return given;
}

function responding(path: string): Op {
  return calling(path, (step) => [
    // A request's id is the product's own and is kept as it is.
    step.variables.get(requestVariable(step)),
    ...(step.has("timeout") ? [step.ms("timeout")] : []),
  ]);
}

function requestVariable(step: Arguments): string {
  const request = step.raw("req");
  return typeof request === "string" ? request : (request as { readonly var: string }).var;
}
