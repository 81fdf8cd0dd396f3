/**
 * alarm: conditions that begin and end, for those who have to act. Rules in SPEC.md, AL.
 * The table is kept by a process of each node (alarm-handler.ts); here is what one asks of it.
 */
import { copy, ErlangError, type Pid, US_PER_MS } from "../kernel/index.ts";
import { call, cast } from "../otp/call.ts";
import { checkMs, here, steps, wait } from "../otp/here.ts";
import { multiCall } from "../otp/multi-call.ts";
import { nodes } from "../otp/nodes.ts";
import { ALARM_HANDLER, type Alarm, type AlarmCast, type Severity } from "./alarm-handler.ts";

/** Which node's alarms are meant: default the caller's; `"all"`: of it and all it is connected with now. */
export interface AlarmPlace {
  readonly node?: string;
}

/** When a watched figure is an alarm. The gap between the two bounds is what keeps it from flapping. */
export interface WatchOptions {
  readonly severity: Severity;
  /** Looks at the figure. Runs in the watching process; throws: that process ends. */
  readonly look: () => number;
  /** The alarm comes on when the figure is at least that … */
  readonly setAt: number;
  /** … and goes off when it is at most that; default `setAt`. */
  readonly clearAt?: number;
  /** How often it is looked at, ms, from 1 on; default 60,000, as memsup does. */
  readonly everyMs?: number;
  /** For how long, ms, every look must agree before the alarm comes on; default 0, one look. */
  readonly forMs?: number;
}

const SEVERITIES: readonly Severity[] = ["critical", "major", "minor", "warning", "indeterminate"];

/** memsup and disksup look once a minute. */
const WATCH_EVERY_MS = 60_000;

/** Alarms of a node. */
export const alarm = {
  /**
   * Says that a condition holds; the running node's alarm handler is told by a message, and nobody
   * waits. Of an alarm that is on already only a new severity or info counts. At most 1,000 are on
   * at a node; one more is not kept, with a line in the log. `alarm_handler:set_alarm/1`.
   */
  set(id: unknown, severity: Severity | "cleared", info?: unknown): "ok" {
    if (severity === "cleared") return alarm.clear(id);
    checkSeverity(severity);
    return tell(["set", id, severity, info]);
  },

  /** Says that it no longer holds; nothing happens when it was not on. `alarm_handler:clear_alarm/1`. */
  clear(id: unknown): "ok" {
    return tell(["clear", id]);
  },

  /** The alarms that are on, oldest first; of all nodes: node by node. `alarm_handler:get_alarms/0`. */
  list(place: AlarmPlace = {}): Promise<readonly Alarm[]> {
    return ask(place, ["list"]);
  },

  /**
   * From now on a message `{ tag: "alarm", event: "set" | "changed" | "cleared", alarm }` comes for
   * each change; gives the alarms that are on. A second time changes nothing. It ends with the handler
   * or its node: monitor `{ name: "alarm_handler", node }`; nodes that join later have to be asked
   * then. At most 1,000 subscribers. `gen_event:add_handler/3`.
   */
  subscribe(place: AlarmPlace = {}): Promise<readonly Alarm[]> {
    return ask(place, ["subscribe", here().pid]);
  },

  /** No further messages come; those that have come stay in the mailbox. `gen_event:delete_handler/3`. */
  unsubscribe(place: AlarmPlace = {}): Promise<"ok"> {
    const process = here();
    return steps(function* () {
      yield* wait(ask(place, ["unsubscribe", process.pid]));
      return "ok" as const;
    });
  },

  /**
   * Has a figure looked at by a process linked with the caller, whose pid it returns; it sets the
   * alarm `id` and clears it, with the figure as info. A figure that changes does not change the
   * alarm. `memsup`, `disksup`.
   */
  watch(id: unknown, options: WatchOptions): Pid {
    const parent = here();
    const { severity, look, setAt, clearAt = setAt } = options ?? {};
    const everyMs = checkMs(options?.everyMs ?? WATCH_EVERY_MS, "everyMs");
    const forMs = checkMs(options?.forMs ?? 0, "forMs");
    checkSeverity(severity);
    if (typeof look !== "function" || !(clearAt <= setAt) || everyMs < 1) {
      throw new ErlangError(
        "badarg",
        "alarm.watch takes a function look, numbers clearAt ≤ setAt, and everyMs from 1 on",
      );
    }
    const everyUs = Math.round(everyMs * US_PER_MS);
    const body = () =>
      steps(function* () {
        const process = here();
        let isOn = false;
        let overSince: number | undefined;
        for (;;) {
          const figure = look();
          const { now } = process.node;
          if (figure < setAt) overSince = undefined;
          else overSince ??= now;
          if (!isOn && overSince !== undefined && now - overSince >= forMs * US_PER_MS) {
            isOn = true;
            alarm.set(id, severity, figure);
          } else if (isOn && figure <= clearAt && figure < setAt) {
            isOn = false;
            alarm.clear(id);
          }
          yield* wait(process.node.sleep(process, everyUs));
        }
      });
    return parent.node.spawn(body, { parent, link: true, label: "watch" }).process.pid;
  },
} as const;

function tell(message: AlarmCast): "ok" {
  const copied = copy(message).value;
  here().node.ensure(ALARM_HANDLER);
  cast(ALARM_HANDLER, copied);
  return "ok";
}

/** Asks the handlers of the nodes that are meant, and puts their answers together. */
function ask(place: AlarmPlace, request: readonly unknown[]): Promise<readonly Alarm[]> {
  const { node } = here();
  const on = place.node ?? node.name;
  node.ensure(ALARM_HANDLER);
  return steps(function* (): Generator<unknown, readonly Alarm[], unknown> {
    if (on !== "all") {
      return alarmsIn(yield* wait(call({ name: ALARM_HANDLER, node: on }, request)));
    }
    const all = [node.name, ...nodes()];
    const [replies] = yield* wait(multiCall(all, ALARM_HANDLER, request, 5000));
    return replies.flatMap(([, reply]) => alarmsIn(reply));
  });
}

function alarmsIn(reply: unknown): readonly Alarm[] {
  if (reply === "too_many_subscribers") {
    throw new ErlangError("system_limit", "the alarm handler has 1,000 subscribers already");
  }
  return Array.isArray(reply) ? (reply as readonly Alarm[]) : [];
}

function checkSeverity(severity: unknown): void {
  if (SEVERITIES.includes(severity as Severity)) return;
  throw new ErlangError(
    "badarg",
    `${String(severity)} is no severity: ${SEVERITIES.join(", ")}, cleared`,
  );
}
