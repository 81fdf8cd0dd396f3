/**
 * A trace as a log for ShiViz: what each process did, with a vector clock that tells which events
 * could have been known of by then. The first line is the regular expression that parses the log,
 * the second, empty, says that there is one execution in it; ShiViz takes both from a file.
 *
 * A process's clock counts what it has done. What it learns of another comes with the message that
 * it takes and from whoever spawned it; messages that lie in a mailbox have taught nobody anything.
 * Exit signals and DOWNs have no row of their sending, so what they tell stands in no clock.
 * A clock names everyone it has heard of, so the length of lines grows with the crowd: the log is
 * cut at a bound with an event that says so. Rule R10.
 */
import { KIND, serialOf, type Trace } from "../kernel/trace.ts";
import { Cast, doerOf, wordsOf } from "./cast.ts";
import { Numbers } from "./numbers.ts";

/** Parses an event's line; ShiViz knows the names of the groups. A clock is flat, so the first brace ends it. */
export const SHIVIZ_PARSER = String.raw`(?<host>\S+) (?<clock>{[^}]*}) (?<event>.*)`;

/** Characters after which the log is cut; ShiViz shows far less than this with ease. */
const CHARACTERS_MAX = 16_000_000;

/** What is known: by process, how many of its events. */
type Clock = Map<number, number>;

/** The lines of the log. `charactersMax` is its bound. */
export function* exportShiviz(trace: Trace, charactersMax = CHARACTERS_MAX): Generator<string> {
  yield `${SHIVIZ_PARSER}\n\n`;
  const hosts = new Hosts(trace);
  const lastReceipts = receiptsOf(trace);
  const clocks = new Map<number, Clock>();
  /** What a message carries until it is taken, what a spawned process is told. */
  const carried = new Map<number, Clock>();
  let left = charactersMax;
  for (let row = 0; row < trace.rowCount; row++) {
    const doer = doerOf(trace, row);
    // The scenario's and the nodes' own doings are no process's events.
    if (doer === 0 || serialOf(doer) === 0) continue;
    const clock = clocks.get(doer) ?? new Map<number, number>();
    clocks.set(doer, clock);
    const message = trace.messageOf(row);
    const kind = trace.kindOf(row);
    if (kind === KIND.receive) {
      learn(clock, carried.get(message));
      carried.delete(message);
    }
    clock.set(doer, (clock.get(doer) ?? 0) + 1);
    if (kind === KIND.spawn) clocks.set(trace.processOf(row), new Map(clock));
    const isSent = kind === KIND.send || kind === KIND.timerSet;
    if (isSent && lastReceipts.get(message) > row) carried.set(message, new Map(clock));
    const event = hosts.event(doer, clock, wordsOf(trace, row, hosts.cast));
    left -= event.length;
    if (left < 0) {
      const count = `${row} of ${trace.rowCount} rows`;
      yield hosts.event(0, new Map([[0, 1]]), `the log was cut here, after ${count}`);
      return;
    }
    yield event;
  }
}

/** The row in which each message is taken. */
function receiptsOf(trace: Trace): Numbers {
  const rows = new Numbers();
  for (let row = 0; row < trace.rowCount; row++) {
    if (trace.kindOf(row) === KIND.receive) rows.set(trace.messageOf(row), row);
  }
  return rows;
}

function learn(clock: Clock, heard: Clock | undefined): void {
  for (const [process, count] of heard ?? []) {
    if (count > (clock.get(process) ?? 0)) clock.set(process, count);
  }
}

/** Processes under the names that the log gives them. 0 is this export itself. */
class Hosts {
  readonly cast: Cast;
  readonly #names = new Map([[0, "export"]]);

  constructor(trace: Trace) {
    this.cast = new Cast(trace);
  }

  event(doer: number, clock: Clock, words: string): string {
    let counts = "";
    for (const [process, count] of clock) {
      counts += `${counts === "" ? "" : ","}${JSON.stringify(this.#nameOf(process))}:${count}`;
    }
    return `${this.#nameOf(doer)} {${counts}} ${words.replaceAll(/\s+/g, " ")}\n`;
  }

  /** Without white space and braces. */
  #nameOf(process: number): string {
    const known = this.#names.get(process);
    if (known !== undefined) return known;
    const name = this.cast.title(process).replaceAll(/[\s{}]+/g, "_");
    this.#names.set(process, name);
    return name;
  }
}
