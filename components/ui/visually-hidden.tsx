import type { ReactNode } from "react";
import styles from "./visually-hidden.module.css";

/** For ears only: what the eye takes from position or shape. */
export function VisuallyHidden({ children }: { readonly children: ReactNode }) {
  return <span className={styles["hidden"]}>{children}</span>;
}
