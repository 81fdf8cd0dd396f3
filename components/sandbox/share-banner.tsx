import { Button } from "../ui/button.tsx";
import styles from "./share-banner.module.css";
import type { LinkDesk } from "./share-opening.ts";

interface ShareBannerProps {
  readonly desk: LinkDesk;
  /** What it is a run of, as the page calls it. */
  readonly title: string;
  /** False while the reader's own work has not been read, which must not be written over unread. */
  readonly canTake: boolean;
  /** Opens it, runs it, and goes to its moment. */
  onRun(): void;
  /** Opens it, and runs nothing. */
  onOpen(): void;
  /** Puts it into the reader's work; what was there goes into the history. */
  onTake(): void;
  /** The reader's work is as it was before that. */
  onPutBack(): void;
}

/** What is known of a shared run, and what to do with it. Everything from the link is shown as text. */
export function ShareBanner({
  desk,
  title,
  canTake,
  onRun,
  onOpen,
  onTake,
  onPutBack,
}: ShareBannerProps) {
  const { opening } = desk;
  if (opening.phase === "none") return null;
  return (
    <section className={styles["banner"]} aria-label="A shared run" data-phase={opening.phase}>
      {opening.phase === "refused" && (
        <>
          <p className={styles["words"]} role="status">
            <strong>A link that cannot be opened.</strong> {opening.message}
          </p>
          <Button onClick={desk.discard}>Discard</Button>
        </>
      )}
      {opening.phase === "asked" && (
        <>
          <p className={styles["words"]} role="status">
            <strong>A shared run: by nobody we know. Nothing has run yet.</strong> {title}, seed{" "}
            {opening.run.seed}
            {opening.run.files.length > 0 && `, with ${filesText(opening.run.files)}`}. Your own
            work stays as it is. {opening.caution}
          </p>
          <Button variant="primary" onClick={onRun}>
            Run it
          </Button>
          <Button onClick={onOpen}>Open beside my work</Button>
          <Button variant="plain" onClick={desk.discard}>
            Discard
          </Button>
        </>
      )}
      {opening.phase === "open" && (
        <>
          <p className={styles["words"]}>
            <strong>You are looking at a shared run.</strong> What you change here is kept apart
            from your own work.
          </p>
          <Button onClick={onTake} disabled={!canTake}>
            Take it into my work
          </Button>
          <Button onClick={desk.leave}>Back to my work</Button>
          <Button variant="plain" onClick={desk.discard}>
            Discard
          </Button>
        </>
      )}
      {opening.phase === "taken" && (
        <>
          <p className={styles["words"]} role="status">
            <strong>It is in your work now.</strong> What was there before is kept.
          </p>
          <Button onClick={onPutBack}>Put mine back</Button>
          <Button variant="plain" onClick={desk.discard}>
            Discard the link
          </Button>
        </>
      )}
    </section>
  );
}

const FILES_NAMED_MAX = 3;

function filesText(files: readonly { readonly path: string }[]): string {
  const names = files.slice(0, FILES_NAMED_MAX).map(({ path }) => path);
  const more = files.length - names.length;
  const list = more > 0 ? [...names, `${more} more`] : names;
  const last = list.pop() ?? "";
  return `${list.length > 0 ? `${list.join(", ")} and ${last}` : last} changed`;
}
