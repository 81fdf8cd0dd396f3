"use client";

import { Undo2 } from "lucide-react";
import { useRef, useState } from "react";
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { EventList } from "../flow/event-list.tsx";
import { FlowView } from "../flow/flow-view.tsx";
import { indexOf } from "../flow/index-of.ts";
import type { FlowLayout } from "../flow/layout.ts";
import { MailboxChart } from "../flow/mailbox-chart.tsx";
import { processOf, type Selection } from "../flow/selection.ts";
import type { Band } from "../playback/band.ts";
import { ExportMenu } from "../playback/export-menu.tsx";
import { FaultBands } from "../playback/fault-bands.tsx";
import { isSame } from "../playback/same-faults.ts";
import { Transport } from "../playback/transport.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { namedProcesses, pickedOn, useFaultDesk } from "./fault-desk.ts";
import { FaultEditor } from "./fault-editor.tsx";
import { useHeldEditing } from "./fault-focus.ts";
import { FaultMenu, type FaultView } from "./fault-menu.tsx";
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
  const [breaking, setBreaking] = useState<FaultView>();
  const [editing, setEditing] = useHeldEditing(faults);
  const pane = useRef<HTMLDivElement>(null);
  const desk = useFaultDesk(pane, faults, onFaults);
  const selected = processOf(selection);
  const started = new Set(scenario.starts.map(({ name }) => name));
  const charted = pinned.find((name) => started.has(name));
  const edited = editing === undefined ? undefined : faults[editing];
  // A verdict's run is shown with the faults of its own; so is one from before a change.
  const isOther = runName !== undefined && !isSame(faults, scenario.faults);

  const ground = () => {
    const index = indexOf(source.trace, scenario);
    return { scenario, plan: faults, processes: namedProcesses(scenario, index) };
  };
  /** What is broken is broken at the moment that the reader looks at, so that moment stays. */
  const openMenu = () => {
    playhead.pause();
    const picked = pickedOn(selection, scenario, indexOf(source.trace, scenario));
    setBreaking({ ground: ground(), atUs: playhead.snapshot().atUs, picked });
  };

  return (
    <div ref={pane} className={styles["pane"]} data-ground="stage">
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
              <div className={styles["breaking"]}>
                <FaultMenu
                  desk={desk}
                  view={breaking}
                  onOpen={openMenu}
                  onClose={() => setBreaking(undefined)}
                  onEdit={setEditing}
                />
                {desk.canUndo && (
                  <IconButton
                    label="Undo the last fault change"
                    data-keep="undo"
                    onClick={desk.undo}
                  >
                    <Undo2 aria-hidden="true" />
                  </IconButton>
                )}
              </div>
              <Segmented<"picture" | "events">
                label="Show the run as"
                options={FACES}
                value={face}
                onChange={setFace}
              />
            </>
          }
        />
        <FaultBands
          desk={desk}
          horizonUs={scenario.horizonUs}
          onEdit={setEditing}
          onMore={openMenu}
        />
        {isOther && <p className={styles["other"]}>The run shown was made with other faults.</p>}
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
      {editing !== undefined && edited !== undefined && (
        <FaultEditor
          key={editing}
          fault={edited}
          ground={ground()}
          index={editing}
          onChange={(fault) => {
            setEditing(undefined);
            desk.change(editing, fault);
          }}
          onRemove={() => {
            setEditing(undefined);
            desk.remove(editing);
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
    </div>
  );
}
