import Link from "next/link";
import { Fragment } from "react";
import type { Links } from "./linked-code.tsx";

/** A comment's text: what stands between backticks is code, and a link where it is a known name. */
export function DocText({ text, links = {} }: { readonly text: string; readonly links?: Links }) {
  return text.split(/(`[^`]+`)/).map((piece, index) => {
    const isCode = piece.length > 2 && piece.startsWith("`") && piece.endsWith("`");
    const code = piece.slice(1, -1);
    const href = isCode && Object.hasOwn(links, code) ? links[code] : undefined;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a fixed text.
      <Fragment key={index}>
        {!isCode && piece.replace(/\*(\w[^*]*)\*/g, "$1")}
        {isCode && href === undefined && <code>{code}</code>}
        {isCode && href !== undefined && (
          <Link href={href} prefetch={false}>
            <code>{code}</code>
          </Link>
        )}
      </Fragment>
    );
  });
}
