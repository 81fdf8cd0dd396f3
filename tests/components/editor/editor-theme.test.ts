import { expect, it } from "vitest";
import { hexOf } from "../../../components/editor/editor-theme.ts";

it("colours are given to Monaco as it can read them, or not at all", () => {
  expect(hexOf("rgb(27, 31, 6)")).toBe("#1b1f06");
  expect(hexOf("rgba(255, 255, 255, 0.5)")).toBe("#ffffff");
  expect(() => hexOf("oklch(0.7 0.1 200)")).toThrow("no colour");
});
