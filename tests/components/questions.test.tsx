// @vitest-environment happy-dom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storedAnswers } from "../../components/lesson/answers.ts";
import { ExerciseBrief } from "../../components/lesson/exercise-brief.tsx";
import { Hints } from "../../components/lesson/hints.tsx";
import { LessonScope } from "../../components/lesson/lesson-scope.tsx";
import { reportOutcome } from "../../components/lesson/outcomes.ts";
import { Predict } from "../../components/lesson/predict.tsx";
import { recordProgress } from "../../components/lesson/progress.ts";
import { Quiz } from "../../components/lesson/quiz.tsx";

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  localStorage.clear();
  storedAnswers.write({});
  page = document.body.appendChild(document.createElement("main"));
  root = createRoot(page);
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
});

const show = (part: React.ReactNode) =>
  act(async () => root.render(<LessonScope id="L01">{part}</LessonScope>));

const press = (element: Element | null | undefined) =>
  act(async () => (element as HTMLElement).click());

const button = (words: string) =>
  [...page.querySelectorAll("button")].find((it) => it.textContent?.startsWith(words));

const option = (words: string) =>
  [...page.querySelectorAll("label")]
    .find((label) => label.textContent?.startsWith(words))
    ?.querySelector("input");

test("a prediction is committed, kept, changed, and met by what the run showed", async () => {
  await show(
    <Predict
      prediction={{ kind: "choice", id: "P1", question: "Grows?", options: ["Yes", "No"] }}
    />,
  );
  expect(button("Commit")?.disabled).toBe(true);
  await press(option("No"));
  await press(button("Commit"));
  expect(page.textContent).toContain("You said No.");
  expect(storedAnswers.read()).toEqual({ L01: { P1: "1" } });

  await press(button("Change"));
  await press(option("Yes"));
  await press(button("Commit"));
  expect(page.textContent).toContain("You said Yes.");

  await act(async () => reportOutcome("L01", "P1", "It grew to 800."));
  expect(page.querySelector('[role="status"]')?.textContent).toBe("It grew to 800.");
  expect(button("Change")).toBeUndefined();
});

test("who has not predicted is not told what happened", async () => {
  await show(
    <Predict
      prediction={{ kind: "number", id: "P2", question: "How many?", unit: "messages" }}
      outcome="800 waited."
    />,
  );
  expect(page.textContent).not.toContain("800 waited.");
});

test("a wrong answer meets the belief behind it and may be mended; the right one is explained", async () => {
  const questions = [
    {
      id: "Q1",
      question: "A call times out. What is certain?",
      explanation: "It tells of the caller only.",
      options: [
        { text: "It was not done", correct: false, misconception: "It still waits there." },
        { text: "Nothing", correct: true },
      ],
    },
  ];
  await show(<Quiz questions={questions} />);
  await press(option("It was not done"));
  await press(button("Answer"));
  expect(page.textContent).toContain("It still waits there.");
  expect(page.textContent).toContain("Not so");

  await press(option("Nothing"));
  expect(page.textContent).not.toContain("It still waits there.");
  await press(button("Answer"));
  expect(page.textContent).toContain("It tells of the caller only.");
  expect(page.textContent).toContain("Right");
});

test("hints come one by one and stay", async () => {
  const hints = [{ text: "Look at the lanes." }, { text: "Reply first." }];
  await show(<Hints id="E9" hints={hints} />);
  expect(page.querySelectorAll("li").length).toBe(0);
  await press(button("Show a hint"));
  expect(page.textContent).toContain("Look at the lanes.");
  expect(page.textContent).not.toContain("Reply first.");
  await press(button("Show another"));
  expect(page.textContent).toContain("Reply first.");
  expect(page.querySelector("button")).toBeNull();
});

test("an exercise's brief says how it went", async () => {
  await show(
    <ExerciseBrief id="E1" title="Till">
      Keep a total.
    </ExerciseBrief>,
  );
  expect(page.textContent).toContain("not tried");
  await act(async () => recordProgress("L01", "E1", "passed"));
  expect(page.textContent).toContain("passed");
});
