import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { linksOf } from "../../../../components/reference/address.ts";
import { TypeShape } from "../../../../components/reference/type-shape.tsx";
import { SiteHeader } from "../../../../components/ui/site-header.tsx";
import { readReference } from "../../../../server/reference.ts";
import styles from "../../reference.module.css";

export const dynamicParams = false;

export function generateStaticParams() {
  const modules = new Set(readReference().entries.map(({ module }) => module));
  return [...modules].map((module) => ({ module }));
}

export async function generateMetadata({
  params,
}: PageProps<"/reference/[module]/type-index">): Promise<Metadata> {
  return { title: `Types of “${(await params).module}” · Reference` };
}

/** All types of a module, by name: where the links of code and comments end. */
export default async function ReferenceTypesPage({
  params,
}: PageProps<"/reference/[module]/type-index">) {
  const { module } = await params;
  const reference = readReference();
  if (!reference.entries.some((entry) => entry.module === module)) notFound();
  const types = reference.types.filter((type) => type.module === module);
  const links = linksOf(
    reference,
    module,
    types.map(({ name }) => name),
  );
  return (
    <>
      <SiteHeader />
      <main className={styles["main"]} id="content">
        <h1 className={styles["title"]}>Types of “{module}”</h1>
        <p className={styles["lead"]}>
          {types.length === 0
            ? "This module has no types of its own. "
            : "What the signatures speak of. Import those that you write down, with the word type before them. "}
          <Link href="/reference">Back to the reference</Link>
        </p>
        <ul className={styles["names"]} aria-label="Types by name">
          {types.map(({ name }) => (
            <li key={name}>
              <a href={`#${name}`}>{name}</a>
            </li>
          ))}
        </ul>
        <div className={styles["types"]}>
          {types.map((type) => (
            <TypeShape key={type.name} type={type} links={links} level={2} />
          ))}
        </div>
      </main>
    </>
  );
}
