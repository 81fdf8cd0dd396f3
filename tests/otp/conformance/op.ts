/** What an op of a script is made of: the functions of the API it needs, and what it does. */
import { bed, type Variables } from "./bed.ts";
import { type Script, settled } from "./coroutine.ts";
import { evaluate } from "./expressions.ts";
import { api } from "./product.ts";
import type { Json, Step } from "./recording.ts";
import { decode, encode, encodeDestination, encodeMs, normalise } from "./terms.ts";

/** An op gives its value in the script's form. */
export interface Op {
  /** Functions of the API without which the op is unsupported. */
  readonly needs: readonly string[];
  readonly run: (step: Arguments) => unknown;
}

/** Ops by their names. */
export type Ops = Readonly<Record<string, Op>>;

/** The arguments of a step, evaluated in the running process. */
export class Arguments {
  readonly #step: Step;
  readonly variables: Variables;

  constructor(step: Step, variables: Variables) {
    this.#step = step;
    this.variables = variables;
  }

  has(key: string): boolean {
    return this.#step[key] !== undefined;
  }

  /** As it stands in the scenario. */
  raw(key: string): Json | undefined {
    return this.#step[key];
  }

  /** A label, or another word that is no term. */
  text(key: string): string {
    return this.#step[key] as string;
  }

  /** The value in the script's form. */
  value(key: string): unknown {
    return this.evaluate(this.#step[key] as Json);
  }

  evaluate(expression: Json): unknown {
    return evaluate(expression, this.variables);
  }

  /** The value as the API takes it; undefined when it is not given. */
  term(key: string): unknown {
    return this.has(key) ? encode(this.value(key)) : undefined;
  }

  destination(key: string): unknown {
    return encodeDestination(this.value(key));
  }

  /** A node's name, given as it is or as a term. */
  node(key: string): string {
    return this.value(key) as string;
  }

  /** A time of the API; undefined when it is not given. */
  ms(key: string): unknown {
    return this.has(key) ? encodeMs(this.value(key)) : undefined;
  }

  steps(key: string): readonly Step[] {
    return (this.#step[key] ?? []) as unknown as readonly Step[];
  }
}

/** An op that calls one function of the API; `value` replaces what it gives. */
export function calling(
  path: string,
  argumentsOf: (step: Arguments) => readonly unknown[],
  value: (given: unknown, step: Arguments) => unknown = (given) => given,
): Op {
  return {
    needs: [path],
    *run(step): Script<unknown> {
      return value(decode(yield* settled(api(path, ...argumentsOf(step)))), step);
    },
  };
}

/** Labels a reference when the step says how. */
export function labelled(ref: unknown, step: Arguments, key = "as"): unknown {
  if (step.has(key) && typeof ref === "string") bed().refs.bind(step.text(key), ref);
  return ref;
}

/** A list in the order of its elements' JSON texts, with labels for pids. */
export function sorted(list: unknown): unknown {
  const text = (term: unknown) => JSON.stringify(normalForm(term));
  const texts = (list as readonly unknown[]).map((term) => ({ term, text: text(term) }));
  return texts.sort((a, b) => (a.text < b.text ? -1 : 1)).map(({ term }) => term);
}

/** A term in the normal form, with the labels known by now. */
function normalForm(term: unknown): Json {
  const { pids, refs } = bed();
  return normalise(
    term,
    (pid) => pids.nameOf(pid),
    (ref) => refs.nameOf(ref),
  );
}

/** Erlang rounds nothing; the recordings do, to the nearest 100 ms, x50 up. */
export function rounded(ms: unknown): unknown {
  return typeof ms === "number" ? Math.floor(ms / 100 + 0.5) * 100 : ms;
}
