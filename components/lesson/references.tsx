import type { ReactNode } from "react";
import styles from "./references.module.css";

/** The sources of a lesson, as a list within. */
export function References({ children }: { readonly children: ReactNode }) {
  return (
    <section className={styles["references"]} aria-labelledby="references">
      <h2 className={styles["title"]} id="references">
        References
      </h2>
      {children}
    </section>
  );
}
