/** Stages to try things with: their callbacks say what they see, in few words. */
import type { Scenario } from "../../workers/kernel/index.ts";
import { play, type Told } from "../engine/room.ts";

const STAGES = `
  import { error as raise, genStage, stage, sys } from "otp";
  const say = (...words) => log(words.map((word) => typeof word === "string" ? word : JSON.stringify(word)).join(" "));
  const heard = {
    handleSubscribe(kind, options, from, state) { say("+" + kind); return ["automatic", state]; },
    handleCancel(reason, from, state) { say("-", reason); return ["noreply", [], state]; },
    handleCast(message, state) {
      const [word, value] = message;
      if (word === "emit") return ["noreply", value, state];
      if (word === "stop") return ["stop", value, state];
      if (word === "ask") genStage.ask(state, value);
      if (word === "cancel") genStage.cancelSubscription(state, value);
      return ["noreply", [], state];
    },
    terminate(reason) { say("ends", reason); },
  };
  const emit = (producer, ...events) => cast(producer, ["emit", events]);

  // Emits what it is told to, whatever it is asked for.
  const source = (options = {}) => stage({
    ...heard, kind: "producer", init: () => ["ok", null, options],
    handleDemand(demand, state) { say("asked", demand); return ["noreply", [], state]; },
  });
  // Counts from 1, as far as it is asked, or in batches of its own.
  const counter = (options = {}, limit = Infinity, batch = 0) => stage({
    ...heard, kind: "producer", init: () => ["ok", 1, options],
    handleDemand(demand, next) {
      say("asked", demand);
      const events = [];
      while (events.length < (batch || demand) && next <= limit) events.push(next++);
      return ["noreply", events, next];
    },
  });
  const between = (change, options = {}) => stage({
    ...heard, kind: "producerConsumer", init: () => ["ok", null, options],
    handleEvents(events, from, state) { say("maps", events); return ["noreply", events.flatMap(change), state]; },
  });
  const sink = (ms = 0, options = {}) => stage({
    ...heard, kind: "consumer", init: () => ["ok", null, options],
    async handleEvents(events, from, state) {
      say(events);
      if (ms > 0) await sleep(ms);
      if (events.includes("crash")) raise("boom");
      return ["noreply", [], state];
    },
  });
  // Asks only when it is told to; its state is its subscription.
  const patient = stage({
    ...heard, kind: "consumer", init: () => ["ok", null],
    handleSubscribe: (kind, options, from) => ["manual", from],
    handleEvents(events, from, state) { say(events); return ["noreply", [], state]; },
  });
  async function up(definition, name) {
    const [, pid] = await start(definition, [], name === undefined ? {} : { name });
    return pid;
  }
  const join = (consumer, to, maxDemand, minDemand, more = {}) =>
    genStage.syncSubscribe(consumer, { to, maxDemand, minDemand, ...more });
  async function attempt(name, make) {
    try { say(name, await make()); } catch (thrown) { say(name, thrown.name, thrown.reason); }
  }
`;

/** Runs a file whose `main` is `body`; what stands before it are definitions. */
export function playStages(body: string, before = "", scenario?: Scenario): Told {
  return play(`${STAGES}${before}\nexport async function main() { ${body}\n}`, scenario);
}

/** What was said, with who said it: "sink [1,2]". */
export function saidBy(told: Told): readonly string[] {
  return told.lines.map((line) => line.replace(/^\S+ /, "").replace(": ", " "));
}
