"use client";

import { type FormEvent, useId, useState } from "react";
import type { Prediction } from "../../lessons/schema.ts";
import { Button } from "../ui/button.tsx";
import { keepAnswer, useAnswer } from "./answers.ts";
import { Choices } from "./choices.tsx";
import { useLessonId } from "./lesson-scope.tsx";
import { useOutcome } from "./outcomes.ts";
import styles from "./predict.module.css";

interface PredictProps {
  readonly prediction: Prediction;
  /** What happened, in a sentence; without it, what `reportOutcome` said of the latest run. */
  readonly outcome?: string;
}

/**
 * A question before the run. The answer is committed, then kept; it may be changed until the world
 * has spoken. What happened is shown only to who has predicted.
 */
export function Predict({ prediction, outcome }: PredictProps) {
  const lesson = useLessonId();
  const answer = useAnswer(lesson, prediction.id);
  const reported = useOutcome(lesson, prediction.id);
  const [isChanging, setIsChanging] = useState(false);
  const heading = useId();
  const happened = outcome ?? reported;
  const isAsking = answer === undefined || isChanging;

  function commit(given: string) {
    keepAnswer(lesson, prediction.id, given);
    setIsChanging(false);
  }

  return (
    <section className={styles["predict"]} aria-labelledby={heading}>
      <p className={styles["kicker"]}>Predict</p>
      <h3 className={styles["question"]} id={heading}>
        {prediction.question}
      </h3>
      {isAsking ? (
        <Question prediction={prediction} answer={answer} heading={heading} onCommit={commit} />
      ) : (
        <div className={styles["answered"]}>
          <p>
            You said <strong>{inWords(prediction, answer)}</strong>.
          </p>
          {!happened && (
            <Button variant="plain" onClick={() => setIsChanging(true)}>
              Change
            </Button>
          )}
        </div>
      )}
      <p className={styles["outcome"]} role="status">
        {isAsking
          ? "What happens is shown after the run."
          : (happened ?? "Run the lesson and see.")}
      </p>
    </section>
  );
}

interface QuestionProps {
  readonly prediction: Prediction;
  readonly answer: string | undefined;
  readonly heading: string;
  onCommit(given: string): void;
}

function Question({ prediction, answer, heading, onCommit }: QuestionProps) {
  const [draft, setDraft] = useState(answer ?? "");
  const isComplete =
    prediction.kind === "choice"
      ? draft !== ""
      : draft.trim() !== "" && Number.isFinite(Number(draft));

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (isComplete) onCommit(draft);
  }

  return (
    <form className={styles["form"]} onSubmit={onSubmit}>
      {prediction.kind === "choice" ? (
        <Choices
          labelledBy={heading}
          options={prediction.options.map((text, index) => ({ value: String(index), text }))}
          chosen={draft}
          onChoose={setDraft}
        />
      ) : (
        <label className={styles["number"]}>
          <input
            className={styles["field"]}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            aria-labelledby={heading}
            value={draft}
            onChange={(event) => setDraft(event.target.value.replace(",", "."))}
          />
          <span>{prediction.unit}</span>
        </label>
      )}
      <Button type="submit" disabled={!isComplete}>
        Commit
      </Button>
    </form>
  );
}

function inWords(prediction: Prediction, answer: string): string {
  return prediction.kind === "choice"
    ? (prediction.options[Number(answer)] ?? answer)
    : `${answer} ${prediction.unit}`;
}
