import styles from "./meter.module.css";

interface MeterProps {
  /** What is under way, for ears. */
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** Takes no room, but stays where it is. */
  readonly isHidden?: boolean;
  /** Its width, and its height where 6 px is not right. */
  readonly className?: string | undefined;
}

/** How far something is: a thin bar in the accent's colour, the same in every browser. */
export function Meter({ label, value, max, isHidden = false, className = "" }: MeterProps) {
  return (
    <progress
      className={`${styles["meter"]} ${className}`}
      aria-label={label}
      max={max}
      value={value}
      hidden={isHidden}
    />
  );
}
