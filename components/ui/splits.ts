import { createStoredValue } from "./stored-value.ts";

/** Shares in per cent by the split's name. */
export type Splits = Readonly<Record<string, number>>;

/** Where the reader put the dividers. The page's head shows them before the first paint. */
export const storedSplits = createStoredValue<Splits>({
  key: "splits",
  fallback: {},
  parse: (stored) =>
    typeof stored === "object" && stored !== null
      ? Object.fromEntries(Object.entries(stored).filter(([, share]) => typeof share === "number"))
      : undefined,
});

/** Puts a share on the page as `--split-<name>`, where the layout's stylesheet reads it. */
export function showSplit(
  name: string,
  share: number,
  root: HTMLElement = document.documentElement,
) {
  root.style.setProperty(`--split-${name}`, `${share}%`);
}

const STEP = 2;
const STRIDE = 10;

/**
 * The share after a key, before it is held within bounds; undefined when the key is not for a
 * divider. Arrows move by 2 %, with Shift or by Page keys 10 %; Home and End go to the ends.
 */
export function shareAfterKey(key: string, isShift: boolean, share: number): number | undefined {
  const step = isShift ? STRIDE : STEP;
  switch (key) {
    case "ArrowLeft":
    case "ArrowUp":
      return share - step;
    case "ArrowRight":
    case "ArrowDown":
      return share + step;
    case "PageUp":
      return share - STRIDE;
    case "PageDown":
      return share + STRIDE;
    case "Home":
      return 0;
    case "End":
      return 100;
    default:
      return undefined;
  }
}
