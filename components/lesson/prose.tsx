import type { ReactNode } from "react";
import styles from "./prose.module.css";

/** The text of a lesson: sets its type and spaces, whatever stands within. */
export function Prose({ children }: { readonly children: ReactNode }) {
  return <div className={styles["prose"]}>{children}</div>;
}
