"use client";

import type { ComponentProps } from "react";
import { Workbench } from "../../../components/sandbox/workbench.tsx";
import { WORKBENCHES } from "../../../lessons/workbench.ts";

/** The workbench of a lesson, with the way to its sentences, which no server can hand over. */
export function LessonWorkbench(props: Omit<ComponentProps<typeof Workbench>, "loadWorkbench">) {
  const { slug } = props.lesson;
  return (
    <Workbench
      {...props}
      loadWorkbench={async () => {
        const found = await WORKBENCHES[slug]?.();
        if (found === undefined) throw new Error(`lesson ${slug} has no workbench`);
        return found.workbench;
      }}
    />
  );
}
