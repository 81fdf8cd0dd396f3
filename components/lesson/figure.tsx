import type { ReactNode } from "react";
import styles from "./figure.module.css";

interface FigureProps {
  /** Says what to see in it, not what it is. */
  readonly caption: ReactNode;
  readonly children: ReactNode;
}

/** A drawing or table with its caption. The drawing carries its own text for ears. */
export function Figure({ caption, children }: FigureProps) {
  return (
    <figure className={styles["figure"]}>
      {children}
      <figcaption className={styles["caption"]}>{caption}</figcaption>
    </figure>
  );
}
