/** Demand stages: who asks, who emits, and what becomes of a subscription. */
import { describe, expect, it } from "vitest";
import { KIND } from "../../workers/kernel/index.ts";
import { twoNodes } from "../engine/room.ts";
import { playStages, saidBy } from "./stage-room.ts";

describe("demand", () => {
  it("is asked for at once, and anew when no more than minDemand is open. Rules E1 and E3", () => {
    const { said } = playStages(`
      const p = await up(counter({}, 10));
      await join(await up(sink()), p, 4, 2);
    `);
    expect(said.filter((text) => text.startsWith("asked"))).toEqual([
      "asked 4",
      ...Array.from({ length: 5 }, () => "asked 2"),
    ]);
  });

  it("is 1,000 and asked for anew at 500 when nothing else is said. Rule E1", () => {
    const { said } = playStages(`
      const p = await up(source());
      const c = await up(sink());
      await genStage.syncSubscribe(c, { to: p });
      await sleep(1);
      cast(p, ["emit", Array.from({ length: 499 }, () => 0)]);
      await sleep(1);
      say("not yet");
      emit(p, 0);
    `);
    expect(said.filter((text) => !text.startsWith("["))).toEqual([
      "+producer",
      "+consumer",
      "asked 1000",
      "not yet",
      "asked 500",
    ]);
  });

  it("splits what comes into batches of maxDemand - minDemand. Rule E2", () => {
    const { said } = playStages(`
      const p = await up(source());
      await join(await up(sink()), p, 5, 3);
      await sleep(1);
      emit(p, 1, 2, 3, 4, 5);
    `);
    expect(said.slice(2)).toEqual(["asked 5", "[1,2]", "[3,4]", "[5]", "asked 2", "asked 2"]);
  });

  it("never reaches a producer that nobody has asked. Rule E3", () => {
    const { said } = playStages("await up(counter()); await sleep(100);");
    expect(said).toEqual([]);
  });

  it("is of no use before it is asked for, when the consumer asks by hand. Rule E12", () => {
    const { said } = playStages(`
      const p = await up(counter({}, 20), "counter");
      const c = await up(patient);
      await genStage.syncSubscribe(c, { to: "counter" });
      await sleep(10);
      cast(c, ["ask", 3]);
      await sleep(10);
      cast(c, ["ask", 0]);
      cast(c, ["ask", 2]);
      await sleep(10);
      await attempt("less than nothing", () => genStage.ask([p, "#t"], -1));
    `);
    expect(said).toEqual([
      "+consumer",
      "asked 3",
      "[1,2,3]",
      "asked 2",
      "[4,5]",
      "less than nothing ErlangError function_clause",
    ]);
  });

  it("is kept back with events while it accumulates, and let through in order. Rule E10", () => {
    const { said } = playStages(`
      const p = await up(counter({ demand: "accumulate" }, 6));
      await join(await up(sink()), p, 4, 2);
      emit(p, "first");
      await sleep(100);
      say(await genStage.demandMode(p));
      say(genStage.demand(p, "forward"));
      say(await genStage.demandMode(p));
      await sleep(1);
      genStage.demand(p, "accumulate");
      emit(p, "last");
      await sleep(1);
      say(await genStage.demandMode(p));
    `);
    expect(said).toEqual([
      "+producer",
      "+consumer",
      "accumulate",
      "ok",
      "asked 4",
      "[1,2]",
      "[3,4]",
      "forward",
      "asked 1",
      '["first"]',
      "asked 2",
      "[5]",
      "asked 2",
      "[6]",
      "accumulate",
    ]);
  });

  it("stays out of what is no producer. Rule E10", () => {
    const { said } = playStages(`
      genStage.demand(await up(sink()), "forward");
      genStage.demand(await up(between((e) => [e])), "forward");
      genStage.demand(await up(between((e) => [e])), "accumulate");
      await sleep(1);
      await attempt("mode", () => genStage.demand(self(), "sometimes"));
    `);
    expect(said).toEqual([
      "only of a producer can demand be kept back",
      "only of a producer can demand be kept back",
      "mode ErlangError function_clause",
    ]);
  });
});

