"use client";

import type { ReactNode } from "react";
import { createStoredValue, useStored } from "../ui/stored-value.ts";
import { Tabs } from "../ui/tabs.tsx";
import styles from "./language-tabs.module.css";

const LANGUAGES = ["typescript", "erlang", "elixir"] as const;
type Language = (typeof LANGUAGES)[number];

const NAMES: Readonly<Record<Language, string>> = {
  typescript: "TypeScript",
  erlang: "Erlang",
  elixir: "Elixir",
};

/** The language a reader last looked at: all panels follow it. Under `steady-state:beam-language`. */
const storedLanguage = createStoredValue<Language>({
  key: "beam-language",
  fallback: "typescript",
  parse: (stored) => LANGUAGES.find((language) => language === stored),
});

type LanguageTabsProps = Readonly<Record<Language, ReactNode>>;

/** One piece of code in three languages. */
export function LanguageTabs(panels: LanguageTabsProps) {
  const selected = useStored(storedLanguage);
  return (
    <div className={styles["languages"]}>
      <Tabs
        label="Language"
        selected={selected}
        onSelect={storedLanguage.write}
        tabs={LANGUAGES.map((id) => ({
          id,
          label: NAMES[id],
          panel: (
            <>
              <p className={styles["name"]}>{NAMES[id]}</p>
              {panels[id]}
            </>
          ),
        }))}
      />
    </div>
  );
}
