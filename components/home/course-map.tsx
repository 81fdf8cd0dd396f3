import Link from "next/link";
import { CAPSTONE, PARTS, titleParts } from "../../lessons/catalog.ts";
import type { LessonMeta } from "../../lessons/schema.ts";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./course-map.module.css";
import { LessonState } from "./lesson-state.tsx";

/** All lessons in their order. Those without text yet have their place, but no link. */
export function CourseMap() {
  return (
    <section className={styles["map"]} id="course" aria-labelledby="course-title">
      <header className={styles["top"]}>
        <h2 className={styles["title"]} id="course-title">
          The course
        </h2>
        <p className={styles["columns"]} aria-hidden="true">
          <span>in class</span>
          <span>on your own</span>
        </p>
      </header>
      {PARTS.map(({ number, title, about, lessons }) => (
        <section key={number} className={styles["part"]} aria-labelledby={`part-${number}`}>
          <div className={styles["head"]}>
            <p className={styles["number"]}>Part {number}</p>
            <h3 className={styles["name"]} id={`part-${number}`}>
              {title}
            </h3>
            <p className={styles["about"]}>{about}</p>
          </div>
          <ol className={styles["lessons"]}>
            {lessons.map((lesson) => (
              <LessonRow key={lesson.id} lesson={lesson} />
            ))}
          </ol>
        </section>
      ))}
      <section className={styles["part"]} aria-labelledby="capstone">
        <div className={styles["head"]}>
          <p className={styles["number"]}>Capstone</p>
          <h3 className={styles["name"]} id="capstone">
            {CAPSTONE.title}
          </h3>
          <p className={styles["about"]}>
            The whole shop, its busiest day, and every fault of the course at once.
          </p>
        </div>
        <ol className={styles["lessons"]}>
          <LessonRow lesson={CAPSTONE} />
        </ol>
      </section>
      <p className={styles["play"]}>
        Or just <Link href="/play">play</Link>: small systems to run, break and rewrite, without a
        lesson around them.
      </p>
    </section>
  );
}

function LessonRow({ lesson }: { readonly lesson: LessonMeta }) {
  const isWritten = lesson.status === "written";
  const { name, about } = titleParts(lesson);
  const words = (
    <>
      <span className={styles["short"]}>{name}</span>
      {about && (
        <>
          <VisuallyHidden>: </VisuallyHidden>
          <span className={styles["long"]}>{about}</span>
        </>
      )}
    </>
  );
  return (
    <li className={styles["lesson"]} data-status={lesson.status}>
      <span className={styles["id"]}>{lesson.id}</span>
      <span className={styles["words"]}>
        {isWritten ? (
          <Link className={styles["link"]} href={`/learn/${lesson.slug}`}>
            {words}
          </Link>
        ) : (
          words
        )}
      </span>
      <span className={styles["mode"]}>
        <VisuallyHidden>in class: </VisuallyHidden>
        {lesson.mode}
      </span>
      <span className={styles["minutes"]}>
        <VisuallyHidden>on your own: </VisuallyHidden>
        {lesson.minutesSelf} min
      </span>
      <span className={styles["state"]}>
        {isWritten ? <LessonState lesson={lesson} /> : "coming"}
      </span>
    </li>
  );
}
