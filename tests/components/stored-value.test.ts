// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { createStoredValue } from "../../components/ui/stored-value.ts";

const KEY = "steady-state:count";
const parse = (stored: unknown) => (typeof stored === "number" ? stored : undefined);
const count = () => createStoredValue<number>({ key: "count", fallback: 0, parse });

beforeEach(() => localStorage.clear());

test("what is written is kept for the next visit", () => {
  count().write(3);
  expect(count().read()).toBe(3);
  expect(localStorage.getItem(KEY)).toBe("3");
});

test.each(['"three"', "{", "null"])("what is not ours, %s, reads as the fallback", (stored) => {
  localStorage.setItem(KEY, stored);
  expect(count().read()).toBe(0);
});

test("where storage is refused the value lives as long as the page", () => {
  const refused = createStoredValue<number>({ key: "count", fallback: 0, parse }, () => {
    throw new DOMException("Storage is off.", "SecurityError");
  });
  expect(refused.read()).toBe(0);
  refused.write(2);
  expect(refused.read()).toBe(2);
});

test("another tab's change, or its clearing of everything, is heard until one stops listening", () => {
  const value = count();
  const heard = vi.fn();
  const stop = value.subscribe(heard);
  expect(value.read()).toBe(0);

  localStorage.setItem(KEY, "7");
  window.dispatchEvent(new StorageEvent("storage", { key: KEY }));
  expect(value.read()).toBe(7);

  window.dispatchEvent(new StorageEvent("storage", { key: "of somebody else" }));
  expect(heard).toHaveBeenCalledTimes(1);

  localStorage.clear();
  window.dispatchEvent(new StorageEvent("storage", { key: null }));
  expect(value.read()).toBe(0);

  stop();
  window.dispatchEvent(new StorageEvent("storage", { key: KEY }));
  expect(heard).toHaveBeenCalledTimes(2);
});

test("what is read stays the same object until something changes", () => {
  const list = createStoredValue<readonly number[]>({
    key: "list",
    fallback: [],
    parse: (stored) => (Array.isArray(stored) ? stored : undefined),
  });
  list.write([1]);
  expect(list.read()).toBe(list.read());
});
