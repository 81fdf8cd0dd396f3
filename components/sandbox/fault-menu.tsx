"use client";

import { ChevronLeft, Zap } from "lucide-react";
import { useState } from "react";
import { secondsText } from "../playback/time-text.ts";
import { Button } from "../ui/button.tsx";
import {
  type Choice,
  type ChoiceGroup,
  choicesFor,
  faultFor,
  type Ground,
  type Picked,
  type Target,
  targetsFor,
  targetText,
} from "./fault-choices.ts";
import type { FaultDesk } from "./fault-desk.ts";
import styles from "./fault-menu.module.css";
import { FAULT_COUNT_MAX } from "./fault-plan.ts";
import { FaultSheet } from "./fault-sheet.tsx";
import { faultLabel, faultTimes } from "./fault-text.ts";

interface FaultMenuProps {
  readonly desk: FaultDesk;
  /** What the open menu is about; undefined when it is closed. */
  readonly view: FaultView | undefined;
  onOpen(): void;
  onClose(): void;
  /** Opens the editor of a fault of the plan. */
  onEdit(index: number): void;
}

/** What there is to break, from which moment on, and what is picked in the picture. */
export interface FaultView {
  readonly ground: Ground;
  readonly atUs: number;
  readonly picked: Picked;
}

/** Opens to everything that can be broken in this scenario, from the play-head on. */
export function FaultMenu({ desk, view, onOpen, onClose, onEdit }: FaultMenuProps) {
  const [asked, setAsked] = useState<Choice>();
  const close = () => {
    setAsked(undefined);
    onClose();
  };

  const strike = (choice: Choice, target: Target, { atUs, ground }: FaultView) => {
    close();
    desk.add(faultFor(choice.id, target, atUs, ground));
  };

  const choose = (choice: Choice, seen: FaultView) => {
    const [first, ...others] = targetsFor(choice.id, seen.ground);
    if (others.length > 0) setAsked(choice);
    else if (first !== undefined) strike(choice, first, seen);
  };

  return (
    <>
      <button
        type="button"
        className={styles["opener"]}
        aria-label="Break something"
        title="Break something"
        aria-haspopup="dialog"
        aria-expanded={view !== undefined}
        data-keep="break"
        onClick={onOpen}
      >
        <Zap aria-hidden="true" />
        <span className={styles["word"]}>Break</span>
      </button>
      {view !== undefined && (
        <FaultSheet
          title={asked?.question ?? `Break something at ${secondsText(view.atUs)}`}
          beside="break"
          onClose={close}
        >
          {asked === undefined ? (
            <Choices
              view={view}
              desk={desk}
              onChoose={(choice) => choose(choice, view)}
              onEdit={(index) => {
                close();
                onEdit(index);
              }}
              onRemoveAll={() => {
                close();
                desk.removeAll();
              }}
            />
          ) : (
            <Targets
              choice={asked}
              view={view}
              onBack={() => setAsked(undefined)}
              onChoose={(target) => strike(asked, target, view)}
            />
          )}
        </FaultSheet>
      )}
    </>
  );
}

interface ChoicesProps {
  readonly view: FaultView;
  readonly desk: FaultDesk;
  onChoose(choice: Choice): void;
  onEdit(index: number): void;
  onRemoveAll(): void;
}

function Choices({ view: { ground }, desk, onChoose, onEdit, onRemoveAll }: ChoicesProps) {
  const { plan, isFull } = desk;
  const { horizonUs } = ground.scenario;
  return (
    <>
      {isFull ? (
        <p className={styles["note"]}>
          The plan holds {FAULT_COUNT_MAX} faults, and no more fit. Remove one first.
        </p>
      ) : (
        choicesFor(ground).map((group) => (
          <Group key={group.title} group={group} onChoose={onChoose} />
        ))
      )}
      {plan.length > 0 && (
        <section className={styles["group"]}>
          <h3>In the plan</h3>
          <ul>
            {plan.map((fault, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a fault is known by its place in the plan.
              <li key={index}>
                <button type="button" className={styles["choice"]} onClick={() => onEdit(index)}>
                  <span className={styles["name"]}>{faultLabel(fault)}</span>
                  <span className={styles["hint"]}>{faultTimes(fault, horizonUs)}</span>
                </button>
              </li>
            ))}
          </ul>
          <div className={styles["foot"]}>
            <Button onClick={onRemoveAll}>Remove all</Button>
          </div>
        </section>
      )}
    </>
  );
}

/** Choices of one sort; those that are rarely wanted open when asked for. */
function Group({
  group: { title, isCollapsed, choices },
  onChoose,
}: {
  readonly group: ChoiceGroup;
  readonly onChoose: (choice: Choice) => void;
}) {
  const list = (
    <ul>
      {choices.map((choice) => (
        <li key={choice.id}>
          <button type="button" className={styles["choice"]} onClick={() => onChoose(choice)}>
            <span className={styles["name"]}>{choice.name}</span>
            <span className={styles["hint"]}>{choice.hint}</span>
          </button>
        </li>
      ))}
    </ul>
  );
  return isCollapsed ? (
    <details className={styles["group"]}>
      <summary>{title}</summary>
      {list}
    </details>
  ) : (
    <section className={styles["group"]}>
      <h3>{title}</h3>
      {list}
    </section>
  );
}

interface TargetsProps {
  readonly choice: Choice;
  readonly view: FaultView;
  onBack(): void;
  onChoose(target: Target): void;
}

function Targets({ choice, view: { ground, picked }, onBack, onChoose }: TargetsProps) {
  return (
    <>
      <p className={styles["note"]}>{choice.hint}</p>
      <ul className={styles["group"]}>
        {targetsFor(choice.id, ground, picked).map((target, index) => (
          <li key={targetText(target)}>
            <button
              type="button"
              // biome-ignore lint/a11y/noAutofocus: the answer that is meant most often, one key away.
              autoFocus={index === 0}
              className={styles["choice"]}
              onClick={() => onChoose(target)}
            >
              <span className={styles["name"]}>{targetText(target)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className={styles["foot"]}>
        <Button variant="plain" icon={<ChevronLeft aria-hidden="true" />} onClick={onBack}>
          Back
        </Button>
      </div>
    </>
  );
}
