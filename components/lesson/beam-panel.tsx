import { Children, isValidElement, type ReactElement, type ReactNode } from "react";
import { type CodeLanguage, languageOf } from "./code-tokens.ts";
import { LanguageTabs } from "./language-tabs.tsx";

type Fence = ReactElement<{
  readonly children: ReactElement<{ readonly className?: string }>;
}>;

/**
 * The same thing in the course's TypeScript, in Erlang and in Elixir: fenced blocks within, one of
 * each language, in any order. Rendered on the server, where a block still shows its language.
 */
export function BeamPanel({ children }: { readonly children: ReactNode }) {
  const panels = new Map<CodeLanguage, ReactNode>();
  for (const child of Children.toArray(children)) {
    if (!isValidElement(child)) continue;
    const language = languageOf((child as Fence).props.children?.props?.className);
    if (language !== undefined) panels.set(language, child);
  }
  return (
    <LanguageTabs
      typescript={panels.get("ts")}
      erlang={panels.get("erlang")}
      elixir={panels.get("elixir")}
    />
  );
}
