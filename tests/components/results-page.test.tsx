// @vitest-environment happy-dom
/** The page of results as a document, before anything was run. */
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, it } from "vitest";
import ResultsPage from "../../app/results/page.tsx";
import { REPRODUCTIONS } from "../../workers/reproduce/catalog.ts";
import { NOT_REPRODUCED } from "../../workers/reproduce/not-reproduced.ts";

let page: Document;
beforeAll(() => {
  page = new DOMParser().parseFromString(renderToStaticMarkup(<ResultsPage />), "text/html");
});

describe("the page of results, before a run", () => {
  it.each(REPRODUCTIONS)("has $id at its own address, with all that is said of it", (result) => {
    const section = page.getElementById(result.id.toLowerCase());
    const words = section?.textContent ?? "";
    expect(section?.querySelector("h2")?.textContent).toBe(`${result.id} ${result.title}`);
    for (const told of [result.conditions, ...result.assumptions]) expect(words).toContain(told);
    for (const { title, confidence } of result.sources)
      expect(words).toMatch(new RegExp(`${escaped(title)} ${confidence}, `));
  });

  it("has no number of ours", () => {
    const ours = [...page.querySelectorAll("[data-label=Ours], [data-label=Judgement]")];
    expect(ours.length).toBeGreaterThan(400);
    expect(new Set(ours.map(({ textContent }) => textContent))).toEqual(new Set(["–not run yet"]));
  });

  it("names what is not made again, and why", () => {
    const words = page.getElementById("not-made")?.textContent ?? "";
    for (const { what, source, why } of NOT_REPRODUCED)
      for (const told of [what, source, why]) expect(words).toContain(told);
  });

  it("has an anchor for every link within it", () => {
    const targets = [...page.querySelectorAll("a[href^='#']")].map((a) => a.getAttribute("href"));
    expect(targets.length).toBeGreaterThan(REPRODUCTIONS.length);
    for (const target of targets) expect(page.getElementById(`${target}`.slice(1))).not.toBeNull();
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
