import Link from "next/link";
import { LESSONS } from "../../lessons/catalog.ts";
import type { LessonMeta } from "../../lessons/schema.ts";
import styles from "./lesson-footer.module.css";

/** Where to go from the end of a lesson: the next one, if it is written, and the map. */
export function LessonFooter({ lesson }: { readonly lesson: LessonMeta }) {
  const next = LESSONS.find(({ number }) => number === lesson.number + 1);
  return (
    <nav className={styles["footer"]} aria-label="After this lesson">
      {next && (
        <div>
          <p className={styles["label"]}>{next.status === "written" ? "Next" : "Next, coming"}</p>
          <p className={styles["next"]}>
            {next.status === "written" ? (
              <Link href={`/learn/${next.slug}`}>{next.title}</Link>
            ) : (
              next.title
            )}
          </p>
        </div>
      )}
      <Link href="/#course">Back to the course map</Link>
    </nav>
  );
}
