import type { Reference } from "../../bin/build-reference.mjs";
import { addressOf } from "./address.ts";
import type { Findable } from "./search.ts";

/** Everything in the reference that has a name, entries in their order, each before its functions. */
export function findablesOf({ entries }: Reference): readonly Findable[] {
  return entries.flatMap((entry) => {
    const { module, name, doc, theme = "", methods } = entry;
    const href = addressOf(entry);
    const whole = { name, module, href, theme, ...doc, isPart: false };
    const parts = methods.map((method) => ({
      name: `${name}.${method.name}`,
      module,
      href: `${href}#${method.name}`,
      theme,
      ...method.doc,
      isPart: true,
    }));
    return [whole, ...parts];
  });
}
