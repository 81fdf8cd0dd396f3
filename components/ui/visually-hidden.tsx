import type { ReactNode } from "react";
import styles from "./visually-hidden.module.css";

interface VisuallyHiddenProps {
  /** A heading, where one is missing for the eye; else a span. */
  readonly as?: "span" | "h1";
  readonly children: ReactNode;
}

/** For ears only: what the eye takes from position or shape. */
export function VisuallyHidden({ as: Element = "span", children }: VisuallyHiddenProps) {
  return <Element className={styles["hidden"]}>{children}</Element>;
}
