import { expect, it } from "vitest";
import { createEchoes } from "../../../components/editor/echoes.ts";

it("one's own words come back late and are no news; others' are", () => {
  const echoes = createEchoes();
  echoes.said("a");
  echoes.said("ab");
  expect(echoes.isEcho("a")).toBe(true);
  expect(echoes.isEcho("ab")).toBe(true);
  expect(echoes.isEcho("ab")).toBe(true);
  expect(echoes.isEcho("starter")).toBe(false);
  // Once "ab" has come back, "a" would be somebody's wish.
  expect(echoes.isEcho("a")).toBe(false);
});
