import { useSyncExternalStore } from "react";

/** Every key of ours in the browser's storage begins so. */
const STORAGE_PREFIX = "steady-state:";

/** A value that the browser keeps between visits, the same in all tabs. */
export interface StoredValue<T> {
  read(): T;
  write(next: T): void;
  /** Calls back on every change, from this tab or another; returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** What a server renders, and what holds until something is stored. */
  readonly fallback: T;
}

interface StoredAs<T> {
  /** After the prefix. */
  readonly key: string;
  readonly fallback: T;
  /** Takes what was stored, whoever wrote it; undefined when it is not a value of ours. */
  parse(stored: unknown): T | undefined;
}

/**
 * Makes a stored value. A browser may refuse storage (private windows, blocked cookies, full
 * disk): the value then lives as long as the page, and nothing fails. `read` gives the same object
 * until something changes, as React's external stores ask.
 */
export function createStoredValue<T>(
  { key, fallback, parse }: StoredAs<T>,
  storage: () => Storage = () => window.localStorage,
): StoredValue<T> {
  const name = STORAGE_PREFIX + key;
  const listeners = new Set<() => void>();
  let current: { readonly value: T } | undefined;

  function load(): T {
    try {
      const text = storage().getItem(name);
      return text === null ? fallback : (parse(JSON.parse(text)) ?? fallback);
    } catch {
      return fallback;
    }
  }

  function announce() {
    for (const listener of listeners) listener();
  }

  /** Another tab wrote this key, or cleared everything (key is null). */
  function onStorage(event: StorageEvent) {
    if (event.key !== name && event.key !== null) return;
    current = undefined;
    announce();
  }

  return {
    fallback,
    read() {
      current ??= { value: load() };
      return current.value;
    },
    write(next) {
      current = { value: next };
      try {
        storage().setItem(name, JSON.stringify(next));
      } catch {
        // Refused: `current` keeps it for as long as this page is open.
      }
      announce();
    },
    subscribe(listener) {
      if (listeners.size === 0) window.addEventListener("storage", onStorage);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) window.removeEventListener("storage", onStorage);
      };
    },
  };
}

/** The value in a component; `fallback` while rendering on the server and at first in the browser. */
export function useStored<T>(stored: StoredValue<T>): T {
  return useSyncExternalStore(stored.subscribe, stored.read, () => stored.fallback);
}
