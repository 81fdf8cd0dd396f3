/**
 * Async code drawn from a seed: functions, methods and generators that wait, yield, fail, jump and
 * clean up in ways that nobody would write down. Every program ends: loops turn at most twice and
 * a function calls only those after it.
 */
import { RandomStream } from "../../workers/kernel/index.ts";

const FUNCTIONS = 4;
const DEPTH_MAX = 3;

/** Where code stands: what it may call, leave and yield. */
interface Place {
  readonly index: number;
  readonly depth: number;
  readonly isGenerator: boolean;
  readonly labels: readonly string[];
  readonly isInLoop: boolean;
}

/** The text of a program for the prelude of snippets.ts, the same for the same seed. */
export function drawnSnippet(seed: number): string {
  return new Drawing(seed).program();
}

class Drawing {
  readonly #random: RandomStream;
  #count = 0;

  constructor(seed: number) {
    this.#random = new RandomStream(seed, 7);
  }

  program(): string {
    const functions = Array.from({ length: FUNCTIONS }, (_, index) => this.#function(index));
    return `let shared: any = 1;\n${functions.join("\n")}
      export async function main() { ticks("t", 40); for (const v of [1, 2]) { try { log("gave", await f0(v)); } catch (e) { log("threw", e); } } return shared; }`;
  }

  #function(index: number): string {
    const place = { index, depth: 0, isGenerator: false, labels: [], isInLoop: false };
    const body = this.#block(place);
    const plain = this.#pick([
      `async function f${index}(p: any): Promise<any> ${body}`,
      `const f${index} = async (p: any, q: any = ${this.#number()}): Promise<any> => ${body};`,
      `class C${index} { async m(p: any): Promise<any> ${body} } const f${index} = (p: any) => new C${index}().m(p);`,
    ]);
    return `${plain}\nasync function* g${index}(p: any): any ${this.#block({ ...place, isGenerator: true })}`;
  }

  #block(place: Place): string {
    const count = 1 + this.#below(3);
    const inner = { ...place, depth: place.depth + 1 };
    const statements = Array.from({ length: count }, () => this.#statement(inner));
    return `{ ${statements.join(" ")} }`;
  }

  #statement(place: Place): string {
    if (place.depth > DEPTH_MAX || this.#below(3) === 0) return this.#simple(place);
    const label = `l${this.#next()}`;
    const loop = { ...place, isInLoop: true, labels: [...place.labels, label] };
    const e = () => this.#expression(place);
    switch (this.#below(9)) {
      case 0:
        return `if (${e()}) ${this.#block(place)} else ${this.#block(place)}`;
      case 1:
        return `${label}: for (let i = 0; i < 2; i++) ${this.#block(loop)}`;
      case 2:
        return `${label}: for await (const x of ${this.#source(place)}) ${this.#block(loop)}`;
      case 3:
        return `try ${this.#block(place)} catch (e) { log("caught", e); ${this.#simple(place)} } finally ${this.#block(place)}`;
      case 4:
        return `try ${this.#block(place)} catch { ${this.#simple(place)} }`;
      case 5:
        return `try ${this.#block(place)} finally { log(${this.#next()}); ${this.#simple(place)} }`;
      case 6:
        return `switch (${e()}) { case ${e()}: ${this.#simple(place)} case ${this.#number()}: ${this.#simple(place)} break; default: ${this.#simple(place)} }`;
      case 7: {
        const body = this.#block({ ...place, isGenerator: false, labels: [], isInLoop: false });
        return `{ const h = async (p: any) => ${body}; log("h", await h(${e()}).catch((e: any) => "h " + e)); }`;
      }
      default:
        return `${label}: { ${this.#simple({ ...place, labels: [...place.labels, label] })} ${this.#statement({ ...place, depth: place.depth + 1 })} }`;
    }
  }

  #simple(place: Place): string {
    const e = () => this.#expression(place);
    const label = place.labels[this.#below(place.labels.length + 1)];
    switch (this.#below(place.isGenerator ? 13 : 11)) {
      case 0:
        return `shared = (shared + ${e()}) % 97;`;
      case 1:
        return `return ${e()};`;
      case 2:
        return `throw ${e()};`;
      case 3:
        return label === undefined ? `log(${this.#next()});` : `break ${label};`;
      case 4:
        return place.isInLoop ? this.#pick(["break;", "continue;"]) : `log(${this.#next()}, p);`;
      case 5:
        return `{ const { a = ${e()}, b: [c] = [${e()}] } = { a: undefined, b: undefined } as any; log(a, c); }`;
      case 6:
        return `(async () => { log(${this.#next()}, ${e()}); })().then(() => log(${this.#next()}), (e) => log("apart", e));`;
      case 11:
        return `log(${this.#next()}, yield ${e()});`;
      case 12:
        return `log("delegated", yield* ${this.#source(place)});`;
      default:
        return `log(${this.#next()}, ${e()});`;
    }
  }

  /** Something to iterate, at times one that is cut short or thrown into. */
  #source(place: Place): string {
    const next = place.index + 1;
    const e = () => this.#expression(place);
    if (next < FUNCTIONS && this.#below(2) === 0) return `g${next}(${e()})`;
    return this.#pick([`[${e()}, later(${this.#number()})]`, `new Set([${e()}])`, `[]`]);
  }

  #expression(place: Place): string {
    const next = place.index + 1;
    const number = this.#number();
    switch (this.#below(12)) {
      case 0:
        return `await later(${number})`;
      case 1:
        return `(await ${number}) + (await later(p))`;
      case 2:
        return `(shared += await later(${number}))`;
      case 3:
        return next < FUNCTIONS ? `await f${next}(${number})` : "await fails(p)";
      case 4:
        return next < FUNCTIONS
          ? `(await Promise.allSettled([f${next}(${number}), g${next}(p).next()])).map((s: any) => s.status).join()`
          : `await Promise.all([later(${number}), p]).then(String)`;
      case 5:
        return `(await later(p % 2)) ? await later("y") : "n"`;
      case 6:
        return `await { then(ok: any, no: any) { p % 3 ? ok(${number}) : no(${number}); } } as any`;
      case 7:
        return `\`\${p}-\${await ${number}}\``;
      default:
        return this.#pick([number, "p", "shared"]);
    }
  }

  #number(): string {
    return String(this.#below(4));
  }

  #next(): number {
    return this.#count++;
  }

  #below(count: number): number {
    return Math.floor(this.#random.uniform() * count);
  }

  #pick(choices: readonly string[]): string {
    return choices[this.#below(choices.length)] as string;
  }
}
