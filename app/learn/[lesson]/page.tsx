import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LessonFooter } from "../../../components/lesson/lesson-footer.tsx";
import { LessonHead } from "../../../components/lesson/lesson-head.tsx";
import { LessonScope } from "../../../components/lesson/lesson-scope.tsx";
import { Prose } from "../../../components/lesson/prose.tsx";
import { findLesson, partName, titleParts } from "../../../lessons/catalog.ts";
import { PROSE } from "../../../lessons/prose.ts";
import { readWorkbench } from "../../../server/workbench.ts";
import { LessonWorkbench } from "./lesson-workbench.tsx";

/** Lessons without text have no page; the not-found page says that they are coming. */
export const dynamicParams = false;

export function generateStaticParams() {
  return Object.keys(PROSE).map((lesson) => ({ lesson }));
}

export async function generateMetadata({
  params,
}: PageProps<"/learn/[lesson]">): Promise<Metadata> {
  const lesson = findLesson((await params).lesson);
  return lesson ? { title: `${lesson.id} ${lesson.title}` } : {};
}

/** One lesson: its text, and the workbench beside it. */
export default async function LessonPage({ params }: PageProps<"/learn/[lesson]">) {
  const { lesson: slug } = await params;
  const lesson = findLesson(slug);
  const text = PROSE[slug];
  if (!lesson || !text) notFound();
  const { default: Text } = await text();
  const workbench = await readWorkbench(lesson);
  if (!workbench) notFound();

  return (
    <LessonScope id={lesson.id}>
      <LessonWorkbench
        lesson={lesson}
        title={`${lesson.id} ${titleParts(lesson).name}`}
        part={partName(lesson)}
        {...workbench}
        prose={
          <article>
            <LessonHead lesson={lesson} />
            <Prose>
              <Text />
            </Prose>
          </article>
        }
        footer={<LessonFooter lesson={lesson} />}
      />
    </LessonScope>
  );
}
