/** Labels of processes, or of references: the test bed's own names for them (section 2). */
export class Labels {
  readonly #instances = new Map<string, string[]>();
  readonly #names = new Map<string, string>();

  /**
   * Gives `label` to what the product calls `id`: the next instance. Returns false when it has a
   * label already.
   */
  bind(label: string, id: string): boolean {
    if (this.#names.has(id)) return false;
    const instances = this.#instances.get(label) ?? [];
    this.#instances.set(label, instances);
    instances.push(id);
    this.#names.set(id, instances.length === 1 ? label : `${label}#${instances.length}`);
    return true;
  }

  /** What a script means by `c1` (the newest instance) or `c1#2`. Throws for what is not bound yet. */
  find(name: string): string {
    const [label = "", number] = name.split("#");
    const instances = this.#instances.get(label);
    const found = number === undefined ? instances?.at(-1) : instances?.[Number(number) - 1];
    if (found === undefined)
      throw new Error(`the scenario uses the label "${name}" before it is bound`);
    return found;
  }

  /** `c1` or `c1#2`; "?" for what has no label. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? "?";
  }

  /** From 1. */
  instanceOf(id: string): number {
    return Number(this.nameOf(id).split("#")[1] ?? 1);
  }

  /** Everything that has a label, with its name, in the order of binding. */
  entries(): Iterable<readonly [string, string]> {
    return this.#names;
  }
}
