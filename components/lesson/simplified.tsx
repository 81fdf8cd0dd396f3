import type { ReactNode } from "react";
import { Disclosure } from "../ui/disclosure.tsx";
import styles from "./simplified.module.css";

/** Where the lesson's world differs from a real cluster, for who wants to know. */
export function Simplified({ children }: { readonly children: ReactNode }) {
  return (
    <Disclosure summary="What is simplified here">
      <div className={styles["text"]}>{children}</div>
    </Disclosure>
  );
}
