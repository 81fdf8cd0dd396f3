import type { Drafts } from "../editor/use-drafts.ts";
import { Button } from "../ui/button.tsx";
import type { LabState } from "./lab.ts";
import styles from "./notices.module.css";

interface NoticesProps {
  readonly state: LabState;
  readonly drafts: Pick<Drafts, "status" | "statusText" | "otherTab">;
}

/** What the last run or check has to say, what is not saved, and what another tab did. */
export function Notices({ state, drafts }: NoticesProps) {
  const { notices, runName, firstFailure } = state;
  const { otherTab } = drafts;
  return (
    <div className={styles["notices"]} aria-live="polite">
      {notices.map(({ tone, text }) => (
        <p key={text} className={styles["notice"]} data-tone={tone}>
          {text}
          {tone === "look" && runName !== undefined && (
            <span className={styles["run-name"]}>{runName}</span>
          )}
        </p>
      ))}
      {firstFailure !== undefined && (
        <p className={styles["notice"]} data-tone="look">
          {firstFailure}
        </p>
      )}
      {drafts.status === "not saved" && (
        <p className={styles["notice"]} data-tone="look">
          {drafts.statusText}
        </p>
      )}
      {otherTab !== undefined && (
        <p className={styles["notice"]} data-tone="look">
          Another tab has changed this code.
          <Button onClick={otherTab.takeTheirs}>Take theirs</Button>
          <Button onClick={otherTab.keepMine}>Keep mine</Button>
        </p>
      )}
    </div>
  );
}