describe("the buffer", () => {
  it("keeps what nobody has asked for, and serves it first. Rule E4", () => {
    const { said } = playStages(`
      const p = await up(counter({}, 7, 5));
      await join(await up(sink()), p, 2, 1);
    `);
    expect(said.slice(2)).toEqual([
      "asked 2",
      "[1]",
      "[2]",
      "[3]",
      "[4]",
      "[5]",
      "asked 1",
      "[6]",
      "[7]",
      "asked 1",
      "asked 1",
    ]);
  });

  it.each([
    ["last", "[3,4,5]"],
    ["first", "[1,2,3]"],
  ])("drops what is too much and keeps the %s. Rule E5", (bufferKeep, kept) => {
    const { said } = playStages(`
      const p = await up(source({ bufferSize: 3, bufferKeep: "${bufferKeep}" }));
      emit(p, 1, 2);
      emit(p, 3, 4, 5);
      say(await genStage.estimateBufferedCount(p));
      await join(await up(sink()), p, 10, 5);
    `);
    expect(said).toEqual([
      "2 events dropped, the buffer is full",
      "3",
      "+producer",
      "+consumer",
      "asked 7",
      kept,
    ]);
  });

  it("tells formatDiscarded how many were dropped, which may keep that out of the log. Rule E5", () => {
    const { said } = playStages(`
      const loud = (prints) => stage({
        kind: "producer", init: () => ["ok", "its state", { bufferSize: 1 }],
        handleCast: (events, state) => ["noreply", events, state],
        formatDiscarded(count, state) { say(count, state); return prints; },
      });
      cast(await up(loud(false)), [1, 2, 3]);
      cast(await up(loud(true)), [1, 2]);
      await sleep(1);
    `);
    expect(said).toEqual(["2 its state", "1 its state", "1 events dropped, the buffer is full"]);
  });

  it("holds 10,000 events of a producer, and any number between. Rule E5", () => {
    const { said } = playStages(`
      const p = await up(source());
      const m = await up(between((e) => [e]));
      const many = Array.from({ length: 10001 }, () => 0);
      cast(p, ["emit", many]);
      cast(m, ["emit", many]);
      say(await genStage.estimateBufferedCount(p), await genStage.estimateBufferedCount(m));
    `);
    expect(said).toEqual(["1 events dropped, the buffer is full", "10000 10001"]);
  });

  it("lets a message to the stage itself wait for the events before it. Rule E18", () => {
    const { said } = playStages(`
      const told = stage({
        kind: "producer", init: () => ["ok", null],
        handleDemand: (demand, state) => ["noreply", [], state],
        handleCast: (events, state) => ["noreply", events, state],
        handleInfo(message, state) { say("told", message); return ["noreply", [], state]; },
      });
      const p = await up(told);
      say(await genStage.syncInfo(p, "none before"));
      cast(p, [1, 2]);
      say(genStage.asyncInfo(p, "after 2"));
      await sleep(1);
      cast(p, [3]);
      const c = await up(patient);
      await genStage.syncSubscribe(c, { to: p });
      cast(c, ["ask", 2]);
      await sleep(1);
      cast(c, ["ask", 1]);
    `);
    expect(said).toEqual(["told none before", "ok", "ok", "[1,2]", "told after 2", "[3]"]);
  });
});

describe("between", () => {
  it("asks above at once, but handles nothing before it is asked below. Rule E11", () => {
    const told = playStages(`
      const p = await up(counter({}, 20), "p");
      const m = await up(between((e) => [2 * e]), "m");
      await join(m, p, 4, 2);
      await sleep(100);
      say("now");
      await join(await up(sink(), "c"), m, 2, 0);
      await sleep(100);
    `);
    expect(saidBy(told).slice(0, 9)).toEqual([
      "m +producer",
      "p +consumer",
      "p asked 4",
      "main now",
      "c +producer",
      "m +consumer",
      "m maps [1,2]",
      "m maps [3,4]",
      "c [2,4]",
    ]);
  });

  it("buffers what it makes beyond the demand, and asks on when it makes less. Rule E11", () => {
    const made = (change: string) =>
      playStages(`
        const m = await up(between(${change}));
        await join(m, await up(counter({}, 4)), 2, 1);
        await join(await up(sink(), "c"), m, 2, 1);
      `)
        .lines.filter((line) => line.includes(" c: ["))
        .map((line) => line.slice(line.indexOf("[")));
    expect(made("(e) => [e, e]")).toEqual(["[1]", "[1]", "[2]", "[2]", "[3]", "[3]", "[4]", "[4]"]);
    expect(made("(e) => e % 2 === 0 ? [e] : []")).toEqual(["[2]", "[4]"]);
  });

  it("handles what waits before it hears that the producer is gone. Rule E13", () => {
    const told = playStages(`
      const p = await up(counter({}, 2), "p");
      const m = await up(between((e) => [e]), "m");
      await join(m, p, 2, 0, { cancel: "transient" });
      await sleep(1);
      cast(p, ["stop", "boom"]);
      genStage.asyncInfo(m, "behind it");
      await sleep(10);
      say("now");
      await join(await up(patient, "c"), m);
      cast("c", ["ask", 2]);
      await sleep(1);
      cast("c", ["ask", 2]);
    `);
    expect(saidBy(told).slice(4)).toEqual([
      "main now",
      "m +consumer",
      "m maps [1,2]",
      "c [1,2]",
      'm - ["down","boom"]',
      "m ends boom",
      'c - ["down","boom"]',
      "c ends boom",
    ]);
  });
});

