import type { Metadata } from "next";
import { Playground } from "../../components/play/playground.tsx";
import { readTemplates } from "../../server/templates.ts";

export const metadata: Metadata = {
  title: "Playground",
  description:
    "Small systems to run, break and rewrite: code, scenario, seed and faults are yours.",
};

/** The workbench without a lesson. */
export default function PlayPage() {
  return <Playground templates={readTemplates().map(({ crashes: _, ...shown }) => shown)} />;
}
