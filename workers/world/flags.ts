/**
 * flags: what is switched on, for whom, without a new release. Rules in SPEC.md, FL.
 *
 * Every node has them all and reads them without a message, so a read never waits and never fails; the
 * price is that nodes differ for a while. Refused: one server that is asked each time. With it nobody
 * would be told apart, but a cut would switch everything off.
 */
import { copy, ErlangError } from "../kernel/index.ts";
import { call, cast } from "../otp/call.ts";
import { here, steps, wait } from "../otp/here.ts";
import { FLAGS, type FlagRequest } from "./flags-server.ts";
import { flagsOf, take } from "./flags-table.ts";
import { hash, RANGE_MAX } from "./hash.ts";

/** A flag that is on for a share of all keys, from 0 to 1. */
export interface FlagShare {
  readonly share: number;
}

const NAME_MAX = 200;

/** Flags of the cluster: each node's copy of them. */
export const flags = {
  /**
   * What a flag was last set to, as far as this node has heard; `otherwise` (default undefined) when it has
   * heard of none. Reads without a message. A node that begins knows none until others have told it.
   * `persistent_term:get/2`.
   */
  get<Value = unknown>(name: string, otherwise?: Value): Value {
    const { node } = here();
    checkName(name);
    node.ensure(FLAGS);
    const write = flagsOf(node).get(name);
    return (write === undefined ? otherwise : write.value) as Value;
  },

  /**
   * Sets a flag to any plain data: here at once, on the nodes that this one is connected with when its
   * message comes, on others when they connect. Of two writes that have not heard of each other one wins,
   * the same everywhere. At most 1,000 flags. Each node's change is a row of the trace.
   * `FunWithFlags.enable/2`.
   */
  set(name: string, value: unknown): "ok" {
    const process = here();
    const { node } = process;
    checkName(name);
    if (typeof value === "object" && value !== null && "share" in value) checkShare(value);
    const copied = copy(value).value;
    if (copied === undefined) throw new ErlangError("badarg", "undefined is no value of a flag");
    node.ensure(FLAGS);
    const count = (flagsOf(node).get(name)?.count ?? 0) + 1;
    const write = { name, value: copied, count, node: node.name };
    take(process, write, "set");
    cast(FLAGS, ["spread", write]);
    return "ok";
  },

  /**
   * Whether a flag is on for a key: it is `true`, or `{ share }` and the key is in that share. Which keys
   * are hangs on flag and key alone, everywhere and always; a larger share only adds keys. Anything else,
   * an unknown flag too, is off. Without a key only all or nothing. `FunWithFlags.enabled?/2`.
   */
  isOn(name: string, key?: unknown): boolean {
    const value = flags.get<unknown>(name);
    if (typeof value !== "object" || value === null) return value === true;
    const { share } = value as Partial<FlagShare>;
    if (typeof share !== "number") return false;
    if (key === undefined) return share >= 1;
    return hash([name, key], RANGE_MAX) < share * RANGE_MAX;
  },

  /** All flags that this node has heard of, by name. `persistent_term:get/0`. */
  all(): Readonly<Record<string, unknown>> {
    const { node } = here();
    node.ensure(FLAGS);
    const known = [...flagsOf(node).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return Object.fromEntries(known.map(({ name, value }) => [name, value]));
  },

  /**
   * From now on a message `{ tag: "flag", name, value, node }` comes for each change on this node; gives
   * the flags as they are. It ends with the caller or this node's `flag_server`. At most 1,000 subscribers
   * of a node. `mnesia:subscribe/1`.
   */
  subscribe(): Promise<Readonly<Record<string, unknown>>> {
    const { pid } = here();
    return steps(function* () {
      if ((yield* wait(ask(["subscribe", pid]))) === true) return flags.all();
      throw new ErlangError("system_limit", "this node's flags have 1,000 subscribers already");
    });
  },

  /** No further messages come; those that have come stay in the mailbox. `mnesia:unsubscribe/1`. */
  unsubscribe(): Promise<"ok"> {
    return ask(["unsubscribe", here().pid]) as Promise<"ok">;
  },
} as const;

function ask(request: FlagRequest): Promise<unknown> {
  here().node.ensure(FLAGS);
  return call<unknown>(FLAGS, request);
}

function checkName(name: unknown): void {
  if (typeof name === "string" && name !== "" && name.length <= NAME_MAX) return;
  throw new ErlangError(
    "badarg",
    `a flag's name is a text of 1 to ${NAME_MAX} characters, not ${String(name)}`,
  );
}

function checkShare({ share }: { readonly share?: unknown }): void {
  if (typeof share === "number" && share >= 0 && share <= 1) return;
  throw new ErlangError("badarg", `a flag's share is from 0 to 1, not ${String(share)}`);
}
