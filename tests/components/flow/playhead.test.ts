import { describe, expect, test } from "vitest";
import { createPlayhead, nextSpeed } from "../../../components/playback/playhead.ts";
import { pressKey } from "../../../components/playback/playhead-keys.ts";
import { durationText, secondsText, speedText } from "../../../components/playback/time-text.ts";
import { createTraceSource } from "../../../components/playback/trace-source.ts";
import { SMALL, shopTrace, TILL_ID } from "./shop-trace.ts";

/** A play-head on a finished small shop, with a clock that the test winds. */
function stand(complete = true) {
  const clock = { ms: 0 };
  const trace = shopTrace(SMALL);
  const source = createTraceSource(trace);
  if (complete) source.finish();
  const delayed: (() => void)[] = [];
  const playhead = createPlayhead({
    source,
    horizonUs: SMALL.horizonUs,
    clock: () => clock.ms,
    later: (run) => delayed.push(run),
  });
  const pass = (ms: number) => {
    clock.ms += ms;
    return playhead.advance();
  };
  return { playhead, source, trace, clock, pass, delayed };
}

const key = (name: string, shiftKey = false) => ({
  key: name,
  shiftKey,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
});

describe("play", () => {
  test("moves by real time × speed, and only while playing", () => {
    const { playhead, pass } = stand();
    pass(50);
    expect(playhead.snapshot().atUs).toBe(0);
    playhead.setSpeed(0.1);
    playhead.play();
    pass(50);
    expect(playhead.snapshot().atUs).toBe(5000);
    playhead.pause();
    pass(50);
    expect(playhead.snapshot().atUs).toBe(5000);
  });

  test("counts no more than a tenth of a second for one frame, as after a hidden tab", () => {
    const { playhead, pass } = stand();
    playhead.play();
    pass(60_000);
    expect(playhead.snapshot().atUs).toBe(100_000);
  });

  test("stops at the horizon and starts over from there", () => {
    const { playhead, pass } = stand();
    playhead.seek(SMALL.horizonUs - 1000);
    playhead.play();
    pass(50);
    expect(playhead.snapshot()).toMatchObject({ atUs: SMALL.horizonUs, playing: false });
    playhead.play();
    expect(playhead.snapshot().atUs).toBe(0);
  });

  test("goes backward to the beginning and stops there", () => {
    const { playhead, pass } = stand();
    playhead.seek(60_000);
    playhead.play(-1);
    pass(40);
    expect(playhead.snapshot()).toMatchObject({ atUs: 20_000, playing: true });
    pass(40);
    expect(playhead.snapshot()).toMatchObject({ atUs: 0, playing: false });
  });

  test("waits where the run has not got to yet, and goes on when rows come", () => {
    const clock = { ms: 0 };
    const whole = shopTrace(SMALL);
    const source = createTraceSource();
    const playhead = createPlayhead({
      source,
      horizonUs: SMALL.horizonUs,
      clock: () => clock.ms,
      later: () => undefined,
    });
    const pass = (ms: number) => {
      clock.ms += ms;
      playhead.advance();
    };
    playhead.play();
    pass(50);
    expect(playhead.snapshot()).toMatchObject({ atUs: 0, playing: true, waiting: true });
    source.append(whole.chunk(0, 1));
    pass(50);
    expect(playhead.snapshot()).toMatchObject({ atUs: 50_000, waiting: false });
    source.reset();
    expect(playhead.snapshot()).toMatchObject({ atUs: 0, recordedUs: 0 });
  });

  test("in step mode jumps four times a second", () => {
    const { playhead, pass } = stand();
    playhead.setStepped(true);
    playhead.play();
    const moves = Array.from({ length: 16 }, () => pass(62.5)).filter(Boolean).length;
    expect(moves).toBe(4);
    expect(playhead.snapshot().atUs).toBe(1_000_000);
  });
});

test("React hears of at most ten changes a second, and of the last one", () => {
  const { playhead, pass, delayed } = stand();
  let heard = 0;
  let frames = 0;
  playhead.subscribe(() => heard++);
  playhead.onFrame(() => frames++);
  playhead.play();
  for (let i = 0; i < 60; i++) pass(16);
  expect(frames).toBeGreaterThan(55);
  expect(heard).toBeLessThanOrEqual(11);
  playhead.pause();
  expect(playhead.told()).toBe(playhead.snapshot());
  playhead.seek(5);
  for (const run of delayed) run();
  expect(playhead.told().atUs).toBe(5);
});

describe("steps", () => {
  test("visit every instant of the trace once, and the same ones on the way back", () => {
    const { playhead, trace } = stand();
    const there: number[] = [];
    for (let i = 0; i < 50; i++) {
      playhead.stepEvent(1);
      there.push(playhead.snapshot().atUs);
    }
    const instants = [
      ...new Set(Array.from({ length: trace.rowCount }, (_, row) => trace.atOf(row))),
    ].filter((at) => at > 0);
    expect(there).toEqual(instants.slice(0, 50));
    const back = there.slice(0, -1).reverse();
    const visited = back.map(() => {
      playhead.stepEvent(-1);
      return playhead.snapshot().atUs;
    });
    expect(visited).toEqual(back);
  });

  test("of a process stop only where it takes part", () => {
    const { playhead, trace } = stand();
    for (let i = 0; i < 20; i++) {
      playhead.stepProcessEvent(TILL_ID, 1);
      const at = playhead.snapshot().atUs;
      const here = Array.from({ length: trace.rowCount }, (_, row) => row).filter(
        (r) => trace.atOf(r) === at,
      );
      expect(here.some((r) => trace.processOf(r) === TILL_ID || trace.peerOf(r) === TILL_ID)).toBe(
        true,
      );
    }
  });
});

describe("keys", () => {
  test("play, pause, step and turn round", () => {
    const { playhead } = stand();
    expect(pressKey(key(" "), playhead, undefined)).toBe(true);
    expect(playhead.snapshot().playing).toBe(true);
    pressKey(key("l"), playhead, undefined);
    expect(playhead.snapshot().speed).toBe(2);
    pressKey(key("k"), playhead, undefined);
    expect(playhead.snapshot().playing).toBe(false);
    pressKey(key("ArrowRight"), playhead, undefined);
    expect(playhead.snapshot().atUs).toBeGreaterThan(0);
    pressKey(key("j"), playhead, undefined);
    expect(playhead.snapshot().direction).toBe(-1);
    expect(pressKey(key("x"), playhead, undefined)).toBe(false);
    expect(pressKey({ ...key(" "), ctrlKey: true }, playhead, undefined)).toBe(false);
  });
});

test("times and speeds in words", () => {
  expect(secondsText(32_415_900)).toBe("32.415 s");
  expect(durationText(350)).toBe("350 µs");
  expect(durationText(10_000)).toBe("10 ms");
  expect(durationText(5_000_000)).toBe("5 s");
  expect(speedText(1 / 50)).toBe("1/50×");
  expect(nextSpeed(1, 1)).toBe(2);
  expect(nextSpeed(100, 1)).toBe(100);
  expect(nextSpeed(1 / 1000, -1)).toBe(1 / 1000);
});