describe("the end of a subscription", () => {
  const ends = (cancel: string, reason: string) =>
    playStages(`
      const p = await up(source(), "p");
      await join(await up(sink(), "c"), p, 4, 2, { cancel: "${cancel}" });
      await sleep(1);
      cast(p, ["stop", ${reason}]);
      await sleep(1);
      say(whereis("c") === undefined ? "gone" : "there");
    `);

  it.each([
    ["permanent", '"normal"', "gone"],
    ["permanent", '"boom"', "gone"],
    ["transient", '"normal"', "there"],
    ["transient", '"shutdown"', "there"],
    ["transient", '["shutdown", "why"]', "there"],
    ["transient", '"boom"', "gone"],
    ["temporary", '"boom"', "there"],
  ])("%s: when the producer ends with %s the consumer is %s. Rule E13", (cancel, reason, then) => {
    const { said, exits } = ends(cancel, reason);
    expect(said).toContain(`- ["down",${reason.replaceAll(", ", ",")}]`);
    expect(said.at(-1)).toBe(then);
    if (then === "gone") expect(exits.find(([who]) => who === "c")?.[1]).toBe(JSON.parse(reason));
  });

  it("comes back from the producer when the consumer cancels it. Rule E13", () => {
    const told = playStages(`
      const p = await up(source(), "p");
      const c = await up(patient, "c");
      await genStage.syncSubscribe(c, { to: p, cancel: "temporary" });
      await sleep(1);
      cast(c, ["cancel", "enough"]);
      await sleep(1);
      cast(c, ["ask", 1]);
    `);
    expect(saidBy(told)).toEqual([
      "p +consumer",
      'p - ["cancel","enough"]',
      'c - ["cancel","enough"]',
    ]);
  });

  it("is told to the producer when a consumer is down; its demand stays known. Rules E9 and E15", () => {
    const told = playStages(`
      const p = await up(source(), "p");
      await join(await up(sink(), "c1"), p, 4, 2);
      await sleep(1);
      emit(p, "crash", 2, 3);
      await sleep(1);
      await join(await up(sink(), "c2"), p, 4, 2);
      await sleep(1);
      emit(p, 4);
    `);
    expect(saidBy(told)).toEqual([
      "c1 +producer",
      "p +consumer",
      "p asked 4",
      'c1 ["crash",2]',
      'c1 ends ["boom",["stack"]]',
      'p - ["down",["boom",["stack"]]]',
      "c2 +producer",
      "p +consumer",
      "p asked 3",
      "c2 [4]",
    ]);
  });

  it("may take the place of it a new one, at the same producer. Rule E23", () => {
    const told = playStages(`
      const p = await up(source(), "p");
      const c = await up(sink(), "c");
      const [, tag] = await join(c, p, 4, 2, { cancel: "temporary" });
      await sleep(1);
      say((await genStage.syncResubscribe(c, tag, "anew", { to: p, maxDemand: 4 }))[0]);
      await sleep(1);
      emit(p, 1);
    `);
    expect(saidBy(told)).toEqual([
      "c +producer",
      "p +consumer",
      "p asked 4",
      "c +producer",
      'p - ["cancel","anew"]',
      "p +consumer",
      "main ok",
      'c - ["cancel","anew"]',
      "c [1]",
    ]);
  });
});

