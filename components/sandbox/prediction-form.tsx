"use client";

import { useId } from "react";
import type { Question } from "../../workers/check/index.ts";
import styles from "./prediction-form.module.css";

interface PredictionFormProps {
  readonly questions: readonly Question[];
  /** The text of answers.json. */
  readonly text: string;
  onChange(text: string): void;
  /** Return in a field: as far as this goes, the reader is done. */
  onSubmit(): void;
}

/** Figures to be guessed before they are measured. What is written here is the file answers.json. */
export function PredictionForm({ questions, text, onChange, onSubmit }: PredictionFormProps) {
  const id = useId();
  const answers = read(text);
  return (
    <form
      className={styles["form"]}
      aria-label="Your prediction"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {questions.map(({ id: name, label, unit }) => (
        <div key={name} className={styles["row"]}>
          <label htmlFor={`${id}-${name}`}>{label}</label>
          <span className={styles["answer"]}>
            <input
              id={`${id}-${name}`}
              className={styles["field"]}
              type="number"
              step="any"
              inputMode="decimal"
              autoComplete="off"
              value={answers[name] ?? ""}
              onChange={({ target }) => onChange(written({ ...answers, [name]: target.value }))}
            />
            <span className={styles["unit"]}>{unit}</span>
          </span>
        </div>
      ))}
      <p className={styles["note"]}>
        An answer counts when it is within 15 % of the median of 20 runs. Press Check to have them
        measured.
      </p>
      <button type="submit" hidden />
    </form>
  );
}

/** What stands in the file so far; a zero of the starter counts as not answered. */
function read(text: string): Record<string, string> {
  try {
    const answers: unknown = JSON.parse(text);
    if (typeof answers !== "object" || answers === null) return {};
    return Object.fromEntries(
      Object.entries(answers)
        .filter(([, value]) => typeof value === "number")
        .map(([name, value]) => [name, String(value)]),
    );
  } catch {
    return {};
  }
}

function written(answers: Readonly<Record<string, string>>): string {
  const numbers = Object.entries(answers).filter(
    ([, text]) => text.trim() !== "" && Number.isFinite(Number(text)),
  );
  return `${JSON.stringify(Object.fromEntries(numbers.map(([name, text]) => [name, Number(text)])), null, 2)}\n`;
}
