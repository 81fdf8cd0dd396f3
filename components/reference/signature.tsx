import type { Entry } from "../../bin/build-reference.mjs";
import { DocText } from "./doc-text.tsx";
import { LinkedCode, type Links } from "./linked-code.tsx";
import styles from "./signature.module.css";

interface SignaturesProps {
  readonly signatures: Entry["signatures"];
  readonly links: Links;
}

/** How something is called: one block for each way, with what is particular to it. */
export function Signatures({ signatures, links }: SignaturesProps) {
  return signatures.map(({ code, doc }) => (
    <div key={code} className={styles["signature"]}>
      {doc && (
        <p className={styles["own"]}>
          <DocText text={`${doc.what} ${doc.more}`} links={links} />
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code wider than the column scrolls. */}
      <pre className={styles["code"]} tabIndex={0}>
        <code>
          <LinkedCode code={code} links={links} />
        </code>
      </pre>
    </div>
  ));
}

/** What it is called on the BEAM, or where else it is known from. */
export function Counterparts({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p className={styles["counterparts"]}>
      <span className={styles["label"]}>Counterpart</span>
      {names.map((name) => (
        <code key={name} className={styles["chip"]}>
          {name}
        </code>
      ))}
    </p>
  );
}
