import { partName, titleParts } from "../../lessons/catalog.ts";
import type { LessonMeta } from "../../lessons/schema.ts";
import styles from "./lesson-head.module.css";

/** A lesson's title, its length, and what one can do after it. */
export function LessonHead({ lesson }: { readonly lesson: LessonMeta }) {
  const { name, about } = titleParts(lesson);
  return (
    <header className={styles["head"]}>
      <p className={styles["place"]}>
        {partName(lesson)} <span aria-hidden="true">·</span> {lesson.id}
      </p>
      <h1 className={styles["title"]}>{name}</h1>
      {about && <p className={styles["subtitle"]}>{capitalised(about)}</p>}
      <h2 className={styles["after"]}>
        After this lesson, in about {lesson.minutesSelf} minutes, you can
      </h2>
      <ul className={styles["objectives"]}>
        {lesson.objectives.map((objective) => (
          <li key={objective}>{objective}</li>
        ))}
      </ul>
    </header>
  );
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
