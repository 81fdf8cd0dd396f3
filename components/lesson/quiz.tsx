"use client";

import { type FormEvent, useId, useState } from "react";
import type { QuizQuestion } from "../../lessons/schema.ts";
import { Button } from "../ui/button.tsx";
import { keepAnswer, useAnswer } from "./answers.ts";
import { Choices } from "./choices.tsx";
import { useLessonId } from "./lesson-scope.tsx";
import styles from "./quiz.module.css";

/** Questions on what was read. Each may be answered until it is right; nothing is counted. */
export function Quiz({ questions }: { readonly questions: readonly QuizQuestion[] }) {
  return (
    <div className={styles["quiz"]}>
      <ol className={styles["list"]}>
        {questions.map((question) => (
          <li key={question.id} className={styles["item"]}>
            <Question question={question} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Question({ question }: { readonly question: QuizQuestion }) {
  const lesson = useLessonId();
  const answer = useAnswer(lesson, question.id);
  const [draft, setDraft] = useState<string>();
  const heading = useId();
  const chosen = draft ?? answer ?? "";
  const isChecked = answer !== undefined && chosen === answer;
  const option = isChecked ? question.options[Number(answer)] : undefined;

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (chosen === "") return;
    keepAnswer(lesson, question.id, chosen);
    setDraft(undefined);
  }

  return (
    <form className={styles["question"]} onSubmit={onSubmit}>
      <h3 className={styles["words"]} id={heading}>
        {question.question}
      </h3>
      <Choices
        labelledBy={heading}
        options={question.options.map(({ text }, index) => ({ value: String(index), text }))}
        chosen={chosen}
        onChoose={setDraft}
        markOf={(value) =>
          isChecked && value === answer && <Judgement isCorrect={option?.correct === true} />
        }
      />
      <div className={styles["foot"]} role="status">
        {option && (
          <p>
            {option.correct ? question.explanation : (option.misconception ?? "Think once more.")}
          </p>
        )}
      </div>
      {!isChecked && (
        <Button type="submit" disabled={chosen === ""}>
          Answer
        </Button>
      )}
    </form>
  );
}

/** In words, beside the option; the stroke before them differs too, so colour says nothing alone. */
function Judgement({ isCorrect }: { readonly isCorrect: boolean }) {
  return (
    <span className={styles["judgement"]} data-correct={isCorrect || undefined}>
      <svg viewBox="0 0 16 16" width="16" height="16" fill="none" aria-hidden="true">
        <path
          d={isCorrect ? "m3 8.5 3.2 3L13 4.5" : "M3 8h10"}
          stroke="currentColor"
          strokeWidth="1.5"
        />
      </svg>
      {isCorrect ? "Right" : "Not so"}
    </span>
  );
}
