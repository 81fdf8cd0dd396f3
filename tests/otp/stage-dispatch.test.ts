/** Dispatchers: who gets which events, and how much a producer is asked for. */
import { describe, expect, it } from "vitest";
import { playStages, saidBy } from "./stage-room.ts";

/** A producer `p` with this dispatcher, and consumers that ask for what they are told to. */
function dispatching(dispatcher: string, body: string): readonly string[] {
  const told = playStages(
    `
    const p = await up(source({ dispatcher: ${dispatcher} }), "p");
    const [a, b, c] = [await up(patient, "a"), await up(patient, "b"), await up(patient, "c")];
    const asks = async (consumer, count) => { cast(consumer, ["ask", count]); await sleep(1); };
    const emits = async (...events) => { emit(p, ...events); await sleep(1); };
    ${body}
    `,
  );
  return saidBy(told).filter((text) => !/^p \+consumer/.test(text));
}

describe("demand", () => {
  const three = "for (const to of [a, b, c]) await genStage.syncSubscribe(to, { to: p });";

  it("serves the largest demand first, and takes turns among equals. Rule E6", () => {
    const said = dispatching(
      '"demand"',
      `${three}
      await asks(c, 5); await asks(a, 2); await asks(b, 4);
      await emits(1); await emits(2); await emits(3); await emits(4); await emits(5, 6, 7, 8, 9, 10, 11, 12);
      `,
    );
    expect(said).toEqual([
      "p asked 5",
      "p asked 2",
      "p asked 4",
      "c [1]",
      // b and c have 4 open, and c has come to it last.
      "b [2]",
      "c [3]",
      "b [4]",
      "c [5,6,7]",
      "a [8,9]",
      "b [10,11]",
    ]);
  });

  it("warns of a consumer that asks for more than the others. Rule E6", () => {
    const said = dispatching(
      "{ demand: { maxDemand: 3 } }",
      `${three} await asks(a, 3); await asks(b, 4);`,
    );
    expect(said).toEqual([
      "p asked 3",
      expect.stringMatching(
        /^p the demand dispatcher expects a demand of at most 3, but .* asks for 4/,
      ),
      "p asked 4",
    ]);
  });

  it("may begin with any of them, drawn from the stage's own stream. Rule E6", () => {
    const firsts = Array.from({ length: 12 }, (_, i) => {
      const said = dispatching(
        "{ demand: { shuffleDemandsOnFirstDispatch: true } }",
        `${three} await asks(a, 1); await asks(b, 1); await asks(c, 1); for (let i = 0; i < ${i}; i++) await up(patient);
        await emits(1);`,
      );
      return said.at(-1);
    });
    const again = dispatching(
      "{ demand: { shuffleDemandsOnFirstDispatch: true } }",
      `${three} await asks(a, 1); await asks(b, 1); await asks(c, 1); await emits(1);`,
    );
    expect(again.at(-1)).toBe(firsts[0]);
    expect(["a [1]", "b [1]", "c [1]"]).toContain(firsts[0]);
  });

  it("hands the demand of a consumer that is gone to whoever asks next. Rule E9", () => {
    const said = dispatching(
      '"demand"',
      `${three}
      await asks(a, 5);
      await stop(a);
      await asks(b, 3);
      await asks(c, 4);
      `,
    );
    expect(said).toEqual(["p asked 5", "a ends normal", 'p - ["down","normal"]', "p asked 2"]);
  });
});

describe("broadcast", () => {
  it("gives every event to all, as much as the slowest has asked for. Rule E7", () => {
    const said = dispatching(
      '"broadcast"',
      `
      for (const to of [a, b]) await genStage.syncSubscribe(to, { to: p });
      await asks(a, 5);
      await emits(1, 2, 3);
      await asks(b, 2);
      await asks(b, 1);
      `,
    );
    expect(said.toSorted()).toEqual(["a [1,2]", "a [3]", "b [1,2]", "b [3]"]);
  });

  it("begins for a late consumer with what is emitted then, and waits for its demand. Rule E7", () => {
    const said = dispatching(
      '"broadcast"',
      `
      await genStage.syncSubscribe(a, { to: p });
      await asks(a, 3);
      await emits(1);
      await genStage.syncSubscribe(b, { to: p });
      say("not yet");
      await asks(b, 2);
      await emits(2, 3);
      await stop(b);
      await sleep(1);
      await asks(a, 1);
      `,
    );
    expect(said).toEqual([
      "p asked 3",
      "a [1]",
      "main not yet",
      "b [2,3]",
      "a [2,3]",
      "b ends normal",
      'p - ["down","normal"]',
      "p asked 1",
    ]);
  });

  it("lets a consumer choose, and asks again for what it leaves out. Rule E7", () => {
    const told = playStages(
      `
      const p = await up(source({ dispatcher: "broadcast" }), "p");
      await join(await up(sink(), "odd"), p, 2, 0, { selector: isOdd });
      await join(await up(sink(), "all"), p, 2, 0);
      await sleep(1);
      emit(p, 1, 2, 3, 4, 5);
      `,
      "export function isOdd(event) { return event % 2 === 1; }",
    );
    const got = (name: string) =>
      saidBy(told).flatMap((text) =>
        text.startsWith(`${name} [`) ? (text.match(/\d/g) ?? []) : [],
      );
    expect(got("odd").join("")).toBe("135");
    expect(got("all").join("")).toBe("12345");
  });

  it("takes a process once. Rule E7", () => {
    const told = playStages(`
      const p = await up(source({ dispatcher: "broadcast" }), "p");
      const c = await up(sink(), "c");
      await join(c, p, 2, 0);
      await sleep(1);
      await join(c, p, 2, 0);
      await sleep(1);
      emit(p, 1);
    `);
    expect(saidBy(told)).toEqual([
      "c +producer",
      "p +consumer",
      "p asked 2",
      "c +producer",
      "p +consumer",
      expect.stringContaining("has subscribed to this broadcast already"),
      'p - ["cancel","already_subscribed"]',
      'c - ["cancel","already_subscribed"]',
      "c [1]",
    ]);
  });
});

