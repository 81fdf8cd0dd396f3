import type { Metadata } from "next";
import { CONFIDENCES } from "../../components/results/confidence.ts";
import { Overview } from "../../components/results/overview.tsx";
import { ResultSection } from "../../components/results/result-section.tsx";
import { SiteHeader } from "../../components/ui/site-header.tsx";
import { readNotReproduced, readResults } from "../../server/results.ts";
import styles from "./results.module.css";

export const metadata: Metadata = {
  title: "Published results, made again",
  description:
    "What papers and practitioners measured, made again in your browser by the engine that the lessons run on.",
};

/** All published results: what their sources state, and a run of each here and now. */
export default function ResultsPage() {
  const results = readResults();
  return (
    <>
      <SiteHeader />
      <main className={styles["main"]} id="content">
        <h1 className={styles["title"]}>Published results, made again</h1>
        <p className={styles["lead"]}>
          Why believe a simulation? Here are {results.length} results from papers, books and
          documentation. The engine that runs the lessons makes each of them again, on your machine:
          run one, and its numbers come in beside the published ones.
        </p>
        <p className={styles["words"]}>
          Each number has a band that it has to lie in. Nearly all bands were laid before the first
          run; four were laid with it in view: R6’s longest at 12–24 ms, the two times of R8, R22’s
          rare ones and R24’s. Where a source gives no number, the band lies around what is named
          beside it. A trial’s number fixes all that is drawn in it, so every browser gets the same
          numbers.
        </p>
        <h2 className={styles["heading"]} id="letters">
          How sure we are of a source
        </h2>
        <dl className={styles["letters"]}>
          {CONFIDENCES.map(({ letter, word, meaning }) => (
            <div key={letter}>
              <dt>
                {letter}, {word}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <Overview
          results={results.map(({ id, title, trialCount }) => ({ id, title, trialCount }))}
        />
        <div className={styles["results"]}>
          {results.map(({ rows, ...result }) => (
            <ResultSection key={result.id} result={result} rows={rows} />
          ))}
        </div>
        <section className={styles["missing"]} id="not-made" aria-labelledby="not-made-title">
          <h2 className={styles["heading"]} id="not-made-title">
            Not made again, and why
          </h2>
          <p className={styles["words"]}>
            Numbers of the same sources that a simulation cannot give, or should not.
          </p>
          <dl>
            {readNotReproduced().map(({ what, source, why }) => (
              <div key={what} className={styles["one"]}>
                <dt>
                  {what}
                  <span className={styles["source"]}>{source}</span>
                </dt>
                <dd>{why}</dd>
              </div>
            ))}
          </dl>
        </section>
      </main>
    </>
  );
}
