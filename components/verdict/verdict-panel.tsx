"use client";

import { Check, CircleDashed, Eye, X } from "lucide-react";
import type { CheckVerdict, Verdict } from "../../workers/check/index.ts";
import { secondsText } from "../playback/time-text.ts";
import { Button } from "../ui/button.tsx";
import styles from "./verdict-panel.module.css";

interface VerdictPanelProps {
  readonly verdict: Verdict;
  /** Shows the failing run at its moment. */
  onShow(failure: NonNullable<CheckVerdict["failure"]>, tier: CheckVerdict["tier"]): void;
  onClose(): void;
}

const TITLES = {
  passed: "Passed",
  failed: "Not yet",
  "not judged": "Not judged",
} as const;

/** What each check asked and what came; for a failure what happened in the shop, and its moment. */
export function VerdictPanel({ verdict, onShow, onClose }: VerdictPanelProps) {
  const passedCount = verdict.checks.filter(({ passed }) => passed).length;
  return (
    <section
      className={styles["verdict"]}
      aria-labelledby="verdict-title"
      data-outcome={verdict.outcome}
    >
      <header className={styles["head"]}>
        <h2 className={styles["title"]} id="verdict-title">
          {TITLES[verdict.outcome]}
        </h2>
        <p className={styles["sum"]} role="status">
          {verdict.outcome === "not judged"
            ? `${verdict.reason} This costs you nothing; your code is kept.`
            : `${passedCount} of ${verdict.checks.length} checks hold.`}
        </p>
        <Button variant="plain" onClick={onClose}>
          Close
        </Button>
      </header>
      <ol className={styles["checks"]}>
        {verdict.checks.map((check, index) => (
          // Two checks of one name are told apart by their place, which never changes.
          <CheckRow key={`${check.check}-${String(index)}`} check={check} onShow={onShow} />
        ))}
      </ol>
    </section>
  );
}

function CheckRow({
  check,
  onShow,
}: {
  readonly check: CheckVerdict;
  onShow: VerdictPanelProps["onShow"];
}) {
  const { failure } = check;
  return (
    <li className={styles["check"]} data-passed={check.passed}>
      <span className={styles["mark"]}>
        {check.passed ? (
          <Check size={16} aria-hidden />
        ) : failure ? (
          <X size={16} aria-hidden />
        ) : (
          <CircleDashed size={16} aria-hidden />
        )}
      </span>
      <div className={styles["words"]}>
        <p className={styles["name"]}>
          <code>{check.check}</code>
          <span className={styles["outcome"]}>{check.passed ? "holds" : "does not hold"}</span>
        </p>
        {failure && <p className={styles["sentence"]}>{failure.sentence}</p>}
        <p className={styles["figures"]}>
          Asked: {check.expected}. Came: {check.actual}.
        </p>
        {failure && (
          <p className={styles["moment"]}>
            <Button
              icon={<Eye size={15} aria-hidden />}
              onClick={() => onShow(failure, check.tier)}
            >
              Show the moment
            </Button>
            <span>
              seed {failure.seed}, {secondsText(failure.atUs)}
            </span>
          </p>
        )}
      </div>
    </li>
  );
}
