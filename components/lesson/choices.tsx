import { type ReactNode, useId } from "react";
import styles from "./choices.module.css";

interface ChoicesProps {
  /** Id of the element that asks. */
  readonly labelledBy: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  /** A value, or "" for none yet. */
  readonly chosen: string;
  onChoose(value: string): void;
  /** What stands beside an option once it was judged. */
  readonly markOf?: (value: string) => ReactNode;
}

/** A question's options: the browser's radio buttons, each with its whole line to press. */
export function Choices({ labelledBy, options, chosen, onChoose, markOf }: ChoicesProps) {
  const name = useId();
  return (
    <fieldset className={styles["choices"]} aria-labelledby={labelledBy}>
      {options.map(({ value, text }) => (
        <label key={value} className={styles["choice"]}>
          <input
            type="radio"
            name={name}
            className={styles["input"]}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span className={styles["text"]}>{text}</span>
          {markOf?.(value)}
        </label>
      ))}
    </fieldset>
  );
}
