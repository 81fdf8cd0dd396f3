import { type ReactNode, useId } from "react";
import styles from "./aside.module.css";

interface AsideProps {
  readonly title?: string;
  readonly children: ReactNode;
}

/** A thought beside the path; the lesson holds without it. */
export function Aside({ title, children }: AsideProps) {
  const id = useId();
  return (
    <aside
      className={styles["aside"]}
      {...(title ? { "aria-labelledby": id } : { "aria-label": "Aside" })}
    >
      {title && (
        <p className={styles["title"]} id={id}>
          {title}
        </p>
      )}
      {children}
    </aside>
  );
}
