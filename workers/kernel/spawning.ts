/**
 * Beginning processes: here, by a function, and on other nodes, by the name of one that a file
 * exports. A pid on another node is known at once: the serials that one node may use on another
 * are set apart. Rules P1 and B8.
 */
import { answering } from "./answering.ts";
import { type Lives, SPAWNED_FROM_AFAR } from "./lives.ts";
import { makePid, type Pid, type Ref, readPid } from "./names.ts";
import { count, type NodeCore, type Resident } from "./node-core.ts";
import { copyAfresh, copyValue, findExports, measured, nameExports } from "./payload.ts";
import { ErlangError } from "./reason.ts";
import type { Signalling } from "./signalling.ts";
import type { Signal } from "./signals.ts";
import { linksOf, mapOf, type Ties } from "./ties.ts";

/** How a process is begun. */
export interface SpawnOptions {
  readonly label: string;
  readonly name?: string;
  readonly link?: boolean;
  readonly monitor?: boolean;
  /** Who spawns; undefined for the scenario. */
  readonly parent?: Resident;
}

/** How a process is begun on another node. */
export interface AfarOptions {
  readonly name?: string | undefined;
  readonly link?: boolean;
  readonly monitor?: boolean;
  /** Its exit reason tells what the function returned. */
  readonly answers?: boolean;
}

export class Spawning {
  readonly #core: NodeCore;
  readonly #lives: Lives;
  readonly #ties: Ties;
  readonly #signalling: Signalling;
  readonly #spawnedAfar: Map<string, number>;

  constructor(core: NodeCore, lives: Lives, ties: Ties, signalling: Signalling) {
    this.#core = core;
    this.#lives = lives;
    this.#ties = ties;
    this.#signalling = signalling;
    this.#spawnedAfar = new Map(core.options.life.spawnedAfar);
  }

  /** How many processes this node has begun on each other, so that its next life counts on. */
  get spawnedAfar(): ReadonlyMap<string, number> {
    return this.#spawnedAfar;
  }

  /** Begins a process that calls `body`. It takes its first step when the spawner has ended its own. */
  spawn(body: () => unknown, options: SpawnOptions): { process: Resident; ref: Ref | undefined } {
    const { parent } = options;
    const process = this.#lives.createHere(options.label, options.name, parent);
    if (options.link && parent) this.#ties.link(parent, process.pid);
    const ref =
      options.monitor && parent ? this.#ties.monitor(parent, process.pid, undefined) : undefined;
    this.#lives.begin(process, body);
    return { process, ref };
  }

  /** Begins a process on another node, which calls what `run` names there. */
  spawnAfar(
    parent: Resident,
    node: string,
    run: readonly [file: string, name: string],
    args: unknown,
    options: AfarOptions,
  ): { pid: Pid; ref: Ref | undefined } {
    const pid = makePid(node, this.#serialOn(node));
    const ref = options.monitor ? this.#ties.makeRef() : undefined;
    if (ref !== undefined) mapOf(parent, "monitors").set(ref, pid);
    if (options.link) linksOf(parent).add(pid);
    this.#signalling.emit(
      {
        kind: "spawn",
        to: pid,
        from: parent.pid,
        run,
        args: nameExports(copyValue(args)),
        name: options.name,
        isLinked: options.link === true,
        ref,
        answers: options.answers === true,
        cause: parent.handling,
      },
      measured.bytes,
    );
    return { pid, ref };
  }

  /** The next of the serials that this node may use on another. */
  #serialOn(node: string): number {
    const { index, name, options } = this.#core;
    const span = Math.floor(SPAWNED_FROM_AFAR / options.nodes.length);
    const begun = this.#spawnedAfar.get(node) ?? 0;
    this.#spawnedAfar.set(node, begun + 1);
    if (begun >= span)
      this.#core.cut(`node ${name} began more than ${count(span)} processes on ${node}`);
    return SPAWNED_FROM_AFAR + index * span + begun;
  }

  /** Begins what another node has asked for. */
  spawnFor(signal: Extract<Signal, { kind: "spawn" }>): void {
    const { name: nodeName, exports } = this.#core;
    const { to, from, run, name, ref } = signal;
    const [file, exported] = run;
    const body = exports[file]?.[exported];
    const args = copyAfresh(findExports(signal.args, exports)) as readonly unknown[];
    const { serial = 0 } = readPid(to) ?? {};
    const parent = this.#core.idOf(from);
    const process = this.#lives.create(serial, name ?? exported, parent, signal.cause);
    const isTaken = name !== undefined && !this.#lives.register(name, process);
    if (signal.isLinked) linksOf(process).add(from);
    if (ref !== undefined) this.#ties.watch(process, ref, from, to);
    this.#lives.begin(process, () => {
      if (isTaken) throw new ErlangError("badarg", `the name "${name}" is taken on ${nodeName}`);
      if (typeof body !== "function") {
        throw new ErlangError(
          "undef",
          `${file} on node ${nodeName} exports no function ${exported}`,
        );
      }
      return signal.answers ? answering(() => body(...args)) : body(...args);
    });
  }
}
