import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { EventList } from "../../../components/flow/event-list.tsx";
import { FlowView } from "../../../components/flow/flow-view.tsx";
import { MailboxChart } from "../../../components/flow/mailbox-chart.tsx";
import { createPlayhead } from "../../../components/playback/playhead.ts";
import { createTraceSource } from "../../../components/playback/trace-source.ts";
import { Transport } from "../../../components/playback/transport.tsx";
import { Trace } from "../../../workers/kernel/trace.ts";
import { SMALL, shopScenario, shopTrace } from "./shop-trace.ts";

const scenario = shopScenario(SMALL);

/** The four parts as the server draws them, at one moment of a run. */
function page(trace: Trace, atUs: number): string {
  const source = createTraceSource(trace);
  if (trace.rowCount > 0) source.finish();
  const playhead = createPlayhead({
    source,
    horizonUs: SMALL.horizonUs,
    clock: () => 0,
    later: (run) => run(),
  });
  playhead.seek(atUs);
  return renderToString(
    <>
      <FlowView source={source} scenario={scenario} playhead={playhead} pinned={["till", "log"]} />
      <Transport
        source={source}
        playhead={playhead}
        bands={[{ fromUs: 0, toUs: 9e6, label: "rush" }]}
      />
      <MailboxChart source={source} scenario={scenario} playhead={playhead} process="till" />
      <EventList source={source} scenario={scenario} playhead={playhead} />
    </>,
  );
}

test("before a run the nodes stand still and say what to do", () => {
  const html = page(new Trace(), 0);
  expect(html).toContain("Run to see the messages move");
  expect(html).toContain("Nothing has happened yet.");
  for (const name of ["web", "n1", "customers", "till", "log"]) expect(html).toContain(name);
});

test("at a moment of a run every part shows that moment, within its bounds", () => {
  const html = page(shopTrace(SMALL), 1_000_000);
  expect(html).toContain("1.000 s, rush");
  expect(html).not.toContain("Run to see");
  expect(html).toMatch(/aria-label="till: [^"]+ in the mailbox, of \d+ the caller gave up"/);
  expect(html.match(/<li/g)?.length).toBeLessThan(110);
  const drawing = /<svg[^>]*class="[^"]*drawing.*?<\/svg>/s.exec(html)?.[0] ?? "";
  expect(drawing.match(/<(rect|path|circle|text|g)\b/g)?.length).toBeLessThan(500);
});
