/** Where things of the reference live. */
import type { Entry, Reference } from "../../bin/build-reference.mjs";
import type { Links } from "./linked-code.tsx";

/** The page of an entry. */
export function addressOf({ module, slug }: Pick<Entry, "module" | "slug">): string {
  return `/reference/${module}/${slug}`;
}

/** The place of a type among the others of its module. */
function typeAddress(module: string, name: string): string {
  return `/reference/${module}/type-index#${name}`;
}

/**
 * Where the names in code and comments of a module's pages lead to: its entries, their functions
 * as `task.await`, its types; those in `here` to an anchor of the page itself. Names of the module
 * come before the same names of others.
 */
export function linksOf(
  { entries, types }: Reference,
  module: string,
  here: readonly string[] = [],
): Links {
  const links: Record<string, string> = {};
  const isOwn = (one: { readonly module: string }) => one.module === module;
  for (const part of [isOwn, (one: { readonly module: string }) => !isOwn(one)]) {
    for (const type of types.filter(part)) links[type.name] ??= typeAddress(type.module, type.name);
    for (const entry of entries.filter(part)) {
      links[entry.name] ??= addressOf(entry);
      for (const { name } of entry.methods)
        links[`${entry.name}.${name}`] ??= `${addressOf(entry)}#${name}`;
    }
  }
  for (const name of here) links[name] = `#${name}`;
  return links;
}

/** The links without those to a page itself: a page that offers itself leads nowhere. */
export function withoutSelf(links: Links, self: string): Links {
  return Object.fromEntries(Object.entries(links).filter(([, href]) => href !== self));
}

/**
 * The types that a page shows: those its signatures name, and those that these name. What the whole
 * module speaks of, such as a pid, is left to the page of types.
 */
export function typesShown({ types }: Reference, entry: Entry): Reference["types"] {
  const ofModule = types.filter(({ module }) => module === entry.module);
  const known = new Map(ofModule.map((type) => [type.name, type]));
  const near = entry.types.filter((name) => !EVERYWHERE.has(name));
  const behind = near.flatMap((name) => known.get(name)?.uses ?? []);
  const shown = new Set([...near, ...behind.filter((name) => !EVERYWHERE.has(name))]);
  return [...shown].flatMap((name) => known.get(name) ?? []);
}

/** Words of nearly every signature. */
const EVERYWHERE = new Set([
  "Definition",
  "Destination",
  "Eventually",
  "ExitReason",
  "NameOnNode",
  "Pid",
  "Pids",
  "Ref",
  "ServerName",
  "ServerRef",
  "Term",
]);
