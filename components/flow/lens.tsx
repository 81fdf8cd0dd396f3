import { KIND, nodeOf, serialOf, type Trace } from "../../workers/kernel/trace.ts";
import { durationText, secondsText } from "../playback/time-text.ts";
import { eventSentence, type Names, noun, payloadText } from "./event-sentence.ts";
import { Glyph } from "./glyph.tsx";
import styles from "./lens.module.css";
import { countText, plural } from "./scene-text.ts";
import type { Selection } from "./selection.ts";
import { NONE } from "./tables.ts";
import type { TraceIndex } from "./trace-index.ts";

interface LensProps {
  readonly selection: Selection;
  readonly index: TraceIndex;
  readonly atUs: number;
  readonly names: Names;
  readonly onSelect: (selection: Selection | undefined) => void;
  readonly onSeek: (us: number) => void;
}

/** Messages of a mailbox that are listed, and events of a process. */
const LISTED = 12;
const EVENTS = 6;
/** Rows searched backward for a process's last events. */
const SEARCHED = 20_000;

/** What was picked, close up: what it is, what waits in it, what it did last. */
export function Lens(props: LensProps) {
  const { selection, onSelect } = props;
  return (
    <aside className={styles["lens"]} aria-label="What you picked">
      <button
        type="button"
        className={styles["close"]}
        aria-label="Close"
        onClick={() => onSelect(undefined)}
      >
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M3 3l8 8m0-8l-8 8" />
        </svg>
      </button>
      {selection.kind === "process" && <ProcessLens {...props} process={selection.process} />}
      {selection.kind === "crowd" && <CrowdLens {...props} slot={selection.slot} />}
      {selection.kind === "message" && <MessageLens {...props} message={selection.message} />}
    </aside>
  );
}

