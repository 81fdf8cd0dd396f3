/** One node in a worker of its own: does what the coordinator says and reports what came of it. */
import { type Crash, createNode, type Node, Trace } from "../kernel/index.ts";
import { populate } from "../world/index.ts";
import { packRows } from "./merge.ts";
import type { NodeCommand, NodeReport, WatchJob } from "./protocol.ts";
import { createInstance, type ProgramFactory } from "./realm.ts";

export class NodeServer {
  readonly #node: Node;
  readonly #trace = new Trace();
  #crashes: Crash[] = [];

  constructor(job: WatchJob, index: number, program: ProgramFactory) {
    const { scenario, seed, bounds } = job;
    const options = {
      scenario,
      seed,
      bounds,
      populate: () => undefined,
      onCrash: (crash: Crash) => this.#crashes.push(crash),
    };
    this.#node = createNode(options, index, this.#trace);
    this.#node.start();
    populate(this.#node, scenario, seed, createInstance(program));
  }

  /** Carries out a command. The buffer of the report's rows may be transferred. */
  answer(command: NodeCommand): NodeReport {
    for (const { from, outbound } of command.inbound) this.#node.accept(outbound, from);
    if (command.kind === "run") this.#node.run(command.end, command.answerUs);
    else this.#node.loseNode(command.node, command.name, command.at);
    const crashes = this.#crashes;
    this.#crashes = [];
    return {
      nextAt: this.#node.nextAt(),
      outbound: this.#node.takeOutbound(),
      rows: packRows(this.#trace),
      crashes,
    };
  }
}
