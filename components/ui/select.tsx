import type { ComponentProps } from "react";
import styles from "./select.module.css";

interface Choice<Value extends string> {
  /** Read aloud; say it in words beside the control too where it is not plain. */
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  onChoose(value: Value): void;
}

/** One of many: the browser's own list in our frame. */
export function Select<Value extends string>({
  label,
  options,
  value,
  onChoose,
  ...rest
}: Choice<Value> & Omit<ComponentProps<"select">, "value" | "onChange" | "aria-label">) {
  return (
    <span className={styles["frame"]}>
      <select
        {...rest}
        aria-label={label}
        className={styles["select"]}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChoose(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <svg className={styles["chevron"]} viewBox="0 0 16 16" aria-hidden="true">
        <path d="m4 6 4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      </svg>
    </span>
  );
}
