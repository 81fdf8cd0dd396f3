import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EntryPage } from "../../../../components/reference/entry-page.tsx";
import { SiteHeader } from "../../../../components/ui/site-header.tsx";
import { examplesOf, readExamples, readReference } from "../../../../server/reference.ts";
import styles from "../../reference.module.css";

/** What the API does not have is not found; that page offers to search. */
export const dynamicParams = false;

export function generateStaticParams() {
  return readReference().entries.map(({ module, slug }) => ({ module, name: slug }));
}

export async function generateMetadata({
  params,
}: PageProps<"/reference/[module]/[name]">): Promise<Metadata> {
  const entry = findEntry(readReference(), await params);
  return entry
    ? { title: `${entry.name} · Reference`, description: entry.doc.what.replaceAll("`", "") }
    : {};
}

/** One export of the learner's API. */
export default async function ReferenceEntryPage({
  params,
}: PageProps<"/reference/[module]/[name]">) {
  const reference = readReference();
  const entry = findEntry(reference, await params);
  if (!entry) notFound();
  return (
    <>
      <SiteHeader />
      <main className={styles["main"]} id="content">
        <EntryPage
          reference={reference}
          entry={entry}
          examples={examplesOf(entry, readExamples(entry.module))}
        />
      </main>
    </>
  );
}

function findEntry(
  { entries }: ReturnType<typeof readReference>,
  { module, name }: { readonly module: string; readonly name: string },
) {
  return entries.find((entry) => entry.module === module && entry.slug === name);
}
