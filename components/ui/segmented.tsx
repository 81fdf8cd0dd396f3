import { type ReactNode, useId } from "react";
import styles from "./segmented.module.css";
import { VisuallyHidden } from "./visually-hidden.tsx";

interface SegmentedProps<Value extends string> {
  /** What is chosen, for ears. */
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly value: Value;
  onChange(value: Value): void;
}

/** One of a few, all in sight. Radio buttons beneath, so the keys are the browser's. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChange,
}: SegmentedProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles["segmented"]}>
      <legend>
        <VisuallyHidden>{label}</VisuallyHidden>
      </legend>
      {options.map((option) => (
        <label key={option.value} className={styles["option"]}>
          <input
            type="radio"
            name={name}
            className={styles["input"]}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className={styles["face"]}>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
