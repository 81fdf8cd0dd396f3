/** The keys that stage and transport share; see the course's help page for the list. */

import { nextSpeed, type Playhead } from "./playhead.ts";

export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * Space plays and pauses; ← → step by an event, with Shift by one of the selected process; L plays
 * (again: faster), K pauses, J plays backward (again: faster). False: not our key.
 */
export function pressKey(event: Key, playhead: Playhead, selected: number | undefined): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const now = playhead.snapshot();
  const step = (direction: 1 | -1) =>
    event.shiftKey && selected !== undefined
      ? playhead.stepProcessEvent(selected, direction)
      : playhead.stepEvent(direction);
  switch (event.key) {
    case " ":
      playhead.toggle();
      return true;
    case "ArrowRight":
      step(1);
      return true;
    case "ArrowLeft":
      step(-1);
      return true;
    case "k":
    case "K":
      playhead.pause();
      return true;
    case "l":
    case "L":
      playThatWay(playhead, 1, now.playing && now.direction === 1);
      return true;
    case "j":
    case "J":
      playThatWay(playhead, -1, now.playing && now.direction === -1);
      return true;
    default:
      return false;
  }
}

/** Plays in a direction; when it already does, faster. */
function playThatWay(playhead: Playhead, direction: 1 | -1, already: boolean): void {
  if (already) playhead.setSpeed(nextSpeed(playhead.snapshot().speed, 1));
  else playhead.play(direction);
}
