"use client";

import { Play, Square } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { Button } from "../ui/button.tsx";
import { Meter } from "../ui/meter.tsx";
import styles from "./overview.module.css";
import { allText, shortText } from "./run-words.ts";
import { shareMade } from "./runs.ts";
import { runs, useRun } from "./runs-here.ts";

/** What the list of all results needs of one. */
export interface ListedResult {
  readonly id: string;
  readonly title: string;
  readonly trialCount: number;
}

/** All results in a list, how far each is, and a run of all of them. */
export function Overview({ results }: { readonly results: readonly ListedResult[] }) {
  // Whoever leaves the page is not made to pay for it any longer.
  useEffect(() => () => runs.cancelAll(), []);
  return (
    <nav className={styles["overview"]} aria-label="Results">
      <RunAll results={results} />
      <ol className={styles["list"]}>
        {results.map((result) => (
          <Entry key={result.id} {...result} />
        ))}
      </ol>
    </nav>
  );
}

function RunAll({ results }: { readonly results: readonly ListedResult[] }) {
  const ids = results.map(({ id }) => id);
  const read = () => runs.all() !== undefined;
  const isUnderWay = useSyncExternalStore(runs.subscribe, read, read);
  const readShare = () => shareMade(results, runs.runOf);
  const share = useSyncExternalStore(runs.subscribe, readShare, readShare);
  const readWords = () => allText(ids.map(runs.runOf), runs.all() !== undefined);
  const words = useSyncExternalStore(runs.subscribe, readWords, readWords);
  return (
    <div className={styles["bar"]}>
      <Button
        variant="primary"
        className={styles["run"] ?? ""}
        icon={isUnderWay ? <Square aria-hidden /> : <Play aria-hidden />}
        onClick={() => (isUnderWay ? runs.cancelAll() : runs.runAll(ids))}
      >
        {isUnderWay ? "Cancel all" : "Run all"}
      </Button>
      <div className={styles["progress"]}>
        <Meter
          className={styles["meter"]}
          label="All results"
          max={1}
          value={share}
          isHidden={!isUnderWay}
        />
        <p role="status" aria-live={isUnderWay ? "off" : "polite"}>
          {words}
        </p>
      </div>
    </div>
  );
}

function Entry({ id, title, trialCount }: ListedResult) {
  const run = useRun(id);
  return (
    <li>
      <a className={styles["entry"]} href={`#${id.toLowerCase()}`}>
        <span className={styles["id"]}>{id}</span>
        <span className={styles["title"]}>{title}</span>
        <span className={styles["state"]} data-kind={run.kind}>
          {shortText(run, trialCount)}
        </span>
      </a>
    </li>
  );
}
