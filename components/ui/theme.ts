import { createStoredValue } from "./stored-value.ts";

/** What a reader may choose. `system` follows the device, also while the page is open. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const isTheme = (value: unknown): value is Theme => THEMES.some((theme) => theme === value);

export const storedTheme = createStoredValue<Theme>({
  key: "theme",
  fallback: "system",
  parse: (stored) => (isTheme(stored) ? stored : undefined),
});

/** Puts the choice on the page, where the stylesheet reads it. */
export function showTheme(theme: Theme, root: HTMLElement = document.documentElement) {
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
}

/** The theme after this one, round and round. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
}
