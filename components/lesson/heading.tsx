import { isValidElement, type ReactNode } from "react";

interface HeadingProps {
  readonly level: 2 | 3;
  readonly children?: ReactNode;
}

/** A heading of the text, with an id from its words, so that it can be linked to. */
export function Heading({ level, children }: HeadingProps) {
  const Tag = `h${level}` as const;
  return <Tag id={slugOf(textOf(children))}>{children}</Tag>;
}

/** "Dead or slow?" → "dead-or-slow". */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join("");
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : "";
}
