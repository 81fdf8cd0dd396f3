import Link from "next/link";
import type { Entry, Reference } from "../../bin/build-reference.mjs";
import { addressOf, linksOf, typesShown, withoutSelf } from "./address.ts";
import { DocText } from "./doc-text.tsx";
import styles from "./entry-page.module.css";
import { Example } from "./example.tsx";
import type { ExampleView } from "./example-view.ts";
import { LinkedCode } from "./linked-code.tsx";
import { Counterparts, Signatures } from "./signature.tsx";
import { TypeShape } from "./type-shape.tsx";

interface EntryPageProps {
  readonly reference: Reference;
  readonly entry: Entry;
  readonly examples: readonly ExampleView[];
}

/** All that there is to say of one export. */
export function EntryPage({ reference, entry, examples }: EntryPageProps) {
  const { module, name, doc, signatures, methods } = entry;
  const theme = reference.themes.find(({ id }) => id === entry.theme);
  const types = typesShown(reference, entry);
  const names = types.map((type) => type.name);
  const links = withoutSelf(linksOf(reference, module, names), addressOf(entry));
  const inside = {
    ...links,
    ...Object.fromEntries(methods.map((one) => [one.name, `#${one.name}`])),
  };
  return (
    <div className={styles["page"]}>
      <article className={styles["entry"]}>
        <nav className={styles["crumbs"]} aria-label="Where this is">
          <Link href="/reference">Reference</Link>
          {theme && (
            <>
              <span aria-hidden>/</span>
              <Link href={`/reference#${theme.id}`}>{theme.title}</Link>
            </>
          )}
        </nav>
        <h1 className={styles["name"]}>{name}</h1>
        <p className={styles["what"]}>
          <DocText text={doc.what} links={inside} />
        </p>
        <div className={styles["facts"]}>
          <p className={styles["import"]}>
            <code>
              <LinkedCode code={`import { ${name} } from "${module}";`} />
            </code>
          </p>
          <Counterparts names={doc.beam} />
        </div>
        <Signatures signatures={signatures} links={links} />
        {doc.more !== "" && (
          <div className={styles["more"]}>
            {doc.more.split("\n").map((paragraph) => (
              <p key={paragraph}>
                <DocText text={paragraph} links={inside} />
              </p>
            ))}
          </div>
        )}
        {methods.length > 1 && (
          <ul className={styles["jump"]} aria-label={`Functions of ${name}`}>
            {methods.map((method) => (
              <li key={method.name}>
                <a href={`#${method.name}`}>{method.name}</a>
              </li>
            ))}
          </ul>
        )}
        {examples.length > 0 && (
          <section className={styles["part"]} aria-labelledby="example">
            <h2 className={styles["heading"]} id="example">
              {examples.length === 1 ? "Example" : "Examples"}
            </h2>
            <div className={styles["examples"]}>
              {examples.map((example) => (
                <Example key={example.id} example={example}>
                  <LinkedCode code={example.code} />
                </Example>
              ))}
            </div>
          </section>
        )}
        {methods.length > 0 && (
          <section className={styles["part"]} aria-labelledby="functions">
            <h2 className={styles["heading"]} id="functions">
              Functions
            </h2>
            {methods.map((method) => (
              <section
                key={method.name}
                className={styles["method"]}
                id={method.name}
                aria-label={`${name}.${method.name}`}
              >
                <h3 className={styles["title"]}>
                  <span className={styles["owner"]}>{name}.</span>
                  {method.name}
                </h3>
                <Signatures signatures={method.signatures} links={links} />
                <p className={styles["said"]}>
                  <DocText text={`${method.doc.what} ${method.doc.more}`.trim()} links={inside} />
                </p>
                <Counterparts names={method.doc.beam} />
              </section>
            ))}
          </section>
        )}
        {types.length > 0 && (
          <section className={styles["part"]} aria-labelledby="types">
            <h2 className={styles["heading"]} id="types">
              Types
            </h2>
            {types.map((type) => (
              <TypeShape key={type.name} type={type} links={links} />
            ))}
          </section>
        )}
        <Neighbours entries={reference.entries} entry={entry} />
      </article>
      <aside className={styles["aside"]} aria-label={`See also: ${theme?.title ?? "More"}`}>
        <p className={styles["label"]}>{theme?.title ?? "See also"}</p>
        <ul>
          {reference.entries
            .filter((one) => one.theme === entry.theme)
            .map((one) => (
              <li key={addressOf(one)}>
                <Link
                  className={styles["near"]}
                  href={addressOf(one)}
                  prefetch={false}
                  aria-current={one === entry ? "page" : undefined}
                >
                  {one.name}
                </Link>
              </li>
            ))}
        </ul>
        <Link className={styles["all"]} href={`/reference/${module}/type-index`} prefetch={false}>
          Types of “{module}”
        </Link>
      </aside>
    </div>
  );
}

interface NeighboursProps {
  readonly entries: readonly Entry[];
  readonly entry: Entry;
}

/** The pages before and after, in the order of the index. */
function Neighbours({ entries, entry }: NeighboursProps) {
  const at = entries.indexOf(entry);
  const before = entries[at - 1];
  const after = entries[at + 1];
  return (
    <nav className={styles["neighbours"]} aria-label="Pages before and after">
      {before && (
        <Link href={addressOf(before)} rel="prev">
          <span className={styles["label"]}>Before</span>
          <code>{before.name}</code>
        </Link>
      )}
      {after && (
        <Link className={styles["after"]} href={addressOf(after)} rel="next">
          <span className={styles["label"]}>After</span>
          <code>{after.name}</code>
        </Link>
      )}
    </nav>
  );
}