describe("partition", () => {
  const MOD = "{ partition: 2, hash: (event) => event === 0 ? 'none' : [event, event % 2] }";
  const two = `
    await genStage.syncSubscribe(a, { to: p, partition: 0 });
    await genStage.syncSubscribe(b, { to: p, partition: 1 });`;

  it("gives each event to the consumer of its partition, and queues what that has not asked for. Rule E8", () => {
    const said = dispatching(
      MOD,
      `${two}
      await asks(a, 4);
      await emits(1, 2, 3, 0, 4, 5, 6);
      await asks(b, 1);
      await asks(b, 5);
      `,
    );
    expect(said).toEqual(["p asked 4", "a [2,4]", "b [1]", "p asked 4", "b [3,5]", "a [6]"]);
  });

  it("asks again for what waited in the queue of a consumer that is gone. Rule E9", () => {
    const said = dispatching(
      MOD,
      `${two}
      await asks(a, 4);
      await emits(1, 3, 5, 2);
      await stop(b);
      `,
    );
    expect(said).toEqual([
      "p asked 4",
      "a [2]",
      "b ends normal",
      'p - ["down","normal"]',
      "p asked 3",
    ]);
  });

  it("keeps events for a partition that nobody has taken yet. Rule E8", () => {
    const said = dispatching(
      MOD,
      `
      await genStage.syncSubscribe(a, { to: p, partition: 0 });
      await asks(a, 3);
      await emits(1, 2, 3);
      await genStage.syncSubscribe(b, { to: p, partition: 1 });
      await asks(b, 9);
      `,
    );
    expect(said).toEqual(["p asked 3", "a [2]", "p asked 9", "b [1,3]"]);
  });

  it("divides by the event's content when no hash is given. Rule E8", () => {
    const said = dispatching(
      "{ partition: 2 }",
      `${two}
      await asks(a, 100); await asks(b, 100);
      await emits(...Array.from({ length: 40 }, (_, id) => ({ id })));
      await emits(...Array.from({ length: 40 }, (_, id) => ({ id })));
      `,
    );
    const [first, second, ...again] = said.filter((text) => /^[ab] \[/.test(text));
    expect(again).toEqual([first, second]);
    expect([first, second].every((text) => (text?.split("id").length ?? 0) > 5)).toBe(true);
  });

  it("ends a producer that is asked for a partition which is unknown or taken, or for none. Rule E8", () => {
    const reasons = ["{ partition: 7 }", "{}", "{ partition: 0 }"].map(
      (option) =>
        playStages(`
          const p = await up(source({ dispatcher: ${MOD} }), "p");
          await genStage.syncSubscribe(await up(patient), { to: p, partition: 0, cancel: "temporary" });
          await genStage.syncSubscribe(await up(patient), { to: p, cancel: "temporary", ...${option} });
        `).exits.find(([who]) => who === "p")?.[1],
    );
    const told = (message: unknown) => [{ error: "ArgumentError", message }, ["stack"]];
    expect(reasons).toEqual([
      told("partition must be one of 0, 1, not 7"),
      told("a subscription to a producer with partitions needs the option partition"),
      told(expect.stringContaining("partition 0 is already taken by")),
    ]);
  });

  it("ends a producer whose hash gives nonsense. Rule E8", () => {
    const reasons = ["(event) => event", "(event) => [event, 'x']"].map(
      (hash) =>
        playStages(`
          const p = await up(source({ dispatcher: { partition: ["a", "b"], hash: ${hash} } }), "p");
          const c = await up(patient);
          await genStage.syncSubscribe(c, { to: p, partition: "a", cancel: "temporary" });
          cast(c, ["ask", 2]);
          await sleep(1);
          emit(p, 1);
        `).exits.find(([who]) => who === "p")?.[1],
    );
    expect(reasons).toEqual([
      [
        expect.objectContaining({ message: expect.stringContaining("hash must return") }),
        ["stack"],
      ],
      [
        expect.objectContaining({ message: expect.stringContaining("unknown partition x") }),
        ["stack"],
      ],
    ]);
  });

  it("lets a message to the stage itself wait for the queues of its partitions. Rule E18", () => {
    const told = playStages(`
      const p = await up(stage({
        kind: "producer", init: () => ["ok", null, { dispatcher: ${MOD} }],
        handleDemand: (demand, state) => ["noreply", [], state],
        handleCast: (events, state) => ["noreply", events, state],
        handleInfo(message, state) { say("told", message); return ["noreply", [], state]; },
      }), "p");
      const [a, b] = [await up(patient, "a"), await up(patient, "b")];
      ${two}
      cast(a, ["ask", 4]);
      await sleep(1);
      cast(p, [2, 1, 3]);
      await sleep(1);
      genStage.asyncInfo(p, "behind 3");
      await sleep(1);
      say("waits");
      cast(b, ["ask", 1]);
      await sleep(1);
      cast(b, ["ask", 2]);
    `);
    expect(saidBy(told)).toEqual(["a [2]", "main waits", "b [1]", "b [3]", "p told behind 3"]);
  });
});
