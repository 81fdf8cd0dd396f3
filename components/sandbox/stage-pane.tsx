"use client";

import { X } from "lucide-react";
import { useState } from "react";
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { EventList } from "../flow/event-list.tsx";
import { FlowView } from "../flow/flow-view.tsx";
import type { FlowLayout } from "../flow/layout.ts";
import { MailboxChart } from "../flow/mailbox-chart.tsx";
import { processOf, type Selection } from "../flow/selection.ts";
import type { Band } from "../playback/band.ts";
import { ExportMenu } from "../playback/export-menu.tsx";
import { secondsText } from "../playback/time-text.ts";
import { Transport } from "../playback/transport.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { Segmented } from "../ui/segmented.tsx";
import type { Staging } from "./lab.ts";
import styles from "./stage-pane.module.css";

interface StagePaneProps {
  readonly staging: Staging;
  readonly bands: readonly Band[];
  readonly pinned: readonly string[];
  readonly layout: FlowLayout;
  readonly faults: readonly FaultSpec[];
  /** Names the files of an exported trace; undefined until the run is over. */
  readonly runName: string | undefined;
  /** Runs again with other faults; the play-head stays where it is. */
  onFaults(faults: readonly FaultSpec[]): void;
}

const FACES = [
  { value: "picture", label: "Picture" },
  { value: "events", label: "Events" },
] as const;

/** The run on the stage, as a picture or as text, with what moves through time below it. */
export function StagePane({
  staging,
  bands,
  pinned,
  layout,
  faults,
  runName,
  onFaults,
}: StagePaneProps) {
  const { scenario, source, playhead } = staging;
  const [face, setFace] = useState<"picture" | "events">("picture");
  const [selection, setSelection] = useState<Selection>();
  const selected = processOf(selection);
  const started = new Set(scenario.starts.map(({ name }) => name));
  const charted = pinned.find((name) => started.has(name));
  return (
    <div className={styles["pane"]} data-ground="stage">
      {/* The picture owns the frame loop, so it is hidden rather than taken away. */}
      <div className={styles["picture"]} hidden={face !== "picture"}>
        <FlowView
          source={source}
          scenario={scenario}
          playhead={playhead}
          layout={layout}
          pinned={pinned}
          onSelect={setSelection}
        />
      </div>
      {face === "events" && (
        <div className={styles["events"]}>
          <EventList source={source} scenario={scenario} playhead={playhead} selected={selected} />
        </div>
      )}
      <div className={styles["time"]}>
        <Transport
          source={source}
          playhead={playhead}
          bands={bands}
          selected={selected}
          tools={
            <>
              <ExportMenu source={source} runName={runName} />
              <Faults staging={staging} faults={faults} onFaults={onFaults} />
              <Segmented<"picture" | "events">
                label="Show the run as"
                options={FACES}
                value={face}
                onChange={setFace}
              />
            </>
          }
        />
        {charted !== undefined && (
          <div className={styles["chart"]}>
            <MailboxChart
              source={source}
              scenario={scenario}
              playhead={playhead}
              process={charted}
              height={44}
            />
          </div>
        )}
      </div>
    </div>
  );
}

/** Faults by hand: each is part of the scenario from then on, so the run repeats with it. */
function Faults({
  staging,
  faults,
  onFaults,
}: Pick<StagePaneProps, "staging" | "faults" | "onFaults">) {
  const { scenario, playhead } = staging;
  const kills = faults.filter((fault) => fault.kind === "crash");
  const alive = scenario.nodes.filter(({ name }) => !kills.some(({ node }) => node === name));
  return (
    <div className={styles["faults"]}>
      {kills.map((fault) => (
        <span key={fault.node} className={styles["fault"]}>
          {fault.node} killed at {secondsText(fault.atUs)}
          <IconButton
            label={`Let ${fault.node} live`}
            onClick={() => onFaults(faults.filter((other) => other !== fault))}
          >
            <X size={14} aria-hidden />
          </IconButton>
        </span>
      ))}
      {alive.length > 0 && (
        <select
          className={styles["kill"]}
          aria-label="Kill a node at the play-head"
          value=""
          onChange={({ target }) => {
            const atUs = playhead.snapshot().atUs;
            onFaults([...faults, { kind: "crash", node: target.value, atUs }]);
          }}
        >
          <option value="" disabled>
            Kill a node…
          </option>
          {alive.map(({ name }) => (
            <option key={name} value={name}>
              Kill {name} at the play-head
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