describe("subscribing", () => {
  it("is told to both sides, with the same tag and the options of the consumer. Rule E14", () => {
    const { said } = playStages(
      `
      const p = await up(told("producer"));
      const c = await up(told("consumer"));
      const [ok, tag] = await genStage.syncSubscribe(c, { to: p, maxDemand: 7, colour: "red" });
      say(ok, tag === seen[0][1] && tag === seen[1][1], seen[0][0] === p, seen[1][0] === c);
      `,
      `
      const seen = [];
      const told = (kind) => stage({
        kind, init: () => ["ok", null],
        handleDemand: (demand, state) => ["noreply", [], state],
        handleSubscribe(kind, options, from, state) { seen.push(from); say(kind, options); return ["automatic", state]; },
      });
      `,
    );
    expect(said).toEqual([
      'producer {"maxDemand":7,"colour":"red"}',
      'consumer {"maxDemand":7,"colour":"red"}',
      "ok true true true",
    ]);
  });

  it("refuses wrong options, and producers as consumers. Rule E14", () => {
    const { said } = playStages(`
      const p = await up(source());
      const c = await up(sink());
      const told = async (given) => { const [word, why] = await genStage.syncSubscribe(c, { to: p, ...given }); log(word + " " + why.join(": ")); };
      await told({ maxDemand: 0 });
      await told({ maxDemand: 2.5 });
      await told({ maxDemand: 4, minDemand: 4 });
      await told({ cancel: "sometimes" });
      say(await genStage.syncSubscribe(p, { to: c }));
      await attempt("nobody", () => genStage.syncSubscribe(c, {}));
    `);
    expect(said.filter((text) => /^error|not_a|^nobody/.test(text))).toEqual([
      "error bad_opts: expected maxDemand to be 1 or more, got: 0",
      "error bad_opts: expected maxDemand to be a whole number, got: 2.5",
      "error bad_opts: expected minDemand to be 3 or less, got: 4",
      "error bad_opts: expected cancel to be one of permanent, transient, temporary, got: sometimes",
      '["error","not_a_consumer"]',
      "nobody ErlangError badarg",
    ]);
  });

  it("to a name that nobody has ends the consumer with noproc, unless it is temporary. Rule E14", () => {
    const { said, exits } = playStages(`
      const c = await up(sink(), "c");
      say((await genStage.syncSubscribe(c, { to: "nobody", cancel: "temporary" }))[0]);
      say((await genStage.syncSubscribe(c, { to: { name: "nobody", node: node() }, cancel: "transient" }))[0]);
    `);
    expect(said.filter((text) => !text.startsWith("cannot subscribe"))).toEqual([
      "ok",
      "ends noproc",
      "ok",
    ]);
    expect(exits.find(([who]) => who === "c")?.[1]).toBe("noproc");
  });

  it("to a process that has ended is cancelled as down. Rule E14", () => {
    const { said } = playStages(`
      const p = await up(source());
      await stop(p);
      await join(await up(sink()), p, 4, 2, { cancel: "temporary" });
    `);
    expect(said).toEqual(["ends normal", "+producer", '- ["down","noproc"]']);
  });

  it("may be asked for in init, and without waiting. Rules E14 and E19", () => {
    const told = playStages(`
      const p = await up(counter({}, 2), "p");
      await up(sink(0, { subscribeTo: [{ to: p, minDemand: 999 }] }), "c1");
      await sleep(1);
      await up(sink(0, { subscribeTo: ["p"] }), "c2");
      await sleep(1);
      say(genStage.asyncSubscribe("c1", { to: "p", cancel: "temporary" }));
    `);
    expect(saidBy(told)).toEqual([
      "c1 +producer",
      "p +consumer",
      "p asked 1000",
      "c1 [1]",
      "c1 [2]",
      "p asked 1",
      "p asked 1",
      "c2 +producer",
      "p +consumer",
      "p asked 1000",
      "main ok",
      "c1 +producer",
      "p +consumer",
      "p asked 1000",
    ]);
  });

  it("works over a wire, and ends with the connection. Rules E13 and E22", () => {
    const told = playStages(
      `
      await sleep(5);
      await join(await up(sink(), "c"), { name: "p", node: "n2" }, 2, 1, { cancel: "temporary" });
      await sleep(95);
      `,
      `
      export async function other() {
        await start(counter({}, 3), [], { name: "p" });
        await sleep(100);
      }
      `,
      twoNodes({ faults: [{ kind: "crash", node: "n2", atUs: 50_000 }] }),
    );
    const said = saidBy(told);
    expect(said.filter((text) => text.startsWith("c "))).toEqual([
      "c +producer",
      "c [1]",
      "c [2]",
      "c [3]",
      'c - ["down","noconnection"]',
    ]);
    expect(said.filter((text) => text.startsWith("p "))).toEqual([
      "p +consumer",
      "p asked 2",
      "p asked 1",
      "p asked 1",
      "p asked 1",
    ]);
    const { trace } = told;
    const sent = Array.from({ length: trace.rowCount }, (_, row) => row)
      .filter((row) => trace.kindOf(row) === KIND.send)
      .map((row) => trace.payloadOf(row))
      .filter(Array.isArray)
      .map(([word, , told]: readonly unknown[]) => [word, told]);
    expect(sent).toContainEqual(["$gen_producer", ["ask", 2]]);
    expect(sent).toContainEqual(["$gen_consumer", [1, 2]]);
  });

  it("is not what brings a lost connection back. Rule E22", () => {
    const { said } = playStages(
      `
      await sleep(5);
      const c = await up(sink(), "c");
      const [, tag] = await join(c, { name: "p", node: "n2" }, 2, 1, { cancel: "temporary" });
      send({ name: "other", node: "n2" }, self());
      const p = await receive();
      await sleep(45);
      say("lost", nodes());
      send(c, ["$gen_consumer", [p, tag], [1]]);
      await sleep(20);
      say("still", nodes());
      genStage.ask([p, tag], 1);
      await sleep(20);
      say("asked for", nodes());
      `,
      `
      import { nodes } from "otp";
      export async function other() {
        register("other");
        const p = await up(source(), "p");
        send(await receive(), p);
        await sleep(100);
      }
      `,
      twoNodes({
        faults: [{ kind: "cut", between: ["n1", "n2"], atUs: 30_000, untilUs: 40_000 }],
      }),
    );
    expect(said.filter((text) => /lost|still|asked for/.test(text))).toEqual([
      "lost []",
      "still []",
      'asked for ["n2"]',
    ]);
  });

  it("is made again by a consumer that a supervisor starts again. Rule E19", () => {
    const told = playStages(
      `
      await up(source(), "p");
      await startLink(family);
      await sleep(1);
      emit("p", 1);
      await sleep(1);
      emit("p", "crash");
      await sleep(1);
      emit("p", 2);
      await sleep(1);
      `,
      `
      import { supervisor } from "otp";
      export const reader = sink(0, { subscribeTo: [{ to: "p", maxDemand: 1, minDemand: 0 }] });
      const family = supervisor({
        strategy: "one_for_one",
        children: [{ id: "c", start: [reader, [], { name: "c" }] }],
      });
      `,
    );
    expect(saidBy(told)).toEqual([
      "c +producer",
      "p +consumer",
      "p asked 1",
      "c [1]",
      "p asked 1",
      'c ["crash"]',
      'c ends ["boom",["stack"]]',
      'p - ["down",["boom",["stack"]]]',
      "c +producer",
      "p +consumer",
      "p asked 1",
      "c [2]",
      "p asked 1",
      // main has ended, and with it the supervisor and its child.
      'p - ["down","shutdown"]',
    ]);
  });
});

