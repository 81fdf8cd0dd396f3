import type { Metadata } from "next";
import Link from "next/link";
import { findablesOf } from "../../components/reference/findables.ts";
import { SearchIndex } from "../../components/reference/search-index.tsx";
import { SiteHeader } from "../../components/ui/site-header.tsx";
import { readReference } from "../../server/reference.ts";
import styles from "./reference.module.css";

export const metadata: Metadata = {
  title: "Reference",
  description: "Every function of the learner’s API, with an example that runs.",
};

/** All of the learner's API: by theme, and by a few letters. */
export default function ReferencePage() {
  const reference = readReference();
  return (
    <>
      <SiteHeader />
      <main className={styles["main"]} id="content">
        <h1 className={styles["title"]}>Reference</h1>
        <p className={styles["lead"]}>
          What a program of the course can call: {reference.entries.length} names, each with an
          example that runs and with what it is called on the BEAM. Import them from “otp” and
          “world”; times are milliseconds of virtual time. Types have pages of their own: those of{" "}
          <Link href="/reference/otp/type-index">“otp”</Link> and of{" "}
          <Link href="/reference/world/type-index">“world”</Link>.
        </p>
        <SearchIndex themes={reference.themes} all={findablesOf(reference)} />
      </main>
    </>
  );
}
