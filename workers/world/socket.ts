/**
 * socket: channels to processes that one does not trust enough for a connection between nodes, as
 * customers, partners and the other side of a gateway. What comes is data in a message, to be parsed;
 * there are no links, monitors or names across it. Rules SO1 to SO5; the ends are the kernel's.
 */
import { ErlangError, microseconds, type Pid } from "../kernel/index.ts";
import { checkMs, here } from "../otp/here.ts";

/** One end of a channel. Means nothing but to the functions of `socket`. */
export type Socket = number;

/** Where somebody listens. */
export interface Address {
  readonly node: string;
  readonly port: string;
}

/** What both sides agree on before anything is sent. */
export interface ProtocolOptions {
  /** Name, and version if there are several, of what is spoken. Default "raw". */
  readonly protocol?: string;
}

/** How a channel is opened. */
export interface ConnectOptions extends ProtocolOptions {
  /** Milliseconds to wait for an answer. Default 5,000. */
  readonly timeout?: number;
}

/** What comes into the mailbox of a channel's owner. */
export type SocketMessage =
  | {
      readonly tag: "socket_open";
      readonly socket: Socket;
      readonly node: string;
      readonly protocol: string;
    }
  | { readonly tag: "socket"; readonly socket: Socket; readonly data: unknown }
  | {
      readonly tag: "socket_closed";
      readonly socket: Socket;
      /** "closed" by the other end, or "reset" with the wire or the node. */
      readonly reason: "closed" | "reset";
    };

const CONNECT_MS = 5_000;

/** Channels between processes of nodes that need not be connected: no links, no monitors, no names. `gen_tcp`. */
export const socket = Object.freeze({
  /**
   * Takes a port of this node for the running process: a `socket_open` message comes for each channel
   * that is opened to it. `["error", "eaddrinuse"]` when somebody has the port. `gen_tcp:listen/2`.
   */
  listen(
    port: string,
    { protocol = "raw" }: ProtocolOptions = {},
  ): "ok" | readonly ["error", "eaddrinuse"] {
    const process = here();
    const isTaken = !process.node.sockets.listen(process, text(port, "a port"), protocol);
    return isTaken ? ["error", "eaddrinuse"] : "ok";
  },

  /**
   * Opens a channel, which takes the way there and back. Refusals: `"econnrefused"` when nobody
   * listens, `"eproto"` in another protocol, `"ehostunreach"` when the wire is cut or the node gone,
   * `"etimedout"`. `gen_tcp:connect/4`.
   */
  connect(
    { node: name, port }: Address,
    { protocol = "raw", timeout = CONNECT_MS }: ConnectOptions = {},
  ): Promise<readonly ["ok", Socket] | readonly ["error", string]> {
    const process = here();
    const { node } = process;
    const index = node.scenarioNodes.findIndex((one) => one.name === name);
    const timeoutUs = microseconds(checkMs(timeout, "connect's timeout"));
    const { socket: opening, opened } = node.sockets.open(
      process,
      index,
      text(port, "a port"),
      protocol,
    );
    if (Number.isFinite(timeoutUs))
      node.arm(process, node.now + timeoutUs, () => node.sockets.giveUp(opening));
    return opened as Promise<readonly ["ok", Socket] | readonly ["error", string]>;
  },

  /** Sends data: plain, no functions. In order and not lost while the channel stands. `gen_tcp:send/2`. */
  send(to: Socket, data: unknown): "ok" | readonly ["error", "closed"] {
    const process = here();
    return process.node.sockets.send(process, to, data) ? "ok" : ["error", "closed"];
  },

  /** Closes a channel; the other end gets `socket_closed` after what was sent. `gen_tcp:close/1`. */
  close(end: Socket): "ok" {
    const process = here();
    process.node.sockets.close(process, end);
    return "ok";
  },

  /** Gives a channel to another process of this node. `gen_tcp:controlling_process/2`. */
  give(end: Socket, to: Pid): "ok" | readonly ["error", "badarg"] {
    const process = here();
    return process.node.sockets.give(process, end, to) ? "ok" : ["error", "badarg"];
  },
});

function text(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ErlangError("badarg", `${what} is named by a text, not ${String(value)}`);
}
