/**
 * Tells an editor's own words, coming back as props, from words of somebody else. What is typed
 * goes up as a change and comes down again a little later, when more may have been typed: writing
 * that back into the editor would undo the newest letters.
 */
export interface Echoes {
  /** The editor says that its text is now this. */
  said(text: string): void;
  /** A text comes down: true when the editor has said it before and need not listen. */
  isEcho(text: string): boolean;
}

/** Texts that are remembered; more than anybody types before a page renders. */
const SAID_MAX = 200;

export function createEchoes(): Echoes {
  let said: string[] = [];
  return {
    said(text) {
      said.push(text);
      if (said.length > SAID_MAX) said.shift();
    },
    isEcho(text) {
      const at = said.indexOf(text);
      if (at < 0) return false;
      // The newest stays: what holds may come down any number of times.
      said = said.slice(Math.min(at + 1, said.length - 1));
      return true;
    },
  };
}
