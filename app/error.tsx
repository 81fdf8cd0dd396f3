"use client";

import { useEffect } from "react";
import { Button, ButtonLink } from "../components/ui/button.tsx";
import { SiteHeader } from "../components/ui/site-header.tsx";
import styles from "./message-page.module.css";

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string };
  reset(): void;
}

/** A page that failed. Its fault is ours; what was stored in the browser is untouched. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  useEffect(() => console.error(error), [error]);
  return (
    <>
      <SiteHeader />
      <main className={styles["main"]} id="content">
        <h1 className={styles["title"]}>This page crashed</h1>
        <p className={styles["words"]}>
          The fault is ours, and your progress is untouched. Restart the page; if it crashes again,
          this is what it said:
        </p>
        <p className={styles["said"]}>{error.digest ?? error.message}</p>
        <div className={styles["actions"]}>
          <Button variant="primary" onClick={reset}>
            Restart the page
          </Button>
          <ButtonLink href="/" variant="plain">
            Go to the course map
          </ButtonLink>
        </div>
      </main>
    </>
  );
}
