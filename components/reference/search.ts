/** Finding something in the reference by a few letters: of its name, of the BEAM's, of its text. */

/** What can be found: an export, or one function of an exported object. */
export interface Findable {
  readonly name: string;
  readonly module: string;
  readonly href: string;
  readonly theme: string;
  /** Its counterparts on the BEAM. */
  readonly beam: readonly string[];
  readonly what: string;
  /** The rest of its text. */
  readonly more: string;
  /** A function of an object: found, but not listed before somebody searches. */
  readonly isPart: boolean;
}

/** What was typed, ready to be compared. */
const plain = (text: string) => text.toLowerCase().replace(/[\s_-]+/g, "");

/**
 * What fits a query, the best first: names that begin with it, then names that have it, then names
 * of the BEAM, then texts that have all its words. Everything but parts for an empty query.
 */
export function find(all: readonly Findable[], query: string): readonly Findable[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return all.filter(({ isPart }) => !isPart);
  return all
    .map((one, index) => ({ one, index, rank: rankOf(one, plain(query), words) }))
    .filter(({ rank }) => rank < NOT_FOUND)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ one }) => one);
}

const NOT_FOUND = 99;

function rankOf(one: Findable, query: string, words: readonly string[]): number {
  const name = plain(one.name);
  const own = name.slice(name.lastIndexOf(".") + 1);
  const beam = one.beam.map(plain);
  const part = one.isPart ? 1 : 0;
  if (name === query) return 0;
  if (own === query) return 1 + part;
  if (name.startsWith(query) || own.startsWith(query)) return 3 + part;
  if (name.includes(query)) return 5 + part;
  if (beam.some((each) => each.startsWith(query) || each.includes(`:${query}`))) return 7 + part;
  if (beam.some((each) => each.includes(query))) return 9 + part;
  const text = `${one.name} ${one.beam.join(" ")} ${one.what} ${one.more}`.toLowerCase();
  return words.every((word) => text.includes(word)) ? 11 + part : NOT_FOUND;
}
