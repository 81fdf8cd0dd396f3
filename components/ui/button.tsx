import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import styles from "./button.module.css";

/** `primary`: the one thing to do here. `quiet`: outlined. `plain`: no frame until pointed at. */
export type ButtonVariant = "primary" | "quiet" | "plain";

interface Look {
  readonly variant?: ButtonVariant;
  /** A lucide icon or a stroke of our own, before the words. */
  readonly icon?: ReactNode;
}

/** Does something on this page. Its words are a verb. */
export function Button({
  variant = "quiet",
  icon,
  className = "",
  children,
  ...rest
}: Look & ComponentProps<"button">) {
  return (
    <button
      type="button"
      className={`${styles["button"]} ${styles[variant]} ${className}`}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}

/** Goes somewhere, with a button's weight. */
export function ButtonLink({
  variant = "quiet",
  icon,
  className = "",
  children,
  ...rest
}: Look & ComponentProps<typeof Link>) {
  return (
    <Link className={`${styles["button"]} ${styles[variant]} ${className}`} {...rest}>
      {icon}
      {children}
    </Link>
  );
}
