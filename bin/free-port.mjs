// @ts-check
/** Finds a port that nobody listens on. */
import { createServer } from "node:net";

const TRIES_MAX = 100;

/**
 * The first free port from `first` up; undefined when the next hundred are all taken.
 * @param {number} first
 */
export async function freePort(first) {
  for (let port = first; port < first + TRIES_MAX && port < 65536; port++) {
    if (await isFree(port)) return port;
  }
  return undefined;
}

/**
 * Whether a server could listen on `port`. All addresses and the loopback one are tried, since
 * macOS lets the first succeed beside a server that holds only the second.
 * @param {number} port
 */
export async function isFree(port) {
  return (await canListen(port)) && (await canListen(port, "127.0.0.1"));
}

/**
 * @param {number} port
 * @param {string} [host]
 */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
