import type { ComponentProps } from "react";
import styles from "./icon-button.module.css";

interface Face {
  /** What it does, as a verb: read aloud, and shown on pointing. */
  readonly label: string;
  /** For buttons that are nothing without scripts: absent there. */
  readonly needsScript?: boolean;
}

/** A square button whose only face is an icon. */
export function IconButton({
  label,
  needsScript = false,
  className = "",
  ...rest
}: Face & Omit<ComponentProps<"button">, "aria-label" | "title">) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      data-needs-script={needsScript || undefined}
      className={`${styles["button"]} ${className}`}
      {...rest}
    />
  );
}
