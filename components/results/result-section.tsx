import Link from "next/link";
import { Fragment } from "react";
import { LESSONS, titleParts } from "../../lessons/catalog.ts";
import type { Reproduction } from "../../workers/reproduce/reproduction.ts";
import { wordFor } from "./confidence.ts";
import { ResultRun } from "./result-run.tsx";
import styles from "./result-section.module.css";
import type { PlannedRow } from "./rows.ts";

type Told = Omit<Reproduction, "trial" | "conclude">;

/** One result: where it is from, how it was made here, and its numbers. */
export function ResultSection({ result, rows }: { result: Told; rows: readonly PlannedRow[] }) {
  const { id, title, sources, conditions, assumptions, lessons, trialCount } = result;
  const anchor = id.toLowerCase();
  return (
    <section className={styles["result"]} id={anchor} aria-labelledby={`${anchor}-title`}>
      <h2 className={styles["title"]} id={`${anchor}-title`}>
        <a className={styles["anchor"]} href={`#${anchor}`}>
          {id}
        </a>{" "}
        {title}
      </h2>
      <p className={styles["conditions"]}>{conditions}</p>
      <dl className={styles["facts"]}>
        <dt>{sources.length === 1 ? "Source" : "Sources"}</dt>
        <dd>
          <ul>
            {sources.map((source) => (
              <li key={source.title}>
                {source.title}{" "}
                <a className={styles["letter"]} href="#letters">
                  {source.confidence}, {wordFor(source.confidence)}
                </a>
              </li>
            ))}
          </ul>
        </dd>
        {assumptions.length > 0 && (
          <>
            <dt>Assumed</dt>
            <dd>
              <ul>
                {assumptions.map((assumption) => (
                  <li key={assumption}>{assumption}</li>
                ))}
              </ul>
            </dd>
          </>
        )}
        <dt>{lessons.length === 1 ? "Lesson" : "Lessons"}</dt>
        <dd>
          {lessons.map((lesson, index) => (
            <Fragment key={lesson}>
              {index > 0 && "; "}
              <LessonName id={lesson} />
            </Fragment>
          ))}
        </dd>
      </dl>
      <ResultRun id={id} title={title} trialCount={trialCount} planned={rows} />
    </section>
  );
}

/** A lesson by its name; a link once it is written. */
function LessonName({ id }: { readonly id: string }) {
  const lesson = LESSONS.find((one) => one.id === id);
  if (lesson === undefined) return id;
  const words = `${lesson.number}. ${titleParts(lesson).name}`;
  return lesson.status === "written" ? <Link href={`/learn/${lesson.slug}`}>{words}</Link> : words;
}
