import type { TypeEntry } from "../../bin/build-reference.mjs";
import { withoutSelf } from "./address.ts";
import { DocText } from "./doc-text.tsx";
import { LinkedCode, type Links } from "./linked-code.tsx";
import styles from "./type-shape.module.css";

interface TypeShapeProps {
  readonly type: TypeEntry;
  readonly links: Links;
  /** The level of its heading, below what stands over it. */
  readonly level?: 2 | 3;
}

/** A type: what it is for, and its fields one by one, or what it stands for. */
export function TypeShape({ type, links, level = 3 }: TypeShapeProps) {
  const { name, code, text, members } = type;
  const others = withoutSelf(links, `#${name}`);
  const Heading = `h${level}` as const;
  return (
    <section className={styles["type"]} id={name} aria-label={name}>
      <Heading className={styles["name"]}>{name}</Heading>
      {text !== "" && (
        <p className={styles["text"]}>
          <DocText text={text} links={links} />
        </p>
      )}
      {members.length === 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: code wider than the column scrolls.
        <pre className={styles["code"]} tabIndex={0}>
          <code>
            <LinkedCode code={code} links={others} />
          </code>
        </pre>
      ) : (
        <dl className={styles["members"]}>
          {code.includes(" extends ") && (
            <div className={styles["member"]}>
              <dt className={styles["field"]}>
                <code>
                  <LinkedCode code={code.replace(/^.* extends /, "extends ")} links={others} />
                </code>
              </dt>
              <dd className={styles["text"]}>All of its fields, too.</dd>
            </div>
          )}
          {members.map((member) => (
            <div key={member.code} className={styles["member"]}>
              <dt className={styles["field"]}>
                <code>
                  <LinkedCode code={member.code} links={others} />
                </code>
              </dt>
              <dd className={styles["text"]}>
                <DocText text={member.text} links={links} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
