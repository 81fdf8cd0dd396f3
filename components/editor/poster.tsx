import styles from "./poster.module.css";
import { posterLines } from "./poster-lines.ts";

interface PosterProps {
  readonly path: string;
  readonly text: string;
}

/**
 * A file as text, before anything is loaded: where Monaco will put every letter, so that nothing
 * moves when it comes. Numbers stand in the style sheet and are not copied with the code.
 */
export function Poster({ path, text }: PosterProps) {
  return (
    <pre className={styles["poster"]}>
      <code>
        {posterLines(text, path).map((tokens, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their number.
          <span key={line} className={styles["line"]}>
            {tokens.map(({ kind, text: words }, index) =>
              kind === "plain" ? (
                words
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: a fixed text.
                <span key={index} className={styles[kind]}>
                  {words}
                </span>
              ),
            )}
            {"\n"}
          </span>
        ))}
      </code>
    </pre>
  );
}
