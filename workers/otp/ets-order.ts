/**
 * The order of terms, for tables of type orderedSet. Two terms are equal here exactly when `keyOf`
 * gives them one text, so a key is the same key in every type of table.
 *
 *     number < undefined < null < false < true < text < array < object < Map < Set < function
 *
 * Texts stand for atoms and strings and go by their characters' codes; arrays stand for tuples: the
 * shorter first, then part by part; objects stand for maps: those with fewer fields first, then by
 * the fields' names, then by their values. Erlang's order has references and pids between atoms and
 * tuples; here they are texts. Rule ET3.
 */
import { keyOf } from "./term-key.ts";

/** Below 0 when `a` comes first, above when `b` does, 0 when they are equal. */
export function compareTerms(a: unknown, b: unknown): number {
  const rank = rankOf(a);
  const between = rank - rankOf(b);
  if (between !== 0) return between;
  // Equal ranks are equal types.
  if (rank === NUMBER) return compareNumbers(a as number | bigint, b as number | bigint);
  if (rank === TEXT) return compareTexts(a as string, b as string);
  if (rank === ARRAY) return compareArrays(a as readonly unknown[], b as readonly unknown[]);
  if (rank === OBJECT) return compareObjects(a as Fields, b as Fields);
  if (rank === MAP || rank === SET) return compareCollections(a as Collection, b as Collection);
  return compareTexts(keyOf(a), keyOf(b));
}

type Fields = Readonly<Record<string, unknown>>;
type Collection = ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>;

const NUMBER = 0;
const TEXT = 5;
const ARRAY = 6;
const OBJECT = 7;
const MAP = 8;
const SET = 9;
const FUNCTION = 10;

function rankOf(term: unknown): number {
  switch (typeof term) {
    case "number":
    case "bigint":
      return NUMBER;
    case "undefined":
      return 1;
    case "boolean":
      return term ? 4 : 3;
    case "string":
      return TEXT;
    case "object":
      if (term === null) return 2;
      if (Array.isArray(term)) return ARRAY;
      if (term instanceof Map) return MAP;
      return term instanceof Set ? SET : OBJECT;
    default:
      return FUNCTION;
  }
}

/** Not a number comes last; of an integer and a bigint of one value the integer comes first. */
function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  const isNone = (value: number | bigint) => (Number.isNaN(value) ? 1 : 0);
  const isBig = (value: number | bigint) => (typeof value === "bigint" ? 1 : 0);
  return isNone(a) - isNone(b) || isBig(a) - isBig(b);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  let result = a.length - b.length;
  for (let i = 0; result === 0 && i < a.length; i++) result = compareTerms(a[i], b[i]);
  return result;
}

function compareObjects(a: Fields, b: Fields): number {
  const namesOfA = Object.keys(a).sort();
  const namesOfB = Object.keys(b).sort();
  return (
    compareArrays(namesOfA, namesOfB) ||
    compareArrays(
      namesOfA.map((name) => a[name]),
      namesOfB.map((name) => b[name]),
    )
  );
}

function compareCollections(a: Collection, b: Collection): number {
  return a.size - b.size || compareTexts(keyOf(a), keyOf(b));
}
