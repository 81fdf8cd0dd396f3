/** Where drafts are stored: IndexedDB, or for tests and for browsers that refuse, nothing but memory. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Draft, PastVersion, Stored } from "./drafts.ts";

export interface DraftStore {
  /** What is stored of an exercise; history oldest first. */
  load(exerciseId: string): Promise<Stored>;
  /** Stores all of it or nothing. `added` and `dropped` are the history's changes. */
  save(change: DraftChange): Promise<void>;
}

export interface DraftChange {
  readonly drafts: readonly Draft[];
  readonly added: readonly PastVersion[];
  readonly dropped: readonly PastVersion[];
}

interface Schema extends DBSchema {
  drafts: { key: [exerciseId: string, path: string]; value: Draft };
  history: {
    key: [exerciseId: string, path: string, savedAt: number];
    value: PastVersion;
  };
}

const DATABASE = "steady-state";
const DATABASE_VERSION = 1;

/** The browser's store. It is opened on first use; a refusal is tried anew on the next. */
export function createBrowserStore(): DraftStore {
  let opening: Promise<IDBPDatabase<Schema>> | undefined;

  function database(): Promise<IDBPDatabase<Schema>> {
    opening ??= openDB<Schema>(DATABASE, DATABASE_VERSION, {
      upgrade(made) {
        made.createObjectStore("drafts", { keyPath: ["exerciseId", "path"] });
        made.createObjectStore("history", { keyPath: ["exerciseId", "path", "savedAt"] });
      },
      // Another tab has a newer course: let it have its way, and open anew when next asked.
      blocking(_now, _next, event) {
        (event.target as IDBDatabase).close();
        opening = undefined;
      },
      terminated() {
        opening = undefined;
      },
    });
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  }

  return {
    async load(exerciseId) {
      const all = IDBKeyRange.bound([exerciseId], [exerciseId, []]);
      const transaction = (await database()).transaction(["drafts", "history"]);
      const [drafts, history] = await Promise.all([
        transaction.objectStore("drafts").getAll(all),
        transaction.objectStore("history").getAll(all),
      ]);
      return { drafts, history: history.toSorted((a, b) => a.savedAt - b.savedAt) };
    },
    async save({ drafts, added, dropped }) {
      const transaction = (await database()).transaction(["drafts", "history"], "readwrite");
      const history = transaction.objectStore("history");
      await Promise.all([
        ...drafts.map((draft) => transaction.objectStore("drafts").put(draft)),
        ...dropped.map(({ exerciseId, path, savedAt }) =>
          history.delete([exerciseId, path, savedAt]),
        ),
        ...added.map((version) => history.put(version)),
        transaction.done,
      ]);
    },
  };
}

/** A store that ends with the page. */
export function createMemoryStore(): DraftStore {
  const drafts = new Map<string, Draft>();
  let history: readonly PastVersion[] = [];
  return {
    async load(exerciseId) {
      return {
        drafts: [...drafts.values()].filter((draft) => draft.exerciseId === exerciseId),
        history: history.filter((version) => version.exerciseId === exerciseId),
      };
    },
    async save(change) {
      for (const draft of change.drafts) drafts.set(`${draft.exerciseId}/${draft.path}`, draft);
      const isDropped = (one: PastVersion) =>
        [...change.dropped, ...change.added].some(
          (other) =>
            other.exerciseId === one.exerciseId &&
            other.path === one.path &&
            other.savedAt === one.savedAt,
        );
      history = [...history.filter((one) => !isDropped(one)), ...change.added];
    },
  };
}
