import Link from "next/link";
import styles from "../lesson/code-block.module.css";
import { tokensOf } from "../lesson/code-tokens.ts";

/** Where the names in a code lead to: an anchor of this page, or another page. */
export type Links = Readonly<Record<string, string>>;

/**
 * TypeScript as text, coloured on the server; types that have an address are links. Other names are
 * not: a field called `start` is not the function.
 */
export function LinkedCode({
  code,
  links = {},
}: {
  readonly code: string;
  readonly links?: Links;
}) {
  return tokensOf(code, "ts").map(({ kind, text }, index) => {
    if (kind !== "plain")
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed text.
        <span key={index} className={styles[kind]}>
          {text}
        </span>
      );
    const href = /^[A-Z]/.test(text) && Object.hasOwn(links, text) ? links[text] : undefined;
    return href === undefined ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a fixed text.
      <Link key={index} href={href} prefetch={false}>
        {text}
      </Link>
    );
  });
}