describe("strangers", () => {
  it("are answered with a cancel when their subscription is unknown. Rule E16", () => {
    const { said } = playStages(`
      const p = await up(source());
      const c = await up(sink());
      send(p, ["$gen_producer", [self(), "#x"], ["ask", 2]]);
      say((await receive())[2]);
      send(c, ["$gen_consumer", [self(), "#y"], [1, 2]]);
      say((await receive())[2]);
      send(p, ["$gen_producer", [self(), "#z"], ["subscribe", undefined, {}]]);
      send(p, ["$gen_producer", [self(), "#z"], ["subscribe", undefined, {}]]);
      say((await receive())[2]);
      send(p, ["$gen_producer", [self(), "#z"], ["ask", 2]]);
      emit(p, "for", "me", "and others");
      say((await receive())[2]);
      send(p, ["$gen_producer", [self(), "#z"], ["cancel", "bye"]]);
      say((await receive())[2]);
      send(p, ["$gen_consumer", [self(), "#y"], [1, 2]]);
      send(c, ["$gen_producer", [self(), "#y"], ["ask", 2]]);
      send(p, ["$gen_producer", "what?"]);
      await sleep(1);
      say(processInfo(self()).messageQueueLen);
    `);
    expect(said).toEqual([
      '{"cancel":"unknown_subscription"}',
      '["cancel","unknown_subscription"]',
      "+consumer",
      expect.stringMatching(/ has subscribed twice/),
      '{"cancel":"duplicated_subscription"}',
      "asked 2",
      '["for","me"]',
      '- ["cancel","bye"]',
      '{"cancel":"bye"}',
      'a producer cannot take the message "events"',
      'a consumer cannot take the message "ask"',
      expect.stringContaining("no handleInfo"),
      "0",
    ]);
  });
});

