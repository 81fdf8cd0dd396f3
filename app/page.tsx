import Link from "next/link";
import { BeginLink } from "../components/home/begin-link.tsx";
import { BurstFigure } from "../components/home/burst-figure.tsx";
import { CourseMap } from "../components/home/course-map.tsx";
import { HowItGoes } from "../components/home/how-it-goes.tsx";
import { ButtonLink } from "../components/ui/button.tsx";
import { SiteHeader } from "../components/ui/site-header.tsx";
import { LESSONS } from "../lessons/catalog.ts";
import styles from "./page.module.css";

/** The course: what it is, how to begin, and its map. */
export default function HomePage() {
  const hours = Math.round(LESSONS.reduce((sum, { minutesSelf }) => sum + minutesSelf, 0) / 60);
  const writtenCount = LESSONS.filter(({ status }) => status === "written").length;

  return (
    <>
      <SiteHeader />
      <main className={styles["main"]} id="content">
        <section className={styles["hero"]}>
          <div className={styles["promise"]}>
            <h1 className={styles["title"]}>Architecting Reactive Systems</h1>
            <p className={styles["lead"]}>
              Build a small online shop out of processes that send each other messages. Then cut its
              wires, crash its nodes, and send it more customers than it can serve. Every lesson is
              a system that runs in your browser: say what will happen, run it, follow each message,
              and change the code until the shop keeps its promises.
            </p>
            <div className={styles["actions"]}>
              <BeginLink />
              <ButtonLink href="#course" variant="plain">
                See the course map
              </ButtonLink>
            </div>
            <p className={styles["facts"]}>
              {LESSONS.length} lessons in six parts, about {hours} hours, and a capstone.{" "}
              {writtenCount === 1 ? "One lesson is" : `${writtenCount} lessons are`} ready; the
              others are being written.
            </p>
          </div>
          <BurstFigure />
        </section>
        <HowItGoes />
        <CourseMap />
      </main>
      <footer className={styles["footer"]}>
        <p>
          For developers who have shipped a service and been woken by it. Every idea stands in
          Erlang and Elixir beside the TypeScript.
        </p>
        <p>
          Why believe the engine? <Link href="/results">Published results, made again</Link>
        </p>
        <p>Your progress stays in this browser.</p>
      </footer>
    </>
  );
}
