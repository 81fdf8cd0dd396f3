"use client";

import { useEffect, useState } from "react";
import type { FaultSpec } from "../../workers/kernel/scenario.ts";
import { hashOf } from "../editor/drafts.ts";
import type { ExerciseFile } from "../editor/exercise-file.ts";
import { decodeShare, isShareFragment, type SharedRun } from "./share-link.ts";

/** What became of the link in the address bar. Until the reader says so, nothing of it is run. */
export type Opening =
  | { readonly phase: "none" }
  | { readonly phase: "refused"; readonly message: string }
  /** The reader is asked; `open`: they look at it beside their own; `taken`: it is their own now. */
  | (OpenLink & { readonly phase: "asked" | "open" | "taken" });

/** A link that can be opened here. */
export interface OpenLink {
  readonly run: SharedRun;
  /** Where what the reader does with it is kept, apart from their own: "SHARED-<hash>". */
  readonly draftId: string;
  /** All files, as the sharer had them. */
  readonly files: readonly ExerciseFile[];
  /** What is not as when it was made, in a sentence. */
  readonly caution: string | undefined;
}

/** What a page says of a link's run: the files that it comes to, or why it is none of this page. */
export type Fitting =
  | {
      readonly ok: true;
      readonly files: readonly ExerciseFile[];
      readonly caution: string | undefined;
    }
  | { readonly ok: false; readonly message: string };

export interface LinkDesk {
  readonly opening: Opening;
  open(): void;
  take(): void;
  /** Back to the reader's own; the banner stays. */
  leave(): void;
  /** The one thing that takes the link out of the address bar. */
  discard(): void;
}

/**
 * Reads the link in the address bar, now and whenever it changes. `match` is asked once for each
 * link; `onRead` is told that there is something to be seen of it.
 */
export function useSharedLink(match: (run: SharedRun) => Fitting, onRead: () => void): LinkDesk {
  const [opening, setOpening] = useState<Opening>({ phase: "none" });

  // biome-ignore lint/correctness/useExhaustiveDependencies: what fits and who is told are fixed by the page.
  useEffect(() => {
    let turn = 0;
    async function read() {
      const mine = ++turn;
      const { hash } = window.location;
      if (!isShareFragment(hash)) return setOpening({ phase: "none" });
      const decoded = await decodeShare(hash);
      if (mine !== turn) return;
      onRead();
      const fitting = decoded.ok ? match(decoded.run) : decoded;
      if (!decoded.ok || !fitting.ok) {
        const message = fitting.ok ? "" : fitting.message;
        return setOpening({ phase: "refused", message });
      }
      const { files, caution } = fitting;
      const draftId = `SHARED-${hashOf(hash)}`;
      setOpening({ phase: "asked", run: decoded.run, draftId, files, caution });
    }
    const onChange = () => void read();
    onChange();
    window.addEventListener("hashchange", onChange);
    return () => {
      turn++;
      window.removeEventListener("hashchange", onChange);
    };
  }, []);

  const go = (phase: "asked" | "open" | "taken") =>
    setOpening((now) => ("run" in now ? { ...now, phase } : now));
  return {
    opening,
    open: () => go("open"),
    take: () => go("taken"),
    leave: () => go("asked"),
    discard() {
      const { pathname, search } = window.location;
      window.history.replaceState(window.history.state, "", pathname + search);
      setOpening({ phase: "none" });
    },
  };
}

/** Faults of a link that name a node which is not there, so that it cannot be run here. */
export function strangeNode(
  faults: readonly FaultSpec[],
  nodes: readonly string[],
): string | undefined {
  const named = faults.flatMap((one): readonly string[] => {
    if ("node" in one) return [one.node];
    if ("between" in one) return one.between;
    return "groups" in one ? one.groups.flat() : [one.from, one.to];
  });
  return named.find((name) => !nodes.includes(name));
}

/** Said when template or exercise has changed since the link was made. */
export function cautionFor(run: SharedRun, version: number, what: string): string | undefined {
  return run.version === version
    ? undefined
    : `The ${what} has changed since this link was made, so the run may go another way.`;
}
