/**
 * The engine beside the BEAM: the same programs and the same number of messages, in turns, so that
 * both meet the same machine; one thread of ours, one scheduler of theirs (`+S 1`). All sides are
 * warmed by the same runs, which are not counted. "Everything on": guard, copied messages, the full
 * trace, an order of steps drawn from the seed. "Bare": first come, first served, digest alone.
 */
import { channelHopsPerSecond } from "./channel.ts";
import { eventCountOf, programOf, roomOf, run, secondsOf } from "./engine.ts";
import { Erlang } from "./erlang.ts";
import { type Figure, median, round } from "./figure.ts";
import { PROGRAMS, type Program } from "./programs.ts";

const EVENTS = 200_000;
const WARM_UPS = 3;
const REPEATS = 5;
const SHUFFLED = roomOf({ schedule: "shuffled" });

export async function measureBeam(): Promise<Figure[]> {
  const erlang = await Erlang.start();
  if (erlang === undefined) console.log("  No erl on the PATH: the BEAM is not measured.");
  else console.log(`  Beside Erlang/OTP ${erlang.version}, one scheduler.`);
  try {
    const anchor = await channelHopsPerSecond();
    const figures: Figure[] = [
      { name: "anchor: MessageChannel", value: round(anchor / 1000), unit: "k hops/s" },
    ];
    for (const program of PROGRAMS) figures.push(...(await compare(program, erlang, anchor)));
    return figures;
  } finally {
    erlang?.stop();
  }
}

async function compare(
  program: Program,
  erlang: Erlang | undefined,
  anchor: number,
): Promise<Figure[]> {
  const compiled = programOf(program.text(EVENTS));
  const events = eventCountOf(run(compiled, SHUFFLED));
  const speeds = { ours: [] as number[], bare: [] as number[], beam: [] as number[] };
  for (let i = 0; i < WARM_UPS + REPEATS; i++) {
    const seconds = secondsOf(() => run(compiled, SHUFFLED));
    const bareSeconds = secondsOf(() => run(compiled, roomOf(), { keep: "digest" }));
    const beamSeconds = await erlang?.secondsOf(program.erlang, EVENTS);
    if (i < WARM_UPS) continue;
    speeds.ours.push(events / seconds);
    speeds.bare.push(events / bareSeconds);
    if (beamSeconds !== undefined) speeds.beam.push(EVENTS / beamSeconds);
  }
  const { name } = program;
  const [ours, bare] = [median(speeds.ours), median(speeds.bare)];
  const figures = [
    { name, value: round(ours / 1000), unit: "k events/s" },
    { name: `${name} ÷ anchor`, value: round(ours / anchor), unit: "ratio" },
  ];
  if (speeds.beam.length === 0) return figures;
  const beam = median(speeds.beam);
  return [
    ...figures,
    { name: `${name}, BEAM`, value: round(beam / 1000), unit: "k events/s" },
    { name: `${name} ÷ BEAM`, value: round(ours / beam), unit: "ratio" },
    { name: `${name}, bare ÷ BEAM`, value: round(bare / beam), unit: "ratio" },
  ];
}
