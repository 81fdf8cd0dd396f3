/**
 * What a hover over an imported name adds to TypeScript's own: the way to its page in the reference.
 */
import type * as Monaco from "monaco-editor/editor";
import { type ImportedName, importedNameAt } from "./imported-name.ts";

/** The editor's languages whose files import the learner's modules. */
const LANGUAGES = ["typescript", "javascript"];

/** The learner's modules, as far as their declarations are known. */
const MODULE = /^file:\/\/\/node_modules\/([\w-]+)\/index\.d\.ts$/;

/** Adds the link to hovers, for what `declarations` (by address, as in api.json) have. Once a page. */
export function linkHoversToReference(
  monaco: typeof Monaco,
  declarations: Readonly<Record<string, string>>,
): void {
  const modules = Object.keys(declarations).flatMap((address) => MODULE.exec(address)?.[1] ?? []);
  const textOf = (module: string) =>
    declarations[`file:///node_modules/${module}/index.d.ts`] ?? "";
  monaco.languages.registerHoverProvider(LANGUAGES, {
    provideHover(model, position) {
      const found = importedNameAt(model.getValue(), model.getOffsetAt(position), modules);
      const path = found && pageOf(found, textOf(found.module));
      if (found === undefined || path === undefined) return null;
      const from = model.getPositionAt(found.start);
      const to = model.getPositionAt(found.end);
      return {
        range: new monaco.Range(from.lineNumber, from.column, to.lineNumber, to.column),
        // Monaco opens links with their whole address in another tab.
        contents: [{ value: `[Open in the reference ↗](${window.location.origin}${path})` }],
      };
    },
  });
}

/**
 * The page of an export, and the place on it; undefined for what the module does not export. Classes
 * and types have places of their own: see slugOf in bin/build-reference.mjs.
 */
export function pageOf({ module, name, member }: ImportedName, text: string): string | undefined {
  const declared = new RegExp(
    `^export (?:declare )?(function|const|class|interface|type) ${name.replaceAll("$", "\\$")}\\b`,
    "m",
  ).exec(text)?.[1];
  switch (declared) {
    case undefined:
      return undefined;
    case "interface":
    case "type":
      return `/reference/${module}/type-index#${name}`;
    case "class":
      return `/reference/${module}/${name}-class`;
    default:
      return `/reference/${module}/${name}${member === undefined ? "" : `#${member}`}`;
  }
}
