/**
 * The process that knows which alarms of its node are on, begun when somebody first asks for it. As
 * sasl's alarm_handler, with the severities of ITU-T X.733 and with subscribers in the place of
 * gen_event's handlers. Rules in SPEC.md, AL.
 *
 * An alarm is a state with an identity: setting it twice is one alarm. Only what changes is written
 * to the trace and told to subscribers. When the process ends its alarms are forgotten: who set them
 * has to set them again.
 */
import { copy, KIND, type Pid, type Process, type Ref } from "../kernel/index.ts";
import { type CallResult, genServer, type NoReplyResult } from "../otp/gen-server.ts";
import { here } from "../otp/here.ts";
import { log } from "../otp/log.ts";
import { demonitor, monitor, monotonic, node, send } from "../otp/processes.ts";
import { definitionBody } from "../otp/start.ts";
import { keyOf } from "../otp/term-key.ts";

/** How bad it is that an alarm is on, as X.733 has it, worst first; `indeterminate` when nobody can say. */
export type Severity = "critical" | "major" | "minor" | "warning" | "indeterminate";

/** An alarm that is on. */
export interface Alarm {
  readonly id: unknown;
  readonly severity: Severity;
  readonly info: unknown;
  /** The node whose alarm it is. */
  readonly node: string;
  /** Milliseconds of that node's virtual time at which it came on. */
  readonly sinceMs: number;
  /** How often this alarm has come on so far, this time included: many times in a short while is flapping. */
  readonly raisedCount: number;
}

/** What comes to subscribers. `changed`: it is still on, with another severity or info. */
export interface AlarmMessage {
  readonly tag: "alarm";
  readonly event: "set" | "changed" | "cleared";
  readonly alarm: Alarm;
}

export type AlarmRequest = readonly ["list"] | readonly ["subscribe" | "unsubscribe", Pid];

export type AlarmCast =
  | readonly ["set", id: unknown, severity: Severity, info: unknown]
  | readonly ["clear", id: unknown];

type Info = { readonly tag: "DOWN"; readonly object: Pid };

/** The name under which every node's alarm handler is registered. */
export const ALARM_HANDLER = "alarm_handler";

/** Alarms that can be on at a node, ids whose count is remembered, and subscribers. */
const ALARMS_MAX = 1000;
const SUBSCRIBERS_MAX = 1000;

interface State {
  /** By `keyOf` of the id. */
  readonly alarms: Map<string, Alarm>;
  readonly raisedCounts: Map<string, number>;
  readonly subscribers: Map<Pid, Ref>;
}

const server = genServer<State, AlarmRequest, AlarmCast, Info>({
  init: () => ["ok", { alarms: new Map(), raisedCounts: new Map(), subscribers: new Map() }],

  handleCall(request, _from, state): CallResult<State> {
    const alarms = [...state.alarms.values()];
    switch (request[0]) {
      case "list":
        return ["reply", alarms, state];
      case "subscribe":
        return ["reply", subscribe(state, request[1]) ? alarms : "too_many_subscribers", state];
      case "unsubscribe":
        unsubscribe(state, request[1]);
        return ["reply", "ok", state];
      default:
        return ["reply", ["error", "bad_request"], state];
    }
  },

  handleCast(message, state): NoReplyResult<State> {
    if (message[0] === "set") set(state, message[1], message[2], message[3]);
    else clear(state, message[1]);
    return ["noreply", state];
  },

  handleInfo(message, state): NoReplyResult<State> {
    if (message?.tag === "DOWN") unsubscribe(state, message.object);
    return ["noreply", state];
  },
});

/** The body of the service's process. */
export function alarmHandlerBody(): unknown {
  return definitionBody(server, [])();
}

function set(state: State, id: unknown, severity: Severity, info: unknown): void {
  const key = keyOf(id);
  const before = state.alarms.get(key);
  if (before?.severity === severity && keyOf(before.info) === keyOf(info)) return;
  if (before !== undefined) {
    const alarm = { ...before, severity, info };
    state.alarms.set(key, alarm);
    tell(state, "changed", alarm);
    return;
  }
  if (state.alarms.size >= ALARMS_MAX) {
    log("error", `${ALARMS_MAX} alarms are on; this one is not kept: ${key}`);
    return;
  }
  const raisedCount = (state.raisedCounts.get(key) ?? 0) + 1;
  if (state.raisedCounts.size >= ALARMS_MAX) state.raisedCounts.clear();
  state.raisedCounts.set(key, raisedCount);
  const alarm = { id, severity, info, node: node(), sinceMs: monotonic(), raisedCount };
  state.alarms.set(key, alarm);
  tell(state, "set", alarm);
}

function clear(state: State, id: unknown): void {
  const key = keyOf(id);
  const alarm = state.alarms.get(key);
  if (alarm === undefined) return;
  state.alarms.delete(key);
  tell(state, "cleared", alarm);
}

function tell(state: State, event: AlarmMessage["event"], alarm: Alarm): void {
  recordAlarm(here(), event, alarm);
  for (const pid of state.subscribers.keys()) {
    send(pid, { tag: "alarm", event, alarm } satisfies AlarmMessage);
  }
}

/** The row of an alarm that came on, changed or went off; whoever looks for alarms in a trace reads these. */
export function recordAlarm(
  process: Process,
  state: AlarmMessage["event"],
  { id, severity, info }: Pick<Alarm, "id" | "severity" | "info">,
): void {
  process.node.record(process, KIND.alarm, { payload: copy({ id, state, severity, info }) });
}

function subscribe(state: State, pid: Pid): boolean {
  if (state.subscribers.has(pid)) return true;
  if (state.subscribers.size >= SUBSCRIBERS_MAX) return false;
  state.subscribers.set(pid, monitor(pid));
  return true;
}

function unsubscribe(state: State, pid: Pid): void {
  const ref = state.subscribers.get(pid);
  if (ref !== undefined) demonitor(ref, { flush: true });
  state.subscribers.delete(pid);
}
