/**
 * Terms as keys of a Map. Names of `global`, groups of `pg` and keys of a registry may be any
 * term, and two terms are the same key when they are equal, as in an ets table of type set.
 */

/** A text that is the same for equal terms and different for others. The order of an object's fields does not count. */
export function keyOf(term: unknown): string {
  switch (typeof term) {
    case "string":
      return JSON.stringify(term);
    case "object":
      return term === null ? "null" : keyOfObject(term);
    case "bigint":
      return `${term}n`;
    default:
      return String(term);
  }
}

function keyOfObject(term: object): string {
  if (Array.isArray(term)) return `[${term.map(keyOf).join()}]`;
  if (term instanceof Map) return `map(${sorted([...term].map(keyOf))})`;
  if (term instanceof Set) return `set(${sorted([...term].map(keyOf))})`;
  const fields = Object.entries(term);
  return `{${sorted(fields.map(([name, value]) => `${JSON.stringify(name)}:${keyOf(value)}`))}}`;
}

function sorted(texts: readonly string[]): string {
  return [...texts].sort().join();
}
