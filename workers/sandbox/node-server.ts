/** One node in a worker of its own: does what the coordinator says and reports what came of it. */
import { type Crash, createNode, type Life, type Node, Trace } from "../kernel/index.ts";
import { populate } from "../world/index.ts";
import type { NodeCommand, NodeReport, WatchJob } from "./protocol.ts";
import { createInstance, type ProgramFactory, SERVICES } from "./realm.ts";

export class NodeServer {
  readonly #job: WatchJob;
  readonly #index: number;
  readonly #program: ProgramFactory;
  readonly #trace = new Trace();
  #node: Node | undefined;
  #crashes: Crash[] = [];

  /** The node itself begins with the first command. */
  constructor(job: WatchJob, index: number, program: ProgramFactory) {
    this.#job = job;
    this.#index = index;
    this.#program = program;
  }

  /** Carries out a command. The buffer of the report's rows may be transferred. */
  answer(command: NodeCommand): NodeReport {
    const node = command.kind === "begin" ? this.#begin(command.life) : this.#node;
    if (node === undefined) throw new Error("a node must begin before it can do anything");
    for (const { from, outbound } of command.inbound) node.accept(outbound, from);
    if (command.kind === "run") node.run(command.end, command.answerUs);
    if (command.kind === "lose") node.loseNode(command.node, command.at);
    if (command.kind === "strike")
      for (const { atUs, order, blow } of command.blows) node.strike(atUs, order, blow);
    if (command.kind === "finish") node.finish(command.at);
    const crashes = this.#crashes;
    this.#crashes = [];
    return {
      nextAt: node.nextAt(),
      outbound: node.takeOutbound(),
      rows: this.#trace.take(),
      crashes,
      nextLife: node.nextLife(0),
      disk: node.disk.takeChanges(),
    };
  }

  #begin(life: Life): Node {
    const { scenario, seed, bounds } = this.#job;
    const options = {
      scenario,
      seed,
      bounds,
      services: SERVICES,
      populate: () => undefined,
      isDiskMirrored: true,
      onCrash: (crash: Crash) => this.#crashes.push(crash),
    };
    this.#node = createNode(options, this.#index, this.#trace, life);
    this.#node.start();
    populate(this.#node, scenario, seed, createInstance(this.#program), life);
    return this.#node;
  }
}
