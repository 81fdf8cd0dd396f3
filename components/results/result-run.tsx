"use client";

import { Play, RotateCcw, Square } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { Meter } from "../ui/meter.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import { Curves } from "./curves.tsx";
import styles from "./result-run.module.css";
import { mergeRows, type PlannedRow } from "./rows.ts";
import { RowsTable } from "./rows-table.tsx";
import { actionText, runText } from "./run-words.ts";
import { isBusy, type Run, rowsOf } from "./runs.ts";
import { runs, useRun } from "./runs-here.ts";

interface ResultRunProps {
  readonly id: string;
  readonly title: string;
  readonly trialCount: number;
  readonly planned: readonly PlannedRow[];
}

/** More rows than this are folded away under the curves that show them. */
const ROW_COUNT_OPEN = 20;

/** A result's numbers, and the button that makes them here and now. Without scripts: what is published. */
export function ResultRun({ id, title, trialCount, planned }: ResultRunProps) {
  const run = useRun(id);
  const rows = mergeRows(planned, rowsOf(run));
  const table = (
    <RowsTable
      caption={`${id}, ${title}: published, ours, and the band`}
      rows={rows}
      isFinal={run.kind === "done"}
    />
  );
  return (
    <>
      <div className={styles["bar"]}>
        <Button
          className={styles["run"] ?? ""}
          icon={<ActionIcon run={run} />}
          onClick={() => (isBusy(run) ? runs.cancel(id) : runs.run(id))}
        >
          <span>
            {actionText(run)}
            <VisuallyHidden> {id}</VisuallyHidden>
          </span>
        </Button>
        <Progress id={id} run={run} trialCount={trialCount} />
      </div>
      <Curves id={id} rows={rows} />
      <div className={styles["numbers"]}>
        {rows.length > ROW_COUNT_OPEN ? (
          <Disclosure summary={`All ${rows.length} numbers`}>{table}</Disclosure>
        ) : (
          table
        )}
      </div>
    </>
  );
}

function ActionIcon({ run }: { readonly run: Run }) {
  if (isBusy(run)) return <Square aria-hidden />;
  return run.kind === "idle" ? <Play aria-hidden /> : <RotateCcw aria-hidden />;
}

interface ProgressProps {
  readonly id: string;
  readonly run: Run;
  readonly trialCount: number;
}

/** How far a run is. Only its end is read out by itself; the steps on the way would never stop. */
function Progress({ id, run, trialCount }: ProgressProps) {
  const words = runText(run, id, trialCount);
  const isUnderWay = run.kind === "running";
  return (
    <div className={styles["progress"]} data-look={run.kind === "failed" || undefined}>
      {isUnderWay && (
        <Meter
          className={styles["meter"]}
          label={`Trials of ${id}`}
          max={trialCount}
          value={run.madeCount}
        />
      )}
      <p className={styles["words"]} role="status" aria-live={isUnderWay ? "off" : "polite"}>
        {words}
      </p>
    </div>
  );
}
