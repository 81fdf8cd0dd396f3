import { Children, type ComponentProps, type ReactNode } from "react";

/**
 * Sets a run of text: a number is not parted from its unit at a line's end, and an apostrophe
 * within a word is the typographer's. Code and other elements within are left as they are.
 */
export function setText(children: ReactNode): ReactNode {
  return Children.map(children, (child) =>
    typeof child === "string"
      ? child
          .replace(/(\d) (?=(?:µs|ms|s|min|h|%)(?![\p{Letter}\p{Number}]))/gu, "$1\u00a0")
          .replace(/(?<=\p{Letter})'(?=\p{Letter})/gu, "’")
      : child,
  );
}

export function Paragraph({ children }: ComponentProps<"p">) {
  return <p>{setText(children)}</p>;
}

export function ListItem({ children }: ComponentProps<"li">) {
  return <li>{setText(children)}</li>;
}
