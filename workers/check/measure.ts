/** What a prediction is compared with: figures read off a trace. */
import { KIND, SIGNAL } from "../kernel/index.ts";
import type { Measure } from "./spec.ts";
import type { Story } from "./story.ts";

/** Measures one run; NaN when there is nothing to measure. */
export function measure(story: Story, what: Measure): number {
  switch (what.measure) {
    case "mailboxAt":
      return mailboxAt(story, what.role, what.atUs);
    case "secondsUntilEmpty":
      return secondsUntilEmpty(story, what.role, what.fromUs);
    case "meanTimeMs":
      return stays(story, what).meanTimeUs / 1000;
    case "meanNumber":
      return stays(story, what).meanNumber;
  }
}

function mailboxAt(story: Story, role: string, atUs: number): number {
  let length = 0;
  forMailbox(story, role, (at, change) => {
    if (at <= atUs) length += change;
  });
  return length;
}

/**
 * The line is gone when the mailbox is empty and holds at most three for a second from then on:
 * in a till that works at 0.6 of its strength a message or two wait now and then.
 */
function secondsUntilEmpty(story: Story, role: string, fromUs: number): number {
  let length = 0;
  let emptySince: number | undefined;
  let answer = Number.NaN;
  forMailbox(story, role, (at, change) => {
    if (emptySince !== undefined && Number.isNaN(answer) && at - emptySince >= 1_000_000)
      answer = emptySince;
    length += change;
    if (at < fromUs) return;
    if (length === 0) emptySince ??= at;
    if (length > 3) emptySince = undefined;
  });
  if (Number.isNaN(answer)) answer = emptySince ?? Number.NaN;
  return (answer - fromUs) / 1_000_000;
}

function forMailbox(story: Story, role: string, visit: (at: number, change: number) => void): void {
  const ids = new Set(story.named(role).map((process) => process.id));
  const { trace } = story;
  for (let row = 0; row < trace.rowCount; row++) {
    if (!ids.has(trace.processOf(row))) continue;
    if (trace.kindOf(row) === KIND.arrive) visit(trace.atOf(row), 1);
    const isOut = trace.kindOf(row) === KIND.receive || trace.kindOf(row) === KIND.drop;
    if (isOut) visit(trace.atOf(row), -1);
  }
}

/**
 * Time and number in the system of calls that came between two instants: from a request's arrival
 * until its reply was sent. The number is the time-weighted mean, counted independently of the
 * times, so that Little's law can be checked rather than assumed.
 */
export function stays(
  story: Story,
  what: { readonly role: string; readonly fromUs: number; readonly untilUs: number },
): { readonly meanTimeUs: number; readonly meanNumber: number; readonly ratePerUs: number } {
  const ids = new Set(story.named(what.role).map((process) => process.id));
  const { trace } = story;
  const arrivedAt = new Map<number, number>();
  let timeUs = 0;
  let replies = 0;
  let arrivals = 0;
  let area = 0;
  let present = 0;
  let lastAt = what.fromUs;
  const advance = (at: number) => {
    const now = Math.min(Math.max(at, what.fromUs), what.untilUs);
    area += present * (now - lastAt);
    lastAt = now;
  };
  for (let row = 0; row < trace.rowCount; row++) {
    if (!ids.has(trace.processOf(row))) continue;
    const at = trace.atOf(row);
    const kind = trace.kindOf(row);
    const isCall = kind === KIND.arrive && trace.signalOf(row) === SIGNAL.call;
    const isReply = kind === KIND.send && trace.signalOf(row) === SIGNAL.reply;
    if (!isCall && !isReply) continue;
    advance(at);
    if (isCall) {
      present++;
      if (at >= what.fromUs && at < what.untilUs) {
        arrivals++;
        arrivedAt.set(trace.messageOf(row), at);
      }
    } else {
      present--;
      const came = arrivedAt.get(trace.causeOf(row));
      if (came === undefined) continue;
      timeUs += at - came;
      replies++;
    }
  }
  advance(what.untilUs);
  const spanUs = what.untilUs - what.fromUs;
  return { meanTimeUs: timeUs / replies, meanNumber: area / spanUs, ratePerUs: arrivals / spanUs };
}
