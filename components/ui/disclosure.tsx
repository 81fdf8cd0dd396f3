import type { ReactNode } from "react";
import styles from "./disclosure.module.css";

interface DisclosureProps {
  readonly summary: ReactNode;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** Something that may be opened to read more. The browser's own, so it works without scripts and is found by search. */
export function Disclosure({ summary, open, children }: DisclosureProps) {
  return (
    <details className={styles["disclosure"]} open={open}>
      <summary className={styles["summary"]}>
        <svg className={styles["chevron"]} viewBox="0 0 16 16" aria-hidden="true">
          <path d="m6 3.5 4.5 4.5L6 12.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
        {summary}
      </summary>
      <div className={styles["body"]}>{children}</div>
    </details>
  );
}
