"use client";

import { Play, Square } from "lucide-react";
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../ui/button.tsx";
import styles from "./example.module.css";
import type { ExampleRun, Outcome } from "./example-run.ts";
import type { ExampleView } from "./example-view.ts";
import { type PrintedLine, parseLine, textOf } from "./printed-lines.ts";

interface ExampleProps {
  readonly example: ExampleView;
  /** The code, coloured by the server. */
  readonly children: ReactNode;
}

type Phase = "idle" | "loading" | "running" | Outcome["kind"];

/**
 * A program that shows one thing, with what it prints; Run runs it here and now. Without scripts it
 * is text. Compiler and sandbox are loaded when somebody comes near the button.
 */
export function Example({ example, children }: ExampleProps) {
  const [phase, setPhase] = useState<Phase>("idle");
  const [lines, setLines] = useState<readonly PrintedLine[]>();
  const [failure, setFailure] = useState<string>();
  const host = useRef<HTMLDivElement>(null);
  const current = useRef<ExampleRun | undefined>(undefined);
  const turn = useRef(0);

  useEffect(
    () => () => {
      turn.current++;
      current.current?.stop();
    },
    [],
  );

  async function run() {
    const mine = ++turn.current;
    const isMine = () => mine === turn.current;
    setPhase("loading");
    setLines([]);
    setFailure(undefined);
    try {
      const { startExample } = await import("./example-run.ts");
      if (!isMine() || host.current === null) return;
      current.current = startExample(host.current, example, (printed) => {
        if (!isMine()) return;
        setPhase("running");
        setLines(printed);
      });
      const outcome = await current.current.outcome;
      if (!isMine()) return;
      setPhase(outcome.kind);
      if (outcome.kind === "failed") setFailure(outcome.what);
    } catch {
      if (!isMine()) return;
      setPhase("failed");
      setFailure("The compiler could not be loaded. Check the connection and run again.");
    }
  }

  function stop() {
    turn.current++;
    current.current?.stop();
    setPhase("stopped");
  }

  const isBusy = phase === "loading" || phase === "running";
  const { prints } = example;
  const isSame = lines?.map(textOf).join("\n") === prints.join("\n");
  const shown = lines ?? prints.map(parseLine);
  const words = failure ?? wordsFor(phase, isSame);
  return (
    <figure className={styles["example"]}>
      <figcaption className={styles["about"]}>{example.about}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code wider than the column scrolls. */}
      <pre className={styles["code"]} tabIndex={0}>
        <code>{children}</code>
      </pre>
      <div className={styles["output"]} data-ground="stage">
        <div className={styles["bar"]}>
          <Button
            variant="primary"
            className={styles["run"] ?? ""}
            icon={isBusy ? <Square aria-hidden /> : <Play aria-hidden />}
            onClick={() => (isBusy ? stop() : void run())}
            onPointerEnter={warm}
            onFocus={warm}
          >
            {isBusy ? "Stop" : "Run"}
          </Button>
          <p
            className={styles["status"]}
            role="status"
            data-look={phase === "failed" || (phase === "done" && !isSame) || undefined}
          >
            {words}
          </p>
          {example.nodes.length > 1 && (
            <p className={styles["nodes"]}>{example.nodes.length} nodes, wires of 1 ms</p>
          )}
        </div>
        <ol
          className={styles["lines"]}
          aria-label="What it prints"
          data-promised={lines === undefined || undefined}
          style={{ "--line-count": prints.length } as CSSProperties}
        >
          {shown.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added.
            <li key={index} className={styles["line"]}>
              <span className={styles["ms"]}>{line.ms}</span>
              <span className={styles["who"]}>{line.who}</span>
              <span className={styles["text"]}>{line.text}</span>
            </li>
          ))}
        </ol>
      </div>
      <div ref={host} aria-hidden />
    </figure>
  );
}

/** Begins to load what a run needs, at the first sign that one is wanted. */
function warm() {
  import("./example-run.ts").then(
    ({ warmCompiler }) => warmCompiler(),
    () => undefined,
  );
}

function wordsFor(phase: Phase, isSame: boolean): string {
  switch (phase) {
    case "idle":
      return "What it prints, in virtual time";
    case "loading":
      return "Compiling";
    case "running":
      return "Running";
    case "done":
      return isSame ? "Run in your browser just now" : "These lines are not the ones promised";
    case "stopped":
      return "Stopped";
    case "failed":
      return "It could not be run";
  }
}
