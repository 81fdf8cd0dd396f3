/** An `erl` beside us that runs the programs of steady.erl, one at a time, with one scheduler. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

const LOAD =
  '{ok, Module, Code} = compile:file("bench/beam/steady.erl", [binary]), ' +
  'code:load_binary(Module, "steady.erl", Code), ' +
  'io:format("~s ~p~n", [erlang:system_info(otp_release), erlang:system_info(emu_flavor)]), ' +
  "steady:main().";

export class Erlang {
  /** Release and flavour: "25 jit". */
  readonly version: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, version: string) {
    this.#child = child;
    this.#lines = lines;
    this.version = version;
  }

  /** Starts it; undefined when there is no `erl` on the PATH. */
  static async start(): Promise<Erlang | undefined> {
    const child = spawn("erl", ["+S", "1", "-noshell", "-eval", LOAD], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const isMissing = new Promise<boolean>((resolve) => {
      child.once("error", () => resolve(true));
      child.once("spawn", () => resolve(false));
    });
    if (await isMissing) return undefined;
    const reader: Interface = createInterface({ input: child.stdout });
    const lines = reader[Symbol.asyncIterator]();
    return new Erlang(child, lines, await nextLine(lines));
  }

  /** Seconds that a run of `program` took over there. */
  async secondsOf(program: string, eventCount: number): Promise<number> {
    this.#child.stdin?.write(`${program} ${eventCount}\n`);
    return Number(await nextLine(this.#lines)) / 1_000_000;
  }

  stop(): void {
    this.#child.stdin?.end();
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done === true) throw new Error("erl ended before it answered");
  return value;
}
