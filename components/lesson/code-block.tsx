import type { ComponentProps, ReactElement } from "react";
import styles from "./code-block.module.css";
import { languageOf, tokensOf } from "./code-tokens.ts";

type CodeElement = ReactElement<{ readonly className?: string; readonly children?: unknown }>;

/** A fenced block: what MDX gives as `pre` around `code`. Coloured on the server; nothing to load. */
export function CodeBlock({ children }: ComponentProps<"pre">) {
  const { className, children: content } = (children as CodeElement).props;
  const code = String(content ?? "").replace(/\n$/, "");
  const language = languageOf(className);
  return (
    // Code wider than the column scrolls, so the keyboard must be able to reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region.
    <pre className={styles["block"]} tabIndex={0}>
      <code>
        {language === undefined
          ? code
          : tokensOf(code, language).map(({ kind, text }, index) =>
              kind === "plain" ? (
                text
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: a fixed text.
                <span key={index} className={styles[kind]}>
                  {text}
                </span>
              ),
            )}
      </code>
    </pre>
  );
}
