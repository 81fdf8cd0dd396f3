// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { BEFORE_PAINT } from "../../components/ui/before-paint.ts";
import { showSplit, storedSplits } from "../../components/ui/splits.ts";
import { nextTheme, showTheme, storedTheme } from "../../components/ui/theme.ts";

const root = document.documentElement;
// The script as the page's head runs it.
const beforePaint = () => new Function(BEFORE_PAINT)();

beforeEach(() => {
  localStorage.clear();
  root.removeAttribute("style");
  showTheme("system");
});

test.each(["light", "dark"] as const)(
  "a chosen %s theme is on the page before the first paint",
  (theme) => {
    storedTheme.write(theme);
    beforePaint();
    expect(root.dataset["theme"]).toBe(theme);
  },
);

test("the device's theme needs nothing on the page", () => {
  storedTheme.write("system");
  beforePaint();
  expect(root.dataset["theme"]).toBeUndefined();
});

test("splits are before the first paint where dragging had put them", () => {
  showSplit("reading", 52.5);
  const dragged = root.getAttribute("style");
  root.removeAttribute("style");
  storedSplits.write({ reading: 52.5 });
  beforePaint();
  expect(root.style.getPropertyValue("--split-reading")).toBe("52.5%");
  expect(root.getAttribute("style")).toBe(dragged);
});

test("spoilt storage leaves the page as it is", () => {
  localStorage.setItem("steady-state:theme", "{");
  localStorage.setItem("steady-state:splits", '{"reading":"red;}"}');
  expect(beforePaint).not.toThrow();
  expect(root.style.length).toBe(0);
});

test("the toggle goes through all three and back", () => {
  expect(nextTheme("system")).toBe("light");
  expect(nextTheme("light")).toBe("dark");
  expect(nextTheme("dark")).toBe("system");
});
