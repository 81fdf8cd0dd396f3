import { meta as firstMessages } from "./01-first-messages/meta.ts";
import type { CoursePart, LessonId, LessonMeta, LessonMode, PartNumber } from "./schema.ts";

/** A lesson that has its place, but no text yet. Once written, its folder's meta.ts replaces it. */
type Coming = readonly [
  part: PartNumber,
  slug: string,
  title: string,
  minutesSelf: number,
  minutesClass: number,
  mode: LessonMode,
];

const COMING: readonly Coming[] = [
  [1, "let-it-crash", "Let it crash: supervision and the error kernel", 60, 12, "hands-on"],
  [1, "dead-or-slow", "Dead or just slow? Failure detection", 50, 6, "demo"],
  [2, "cutting", "Cutting the system: services, boundaries, node types", 60, 14, "hands-on"],
  [2, "wiring-the-nodes", "Wiring the nodes: mesh, groups, gateways, bus", 50, 10, "demo"],
  [2, "rings", "Rings, virtual nodes and hand-off", 60, 12, "hands-on"],
  [3, "contracts", "Contracts: protocols, deadlines, BFFs, gateways, trust", 50, 6, "demo"],
  [3, "what-to-share", "What to share: nothing, something, everything", 55, 8, "demo"],
  [3, "quorums", "Quorums, staleness and mergeable data", 60, 8, "demo"],
  [3, "when-a-request-fails", "When a request fails: delivery semantics", 60, 14, "hands-on"],
  [3, "facts-first", "Facts first: event hub, outbox, event sourcing, CQRS", 60, 4, "demo"],
  [3, "idempotent-consumers", "Idempotent and order-tolerant consumers", 55, 6, "demo"],
  [
    4,
    "two-computers",
    "Two computers: peers, standbys, availability arithmetic",
    55,
    8,
    "hands-on",
  ],
  [4, "one-leader", "One leader at a time: election, leases, split brain", 60, 5, "demo"],
  [4, "retries", "Retries that do not kill: backoff, jitter, budgets", 60, 12, "hands-on"],
  [4, "fuses-and-bulkheads", "Fuses and bulkheads", 55, 7, "demo"],
  [4, "poison-events", "Poison events and fault events", 50, 5, "demo"],
  [4, "control-services", "Control services: sagas and complex events", 60, 0, "take-away"],
  [4, "many-regions", "Many regions", 60, 3, "demo"],
  [5, "laws-of-queues", "Laws of queues and of scaling", 60, 6, "demo"],
  [5, "capacity", "Capacity: load tests, bottlenecks, blueprints", 60, 6, "demo"],
  [
    5,
    "load-regulation",
    "Load regulation: admission, shedding, queue discipline",
    60,
    11,
    "hands-on",
  ],
  [5, "backpressure", "Backpressure by demand", 60, 10, "hands-on"],
  [5, "stream-processors", "Stream processors: flow and rate limits", 55, 3, "demo"],
  [5, "lasting-overload", "Overload that outlives its cause", 70, 4, "demo"],
  [6, "seeing", "Seeing: logs, metrics, traces", 55, 6, "demo"],
  [6, "acting", "Acting: alarms, SLOs, preemptive automation", 65, 10, "hands-on"],
  [6, "changing", "Changing: hand-over, flags, experiments", 60, 4, "demo"],
];

const WRITTEN: readonly LessonMeta[] = [firstMessages];

/** All lessons in order, without the capstone. */
export const LESSONS: readonly LessonMeta[] = [
  ...WRITTEN,
  ...COMING.map((row, index) => toMeta(row, WRITTEN.length + index + 1)),
];

export const CAPSTONE: LessonMeta = {
  id: "C",
  slug: "capstone",
  number: LESSONS.length + 1,
  part: "capstone",
  title: "Corner Shop survives Friday",
  minutesSelf: 180,
  minutesClass: 0,
  mode: "project",
  status: "coming",
  objectives: [],
  exercises: [],
};

export const PARTS: readonly CoursePart[] = [
  {
    number: 1,
    title: "Foundations",
    about: "What a process is, how it fails, and how the others find out.",
    lessons: lessonsOf(1),
  },
  {
    number: 2,
    title: "Distribution",
    about: "Where to cut a system, how to wire its nodes, and who owns which key.",
    lessons: lessonsOf(2),
  },
  {
    number: 3,
    title: "Interfaces and state",
    about: "What to promise across a boundary, what to share, and what to do when no answer comes.",
    lessons: lessonsOf(3),
  },
  {
    number: 4,
    title: "Availability",
    about: "How to stay open while parts are down: peers, leaders, retries, fuses, regions.",
    lessons: lessonsOf(4),
  },
  {
    number: 5,
    title: "Scalability",
    about: "The laws of queues, and what to do when more work arrives than can be done.",
    lessons: lessonsOf(5),
  },
  {
    number: 6,
    title: "Visibility and change",
    about: "How to see, steer and change a system while it runs.",
    lessons: lessonsOf(6),
  },
];

/** The lesson at /learn/<slug>, written or not; undefined when the course has none such. */
export function findLesson(slug: string): LessonMeta | undefined {
  return [...LESSONS, CAPSTONE].find((lesson) => lesson.slug === slug);
}

/** "Part 1 · Foundations", or "Capstone". */
export function partName({ part }: Pick<LessonMeta, "part">): string {
  const found = PARTS.find(({ number }) => number === part);
  return found ? `Part ${found.number} · ${found.title}` : "Capstone";
}

/** The lesson's folder below lessons/. */
export function lessonFolder({ number, slug }: Pick<LessonMeta, "number" | "slug">): string {
  return `${String(number).padStart(2, "0")}-${slug}`;
}

/** "First messages: processes, mailboxes" → its name, and what stands after the colon. */
export function titleParts({ title }: Pick<LessonMeta, "title">): {
  readonly name: string;
  readonly about: string | undefined;
} {
  const [name = title, ...about] = title.split(": ");
  return { name, about: about.length > 0 ? about.join(": ") : undefined };
}

function lessonsOf(part: PartNumber): readonly LessonMeta[] {
  return LESSONS.filter((lesson) => lesson.part === part);
}

function toMeta(row: Coming, number: number): LessonMeta {
  const [part, slug, title, minutesSelf, minutesClass, mode] = row;
  // The template's type is wider than the two digits that it makes.
  const id = `L${String(number).padStart(2, "0")}` as LessonId;
  const status = "coming";
  return {
    ...{ id, slug, number, part, title, minutesSelf, minutesClass, mode, status },
    objectives: [],
    exercises: [],
  };
}
