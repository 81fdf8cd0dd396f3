"use client";

import { useId, useState } from "react";
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { Button } from "../ui/button.tsx";
import {
  aimedAt,
  figuresOf,
  type Ground,
  type Target,
  targetOf,
  targetsLike,
  targetText,
  withFigure,
} from "./fault-choices.ts";
import styles from "./fault-editor.module.css";
import { isInstant, needsEnd, refusalOf, untilOf } from "./fault-plan.ts";
import { FaultSheet } from "./fault-sheet.tsx";
import { faultLabel } from "./fault-text.ts";

interface FaultEditorProps {
  readonly fault: FaultSpec;
  readonly ground: Ground;
  /** Its place in the plan. */
  readonly index: number;
  onChange(fault: FaultSpec): void;
  onRemove(): void;
  onClose(): void;
}

/** A fault in figures: when, whom, how much. What cannot be is said and not taken. */
export function FaultEditor({
  fault,
  ground,
  index,
  onChange,
  onRemove,
  onClose,
}: FaultEditorProps) {
  const [refusal, setRefusal] = useState<string>();
  const said = useId();
  const targets = targetsOffered(fault, ground);
  const figures = figuresOf(fault);

  const submit = (form: FormData) => {
    const next = faultIn(form, fault, targets);
    const why = refusalOf(next, ground.scenario);
    setRefusal(why);
    if (why === undefined) onChange(next);
  };

  return (
    <FaultSheet title={faultLabel(fault)} beside={`fault-${index}`} onClose={onClose}>
      <form
        className={styles["form"]}
        noValidate
        aria-describedby={said}
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
        }}
      >
        <NumberField
          name="from"
          label={isInstant(fault) ? "At" : "From"}
          unit="s"
          value={fault.atUs / 1_000_000}
        />
        {!isInstant(fault) && (
          <NumberField
            name="until"
            label="Until"
            unit="s"
            value={inSeconds(untilOf(fault))}
            placeholder={needsEnd(fault) ? undefined : "the end"}
          />
        )}
        {figures.map(({ id, label, unit, value }) => (
          <NumberField key={id} name={id} label={label} unit={unit} value={value} />
        ))}
        {targets.length > 1 && (
          <label className={styles["field"]}>
            <span>Strikes</span>
            <select name="target" defaultValue={targetText(targetOf(fault))}>
              {targets.map((target) => (
                <option key={targetText(target)}>{targetText(target)}</option>
              ))}
            </select>
          </label>
        )}
        <p id={said} className={styles["refusal"]} role="status">
          {refusal}
        </p>
        <div className={styles["foot"]}>
          <Button type="submit" variant="primary">
            Change
          </Button>
          <Button onClick={onRemove}>Remove</Button>
        </div>
      </form>
    </FaultSheet>
  );
}

interface NumberFieldProps {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number | undefined;
  readonly placeholder?: string | undefined;
}

function NumberField({ name, label, unit, value, placeholder }: NumberFieldProps) {
  return (
    <label className={styles["field"]}>
      <span>{label}</span>
      <input
        name={name}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        defaultValue={value}
        placeholder={placeholder}
      />
      <span className={styles["unit"]}>{unit}</span>
    </label>
  );
}

/** What the form says, as a fault that may be wrong: `refusalOf` judges it. */
function faultIn(form: FormData, fault: FaultSpec, targets: readonly Target[]): FaultSpec {
  const target = targets.find((one) => targetText(one) === form.get("target"));
  let next = target === undefined ? fault : aimedAt(fault, target);
  next = { ...next, atUs: microseconds(numberIn(form, "from")) };
  for (const { id } of figuresOf(fault)) next = withFigure(next, id, numberIn(form, id));
  if (isInstant(next)) return next;
  const isOpen = String(form.get("until") ?? "").trim() === "" && !needsEnd(next);
  if (!isOpen) return { ...next, untilUs: microseconds(numberIn(form, "until")) };
  const { untilUs: _, ...open } = next;
  return open as FaultSpec; // Those that need an end do not come here.
}

/** A number as people write it, with a point or a comma; NaN when it is none. */
function numberIn(form: FormData, name: string): number {
  const text = String(form.get(name) ?? "")
    .trim()
    .replace(",", ".")
    .replace("−", "-");
  return text === "" ? Number.NaN : Number(text);
}

function microseconds(seconds: number): number {
  return Math.round(seconds * 1_000_000);
}

function inSeconds(us: number | undefined): number | undefined {
  return us === undefined ? undefined : us / 1_000_000;
}

/** The targets that this fault could have, its own among them even if nobody else would be offered it. */
function targetsOffered(fault: FaultSpec, ground: Ground): readonly Target[] {
  const own = targetOf(fault);
  const offered = targetsLike(fault, ground);
  const isThere = offered.some((target) => targetText(target) === targetText(own));
  return isThere ? offered : [own, ...offered];
}
