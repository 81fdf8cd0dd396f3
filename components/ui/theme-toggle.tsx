"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useEffect } from "react";
import { IconButton } from "./icon-button.tsx";
import { useStored } from "./stored-value.ts";
import { nextTheme, showTheme, storedTheme, type Theme } from "./theme.ts";

const ICONS: Readonly<Record<Theme, typeof Sun>> = { system: Monitor, light: Sun, dark: Moon };
const WORDS: Readonly<Record<Theme, string>> = {
  system: "as the device",
  light: "light",
  dark: "dark",
};

/** One button through system, light and dark. It is absent where scripts are off: it could do nothing. */
export function ThemeToggle() {
  const theme = useStored(storedTheme);
  const next = nextTheme(theme);
  const Icon = ICONS[theme];

  // On a choice here or in another tab. Before the first one the page's head has done it.
  useEffect(() => storedTheme.subscribe(() => showTheme(storedTheme.read())), []);

  return (
    <IconButton
      label={`Theme: ${WORDS[theme]}. Change to ${WORDS[next]}.`}
      needsScript
      onClick={() => storedTheme.write(next)}
    >
      <Icon />
    </IconButton>
  );
}