describe("callbacks", () => {
  it("may be async; the stage handles nothing else meanwhile. Rule E17", () => {
    const { lines } = playStages(`
      const p = await up(counter({}, 3));
      await join(await up(sink(10), "c"), p, 1, 0);
      await sleep(100);
    `);
    expect(lines.filter((line) => line.includes("c: ["))).toEqual([
      "0 c: [1]",
      "10 c: [2]",
      "20 c: [3]",
    ]);
  });

  it("reply after their events have left. Rule E17", () => {
    const { said } = playStages(`
      const answering = stage({
        kind: "producer", init: () => ["ok", 0],
        handleDemand: (demand, state) => ["noreply", [], state],
        handleCall(request, from, count) {
          if (request === "later") { reply(from, "later"); return ["noreply", ["x"], count]; }
          if (request === "stop") return ["stop", "normal", "bye", count];
          if (request === "end") return ["stop", "boom", count];
          if (request === "idle") return ["reply", count, [], count, "hibernate"];
          return ["reply", count, [request], count + 1];
        },
        terminate(reason, count) { say("ends", reason, count); },
      });
      const p = await up(answering);
      
      send(p, ["$gen_producer", [self(), "#t"], ["subscribe", undefined, {}]]);
      send(p, ["$gen_producer", [self(), "#t"], ["ask", 9]]);
      say(await call(p, "a"), await call(p, "later"), await call(p, "idle"));
      await attempt("stop", () => call(p, "stop"));
      const q = await up(answering);
      await attempt("end", () => call(q, "end"));
      const events = [];
      for (;;) { const message = await receive([when(() => true, (it) => it)], { after: 0 }); if (message === undefined) break; events.push(message[2]); }
      say(events);
    `);
    expect(said).toEqual([
      "0 later 1",
      "ends normal 1",
      "stop bye",
      "ends boom 0",
      expect.stringMatching(/^end Exit \["boom"/),
      '[["a"],["x"]]',
    ]);
  });

  it("leave the state as it was when they fail, and mean nothing without sense. Rule E17", () => {
    const { said } = playStages(`
      const failing = (kind, more) => stage({ kind, init: () => ["ok", "old"], ...more, terminate(reason, state) { say("ends", reason, state); } });
      const told = async (definition, ...events) => {
        const p = await up(source());
        const c = await up(definition);
        await genStage.syncSubscribe(c, { to: p, maxDemand: 2, minDemand: 1 });
        emit(p, ...events);
        await sleep(1);
      };
      await told(failing("consumer", { handleEvents: ([event], from, state) => event === 2 ? raise("late") : ["noreply", [], "new"] }), 1, 2);
      await told(failing("consumer", { handleEvents: ([event], from, state) => event === 2 ? "what?" : ["noreply", [], "new"] }), 1, 2);
      await told(failing("consumer", { handleEvents: () => ["stop", "enough", "new"] }), 1);
      await told(failing("consumer", { handleEvents: () => ["noreply", [], "new", 500] }), 1);
      await told(failing("consumer", {}), 1);
      const p = await up(failing("producer", { handleSubscribe: (kind, options, from, state) => ["manual", "new"] }));
      genStage.asyncSubscribe(await up(sink()), { to: p, cancel: "temporary" });
      await sleep(1);
      cast(await up(failing("producer", {})), "word");
      await sleep(1);
      genStage.asyncSubscribe(await up(failing("consumer", { handleSubscribe: () => ["stop", "no", "new"] })), { to: await up(source()) });
      await sleep(1);
      const quiet = await up(failing("consumer", { handleCast: () => ["noreply", ["an event"], "new"] }));
      cast(quiet, 1);
      say(await sys.getState(quiet));
    `);
    expect(said.filter((text) => /^ends|cannot emit|^new/.test(text))).toEqual([
      'ends ["late",["stack"]] old',
      'ends ["bad_return_value","what?"] new',
      "ends enough new",
      'ends ["bad_return_value",["noreply",[],"new",500]] old',
      'ends ["undef",["stack"]] old',
      'ends ["bad_return_value",["manual","new"]] old',
      'ends ["undef",["stack"]] old',
      "ends no new",
      "a consumer cannot emit events, it must return an empty array of them",
      "new",
    ]);
  });

  it("of init say what kind of start it is. Rule E19", () => {
    const { said } = playStages(`
      const told = async (kind, result) => say(await start(stage({ kind, init: () => result })));
      await told("producer", "ignore");
      await told("producer", ["stop", "tired"]);
      await told("producer", ["error", "why"]);
      await told("consumer", ["ok", 0, { bufferSize: 5 }]);
      await told("producerConsumer", ["ok", 0, { demand: "accumulate" }]);
      await told("producer", ["ok", 0, { dispatcher: "fastest" }]);
      await told("producer", ["ok", 0, { bufferSize: -1 }]);
      await told("producer", ["ok", 0, { bufferKeep: "best" }]);
      await told("producer", ["ok", 0, { bufferSize: 0 }]);
      await told("consumer", ["ok", 0, { subscribeTo: ["nobody"] }]);
      await told("producer", ["ok", 0, { dispatcher: { partition: ["a", "b"] } }]);
      await attempt("kind", () => stage({ kind: "filter", init: () => ["ok", 0] }));
      await attempt("init", () => stage({ kind: "producer" }));
    `);
    expect(said.filter((text) => !text.startsWith("cannot subscribe"))).toEqual([
      "ignore",
      '["error","tired"]',
      '["error",["bad_return_value",["error","why"]]]',
      '["error",["bad_opts","unknown options of a consumer: bufferSize; it has subscribeTo"]]',
      '["error",["bad_opts","unknown options of a producerConsumer: demand; it has dispatcher, bufferSize, bufferKeep, subscribeTo"]]',
      expect.stringMatching(/^\["error",\["bad_opts","expected dispatcher to be/),
      '["error",["bad_opts","expected bufferSize to be 0 or more, got: -1"]]',
      '["error",["bad_opts","expected bufferKeep to be one of first, last, got: best"]]',
      '["error",["function_clause",["stack"]]]',
      '["error","noproc"]',
      expect.stringMatching(/^\["error",\[\{"error":"ArgumentError"/),
      "kind ErlangError badarg",
      "init ErlangError badarg",
    ]);
  });
});

describe("a list as a producer", () => {
  it("hands its items out and ends with the last. Rule E21", () => {
    const told = playStages(`
      const [, p] = await genStage.fromEnumerable(new Set(["a", "b", "c"]), { name: "list", link: false });
      await join(await up(sink(), "c"), p, 2, 1);
    `);
    expect(saidBy(told)).toEqual([
      "c +producer",
      'c ["a"]',
      'c ["b"]',
      'c ["c"]',
      'c - ["down","normal"]',
      "c ends normal",
    ]);
  });

  it("stops with its last consumer when it is told to. Rule E21", () => {
    const { said } = playStages(`
      const [, p] = await genStage.fromEnumerable([1, 2, 3], { name: "list", demand: "accumulate", onCancel: "stop" });
      const c1 = await up(patient);
      const c2 = await up(patient);
      for (const to of [c1, c2]) await join(to, p, 1, 0);
      genStage.demand(p, "forward");
      await stop(c1);
      await sleep(1);
      say(whereis("list") === p);
      await stop(c2);
      await sleep(1);
      say(whereis("list") === undefined);
    `);
    expect(said).toContain("true");
    expect(said.at(-1)).toBe("true");
  });
});
