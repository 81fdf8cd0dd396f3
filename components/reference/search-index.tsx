"use client";

import { Search } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { type Findable, find } from "./search.ts";
import styles from "./search-index.module.css";

interface Shelf {
  readonly id: string;
  readonly title: string;
  readonly what: string;
}

interface SearchIndexProps {
  readonly themes: readonly Shelf[];
  readonly all: readonly Findable[];
}

/** Results that are listed; more than these call for another letter. */
const LISTED_MAX = 60;

/**
 * Everything in the reference by theme, or what fits a few letters, the best first. Keys: `/` goes
 * to the box, the arrows through what was found, Enter opens the first, Escape leads back.
 */
export function SearchIndex({ themes, all }: SearchIndexProps) {
  const router = useRouter();
  const [query, setQuery] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const isSearching = query.trim() !== "";
  const found = useMemo(() => find(all, query), [all, query]);
  const listed = isSearching ? found.slice(0, LISTED_MAX) : found;

  // The address is the server's business no longer: the page is the same for every query.
  useEffect(() => {
    setQuery(new URLSearchParams(window.location.search).get("q") ?? "");
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const { target, key, ctrlKey, metaKey, altKey } = event;
      const isTyping = target instanceof HTMLElement && target.matches("input, textarea, select");
      if (key !== "/" || ctrlKey || metaKey || altKey || isTyping) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);

  function change(text: string) {
    setQuery(text);
    const to =
      text.trim() === "" ? "/reference" : `/reference?q=${encodeURIComponent(text.trim())}`;
    window.history.replaceState(window.history.state, "", to);
  }

  function rows(): readonly HTMLElement[] {
    return [...(list.current?.querySelectorAll<HTMLElement>("a[data-row]") ?? [])];
  }

  function onBoxKey(event: KeyboardEvent) {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      rows()[0]?.focus();
    } else if (event.key === "Escape" && query !== "") {
      event.preventDefault();
      change("");
    } else if (event.key === "Enter") {
      event.preventDefault();
      const [first] = listed;
      if (isSearching && first !== undefined) router.push(first.href);
    }
  }

  function onListKey(event: KeyboardEvent) {
    if (event.key === "Escape") {
      event.preventDefault();
      box.current?.focus();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? all[at + 1] : (all[at - 1] ?? box.current);
    next?.focus();
  }

  return (
    <>
      <search className={styles["search"]}>
        <label className={styles["field"]}>
          <Search aria-hidden />
          <input
            ref={box}
            className={styles["box"]}
            type="search"
            name="q"
            aria-label="Search the reference"
            placeholder="A name, the BEAM’s name, or a word"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            enterKeyHint="go"
            value={query}
            onChange={({ target }) => change(target.value)}
            onKeyDown={onBoxKey}
          />
          <kbd className={styles["key"]} aria-hidden>
            /
          </kbd>
        </label>
        <p className={styles["count"]} role="status">
          {isSearching ? countText(found.length) : ""}
        </p>
      </search>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the links within. */}
      <div ref={list} className={styles["list"]} onKeyDown={onListKey}>
        {isSearching ? (
          <>
            {found.length === 0 && <NothingFound query={query} />}
            <ul>
              {listed.map((one) => (
                <Row key={one.href} one={one} query={query} />
              ))}
            </ul>
          </>
        ) : (
          themes.map((theme) => {
            const inside = listed.filter((one) => one.theme === theme.id);
            return (
              inside.length > 0 && (
                <section key={theme.id} className={styles["shelf"]} aria-labelledby={theme.id}>
                  <div className={styles["head"]}>
                    <h2 className={styles["title"]} id={theme.id}>
                      {theme.title}
                    </h2>
                    <p className={styles["about"]}>{theme.what}</p>
                  </div>
                  <ul>
                    {inside.map((one) => (
                      <Row key={one.href} one={one} query="" />
                    ))}
                  </ul>
                </section>
              )
            );
          })
        )}
      </div>
    </>
  );
}

function countText(count: number): string {
  if (count === 0) return "Nothing found";
  const more = count > LISTED_MAX ? `, the first ${LISTED_MAX} shown` : "";
  return `${count} found${more}. Enter opens the first.`;
}

function NothingFound({ query }: { readonly query: string }) {
  return (
    <p className={styles["nothing"]}>
      Nothing has “{query.trim()}” in its name, on the BEAM, or in its text. Fewer letters may find
      more.
    </p>
  );
}

/** One line of the list; all of it is the link. */
function Row({ one, query }: { readonly one: Findable; readonly query: string }) {
  return (
    <li>
      <Link className={styles["row"]} href={one.href} prefetch={false} data-row>
        <code className={styles["name"]}>
          <Marked text={one.name} query={query} />
        </code>
        <span className={styles["what"]}>{one.what.replaceAll("`", "")}</span>
        <code className={styles["beam"]}>
          <Marked text={one.beam.join(", ")} query={query} />
        </code>
      </Link>
    </li>
  );
}

/** The letters that were searched for, marked where they stand in one piece. */
function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const sought = query.trim().toLowerCase();
  const at = sought === "" ? -1 : text.toLowerCase().indexOf(sought);
  if (at < 0) return text;
  const end = at + sought.length;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}
