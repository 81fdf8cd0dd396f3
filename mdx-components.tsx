import type { MDXComponents } from "mdx/types";
import { Aside } from "./components/lesson/aside.tsx";
import { BeamPanel } from "./components/lesson/beam-panel.tsx";
import { CodeBlock } from "./components/lesson/code-block.tsx";
import { ExerciseBrief } from "./components/lesson/exercise-brief.tsx";
import { Figure } from "./components/lesson/figure.tsx";
import { Heading } from "./components/lesson/heading.tsx";
import { Hints } from "./components/lesson/hints.tsx";
import { Predict } from "./components/lesson/predict.tsx";
import { Quiz } from "./components/lesson/quiz.tsx";
import { References } from "./components/lesson/references.tsx";
import { ListItem, Paragraph } from "./components/lesson/set-text.tsx";
import { Simplified } from "./components/lesson/simplified.tsx";

/** What every lesson.mdx may use without importing. The page has the h1; `#` would be a second. */
const COMPONENTS: MDXComponents = {
  h1: ({ children }) => <Heading level={2}>{children}</Heading>,
  h2: ({ children }) => <Heading level={2}>{children}</Heading>,
  h3: ({ children }) => <Heading level={3}>{children}</Heading>,
  p: Paragraph,
  li: ListItem,
  pre: CodeBlock,
  Aside,
  BeamPanel,
  ExerciseBrief,
  Figure,
  Hints,
  Predict,
  Quiz,
  References,
  Simplified,
};

export function useMDXComponents(): MDXComponents {
  return COMPONENTS;
}
