import { ArrowDown, ArrowUp, Check, X } from "lucide-react";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import {
  aroundText,
  bandText,
  oursText,
  type Place,
  placeOf,
  placeText,
  publishedText,
  type ShownRow,
} from "./rows.ts";
import styles from "./rows-table.module.css";

interface RowsTableProps {
  readonly caption: string;
  readonly rows: readonly ShownRow[];
  /** Whether all trials are in; until then a judgement holds only so far. */
  readonly isFinal: boolean;
}

const MARKS = { inside: Check, above: ArrowUp, below: ArrowDown, outside: X } as const;

/** Each number: what is published, ours, and the band. On a narrow screen each row is a small list. */
export function RowsTable({ caption, rows, isFinal }: RowsTableProps) {
  return (
    <table className={styles["table"]}>
      <caption className={styles["caption"]}>
        <VisuallyHidden>{caption}</VisuallyHidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">Published</th>
          <th scope="col">Ours</th>
          <th scope="col">Band</th>
          <th scope="col">Judgement</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.what}>
            <th scope="row">{row.what}</th>
            <td data-label="Published" data-words={typeof row.published === "string" || undefined}>
              {row.published === undefined ? <Nothing said="not stated" /> : publishedText(row)}
            </td>
            <td data-label="Ours" className={styles["ours"]}>
              {row.ours === undefined ? <Nothing said="not run yet" /> : oursText(row)}
            </td>
            <td data-label="Band">
              <span className={styles["interval"]}>{bandText(row.band)}</span>{" "}
              <span className={styles["around"]}>{aroundText(row.band)}</span>
            </td>
            <td data-label="Judgement">
              <Judgement place={placeOf(row)} isFinal={isFinal} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface JudgementProps {
  readonly place: Place | undefined;
  readonly isFinal: boolean;
}

function Judgement({ place, isFinal }: JudgementProps) {
  if (place === undefined) return <Nothing said="not run yet" />;
  const Mark = MARKS[place];
  return (
    <span className={styles["judgement"]} data-place={place} data-final={isFinal || undefined}>
      <Mark aria-hidden />
      {placeText(place, isFinal)}
    </span>
  );
}

/** A dash for the eye, words for the ear. */
function Nothing({ said }: { readonly said: string }) {
  return (
    <span className={styles["nothing"]}>
      <span aria-hidden="true">–</span>
      <VisuallyHidden>{said}</VisuallyHidden>
    </span>
  );
}
