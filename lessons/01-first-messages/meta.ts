import type { LessonMeta } from "../schema.ts";

export const meta: LessonMeta = {
  id: "L01",
  slug: "first-messages",
  number: 1,
  part: 1,
  title: "First messages: processes, mailboxes, virtual time",
  minutesSelf: 35,
  minutesClass: 12,
  mode: "hands-on",
  status: "written",
  objectives: [
    "Read the animation: nodes, processes, mailboxes and the messages between them.",
    "Write a genServer, and tell call from cast.",
    "Predict a mailbox from the rates of arrival and service.",
    "Say what a time-out at the caller leaves undecided at the callee.",
  ],
  exercises: [
    { id: "E1", title: "Till" },
    { id: "E2", title: "Do not block the till" },
    { id: "E3", title: "Predict" },
  ],
};