function ProcessLens({
  process,
  index,
  atUs,
  names,
  onSelect,
  onSeek,
}: LensProps & { readonly process: number }) {
  const p = index.processes.find(process);
  if (p === NONE) return <p className={styles["note"]}>This run has no such process.</p>;
  const state = index.stateAt(atUs);
  const { trace, messages, processes } = index;
  const isAlive = state.alive.has(p);
  const depth = state.depth[p] as number;
  const stale = state.stale[p] as number;
  const exitRow = processes.exitRow[p] as number;
  const waiting = state.waitingFor[p] as number;
  const name = processes.name[p];
  return (
    <>
      <h3 className={styles["title"]}>{names.process(process)}</h3>
      <p className={styles["note"]}>
        {name === undefined ? `a ${processes.label[p]}` : `process ${pidText(process, names)}`}
        {isAlive ? "" : exitRow < state.row ? ", ended" : ", not started yet"}
        {waiting > 0 &&
          `, waits for an answer since ${secondsText(messages.sendAt[waiting - 1] as number)}`}
      </p>
      <h4 className={styles["heading"]}>
        Mailbox <span className={styles["number"]}>{countText(depth)}</span>
        {stale > 0 && <span className={styles["amber"]}>{countText(stale)} given up</span>}
      </h4>
      {depth === 0 ? (
        <p className={styles["note"]}>Nothing waits.</p>
      ) : (
        <ol className={styles["messages"]}>
          {state.mailbox(p, LISTED).map((m) => {
            const row = messages.sendRow[m] as number;
            return (
              <li key={m}>
                <button
                  type="button"
                  className={styles["row"]}
                  onClick={() => onSelect({ kind: "message", message: messages.id[m] as number })}
                >
                  <Glyph signal={messages.signal[m] as number} hollow={state.isStale(m)} />
                  <span className={styles["payload"]}>
                    {!trace.hasPayload(row)
                      ? noun(messages.signal[m] as number)
                      : payloadText(trace.payloadOf(row))}
                  </span>
                  <span className={styles["since"]}>
                    {durationText(Math.max(0, atUs - at(trace, messages.arriveRow[m] as number)))}
                  </span>
                </button>
              </li>
            );
          })}
        </ol>
      )}
      {depth > LISTED && <p className={styles["note"]}>and {countText(depth - LISTED)} more</p>}
      <h4 className={styles["heading"]}>Last events</h4>
      <ol className={styles["events"]}>
        {lastEvents(index, state.row, process).map((row) => (
          <li key={row}>
            <button type="button" className={styles["row"]} onClick={() => onSeek(trace.atOf(row))}>
              <span className={styles["since"]}>{secondsText(trace.atOf(row))}</span>
              <span className={styles["sentence"]}>{eventSentence(trace, row, names)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function CrowdLens({ slot, index, atUs, names, onSelect }: LensProps & { readonly slot: number }) {
  const state = index.stateAt(atUs);
  const members: number[] = [];
  let waiting = 0;
  for (const p of state.alive.members()) {
    if (index.processes.slot[p] !== slot) continue;
    if (state.waitingFor[p] !== 0) waiting++;
    if (members.length < LISTED) members.push(p);
  }
  const gaveUp = state.slots[slot * 5 + 2] ?? 0;
  return (
    <>
      <h3 className={styles["title"]}>{plural(index.slots[slot]?.title ?? "process")}</h3>
      <p className={styles["note"]}>
        {countText(waiting)} wait on a call, {countText(gaveUp)} gave up so far
      </p>
      <h4 className={styles["heading"]}>Longest alive</h4>
      {members.length === 0 && <p className={styles["note"]}>Nobody is here.</p>}
      <ol className={styles["messages"]}>
        {members.map((p) => {
          const call = state.waitingFor[p] as number;
          const id = index.processes.id[p] as number;
          return (
            <li key={p}>
              <button
                type="button"
                className={styles["row"]}
                onClick={() => onSelect({ kind: "process", process: id })}
              >
                <span className={styles["payload"]}>{names.process(id)}</span>
                <span className={styles["since"]}>
                  {call > 0
                    ? `waits ${durationText(atUs - (index.messages.sendAt[call - 1] as number))}`
                    : "awake"}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function MessageLens({
  message,
  index,
  atUs,
  names,
  onSelect,
  onSeek,
}: LensProps & { readonly message: number }) {
  const m = index.messages.find(message);
  if (m === NONE) return <p className={styles["note"]}>This run has no such message.</p>;
  const { trace, messages, processes } = index;
  const state = index.stateAt(atUs);
  const row = messages.sendRow[m] as number;
  const from = trace.kindOf(row) === KIND.send ? trace.processOf(row) : trace.peerOf(row);
  const to = trace.kindOf(row) === KIND.send ? trace.peerOf(row) : trace.processOf(row);
  const arriveRow = messages.arriveRow[m] as number;
  const came =
    arriveRow !== NONE && trace.kindOf(arriveRow) === KIND.discard ? "came too late" : "arrives";
  const steps: readonly (readonly [string, number])[] = [
    ["sent", messages.sendAt[m] as number],
    ["lost", messages.dieAt[m] as number],
    [came, at(trace, arriveRow)],
    ["caller gives up", at(trace, messages.giveUpRow[m] as number)],
    ["taken", at(trace, messages.receiveRow[m] as number)],
  ];
  const receiver = messages.to[m] as number;
  return (
    <>
      <h3 className={styles["title"]}>
        <Glyph signal={messages.signal[m] as number} hollow={state.isStale(m)} size={16} />{" "}
        {noun(messages.signal[m] as number)}
      </h3>
      <p className={styles["note"]}>
        from {names.process(from ?? 0)} to{" "}
        {receiver === NONE ? (
          names.process(to ?? 0)
        ) : (
          <button
            type="button"
            className={styles["link"]}
            onClick={() => onSelect({ kind: "process", process: processes.id[receiver] as number })}
          >
            {names.process(to ?? 0)}
          </button>
        )}
      </p>
      {trace.hasPayload(row) && (
        <pre className={styles["content"]}>{payloadText(trace.payloadOf(row))}</pre>
      )}
      <h4 className={styles["heading"]}>Its way</h4>
      <ol className={styles["events"]}>
        {steps
          .filter(([, when]) => Number.isFinite(when))
          .sort((a, b) => a[1] - b[1])
          .map(([what, when]) => (
            <li key={what} data-future={when > atUs || undefined}>
              <button type="button" className={styles["row"]} onClick={() => onSeek(when)}>
                <span className={styles["since"]}>{secondsText(when)}</span>
                <span className={styles["sentence"]}>{what}</span>
              </button>
            </li>
          ))}
      </ol>
    </>
  );
}

function at(trace: Trace, row: number): number {
  return row === NONE ? Number.POSITIVE_INFINITY : trace.atOf(row);
}

function pidText(process: number, names: Names): string {
  return `<${names.node(nodeOf(process))}.${serialOf(process)}>`;
}

/** The rows before `end` in which a process acted, latest first. */
function lastEvents(index: TraceIndex, end: number, process: number): number[] {
  const found: number[] = [];
  const first = Math.max(0, end - SEARCHED);
  for (let row = end - 1; row >= first && found.length < EVENTS; row--) {
    if (index.trace.processOf(row) === process) found.push(row);
  }
  return found;
}
