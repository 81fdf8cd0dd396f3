"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

/** For an address within the reference that has no page: the way to look for its last word. */
export function ReferenceSought({ className }: { readonly className: string }) {
  const [, rest] = /^\/reference\/(.+)$/.exec(usePathname()) ?? [];
  const word = rest === undefined ? undefined : lastWord(rest);
  if (word === undefined) return null;
  return (
    <p className={className}>
      The reference can be searched:{" "}
      <Link href={`/reference?q=${encodeURIComponent(word)}`}>look for “{word}”</Link>.
    </p>
  );
}

function lastWord(path: string): string | undefined {
  try {
    return decodeURIComponent(path).split("/").findLast(Boolean)?.slice(0, 40);
  } catch {
    return undefined;
  }
}
