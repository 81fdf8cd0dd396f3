import type { Metadata } from "next";
import { BeginLink } from "../components/home/begin-link.tsx";
import { LessonSought } from "../components/home/lesson-sought.tsx";
import { ReferenceSought } from "../components/reference/reference-sought.tsx";
import { ButtonLink } from "../components/ui/button.tsx";
import { SiteHeader } from "../components/ui/site-header.tsx";
import styles from "./message-page.module.css";

export const metadata: Metadata = { title: "Not here" };

export default function NotFound() {
  return (
    <>
      <SiteHeader />
      <main className={styles["main"]} id="content">
        <h1 className={styles["title"]}>Not here</h1>
        <p className={styles["words"]}>
          <LessonSought />
        </p>
        <ReferenceSought className={styles["words"] ?? ""} />
        <div className={styles["actions"]}>
          <BeginLink />
          <ButtonLink href="/#course" variant="plain">
            See the course map
          </ButtonLink>
        </div>
      </main>
    </>
  );
}
