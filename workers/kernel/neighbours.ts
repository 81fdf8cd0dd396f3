/**
 * Who on this node an address means: a pid, a registered name, a service that begins when it is
 * first asked for, or an alias. Undefined is said of the dead and of whoever lives elsewhere.
 * Looked up for every message, so the common case reads no address. Rules M7 and L5.
 */
import type { Lives } from "./lives.ts";
import { type Destination, isRef, type Pid, type Ref } from "./names.ts";
import type { NodeCore, Resident } from "./node-core.ts";
import type { AliasMode } from "./process.ts";
import type { Signalling } from "./signalling.ts";

export class Neighbours {
  readonly #core: NodeCore;
  readonly #lives: Lives;
  readonly #signalling: Signalling;

  constructor(core: NodeCore, lives: Lives, signalling: Signalling) {
    this.#core = core;
    this.#lives = lives;
    this.#signalling = signalling;
  }

  /** As `at`; whom a process sent to last it will mostly send to again. */
  of(from: Resident, to: Destination): Resident | undefined {
    const last = from.lastNeighbour;
    if (last !== undefined && last.pid === to && last.alive) return last;
    const found = this.at(to);
    if (found !== undefined && found.pid === to) from.lastNeighbour = found;
    return found;
  }

  /** The living process on this node that an address means. What goes to an alias for one message ends it. */
  at(to: Destination): Resident | undefined {
    const { name, names, processes } = this.#core;
    if (typeof to !== "string")
      return to.node === name ? (names.get(to.name) ?? this.#lives.ensure(to.name)) : undefined;
    return (
      processes.get(to as Pid) ??
      names.get(to) ??
      (isRef(to) ? this.#throughAlias(to) : this.#lives.ensure(to))
    );
  }

  /** The process behind an alias; one that is good for one message ends with it. */
  #throughAlias(ref: Ref): Resident | undefined {
    const process = this.#core.aliases.get(ref);
    if (process?.aliases?.get(ref) === "replyDemonitor") this.endAlias(process, ref);
    return process;
  }

  /** Makes `ref` an address of the process. */
  addAlias(process: Resident, ref: Ref, mode: AliasMode): void {
    process.aliases ??= new Map();
    process.aliases.set(ref, mode);
    this.#core.aliases.set(ref, process);
  }

  /** Takes an alias away; a monitor of the same reference stays. */
  removeAlias(process: Resident, ref: Ref): void {
    process.aliases?.delete(ref);
    this.#core.aliases.delete(ref);
  }

  /** Ends an alias; with one that ends with its first message, the monitor goes too. */
  endAlias(process: Resident, ref: Ref): void {
    const mode = process.aliases?.get(ref);
    if (mode === undefined) return;
    this.removeAlias(process, ref);
    const target = process.monitors?.get(ref);
    if (mode !== "replyDemonitor" || target === undefined) return;
    process.monitors?.delete(ref);
    this.#signalling.stopWatching(ref, target);
  }
}
