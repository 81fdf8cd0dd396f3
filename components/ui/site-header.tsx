import Link from "next/link";
import type { ReactNode } from "react";
import { Mark } from "./mark.tsx";
import styles from "./site-header.module.css";
import { ThemeToggle } from "./theme-toggle.tsx";

interface SiteHeaderProps {
  /** Where one is, after the mark; narrow screens then drop the name beside it, and the links at the end. */
  readonly place?: ReactNode;
  readonly isSticky?: boolean;
  readonly children?: ReactNode;
}

/** The bar over every page: home, where you are, what the page adds, playground and reference, the theme. */
export function SiteHeader({ place, isSticky = false, children }: SiteHeaderProps) {
  return (
    <header className={styles["header"]} data-sticky={isSticky || undefined}>
      <Link href="/" className={styles["home"]} aria-label="Steady State, the course map">
        <Mark />
        <span className={styles["name"]} data-beside-place={place !== undefined || undefined}>
          Steady State
        </span>
      </Link>
      {place && <div className={styles["place"]}>{place}</div>}
      <div className={styles["end"]}>
        {children}
        <Link
          href="/play"
          className={styles["link"]}
          data-beside-place={place !== undefined || undefined}
        >
          Play
        </Link>
        <Link
          href="/reference"
          className={styles["link"]}
          data-beside-place={place !== undefined || undefined}
        >
          Reference
        </Link>
        <ThemeToggle />
      </div>
    </header>
  );
}
