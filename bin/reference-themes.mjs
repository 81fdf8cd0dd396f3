// @ts-check
/**
 * Where in the learner's reference an export stands: by the file that declares it, since a file has
 * one idea. Files that hold several themes name the exports of each. A new file needs its line here;
 * tests/components/reference.test.ts says so.
 */

/**
 * A shelf of the reference. `from`: files, below workers/; after a colon only these of their exports.
 * @typedef {{ readonly id: string, readonly title: string, readonly what: string, readonly from: readonly string[] }} Theme
 */

/** In the order of the index, and of the pages. @type {readonly Theme[]} */
export const THEMES = [
  {
    id: "processes",
    title: "Processes",
    what: "Starting one, ending one, asking about one.",
    from: [
      "otp/processes: spawn self exit error isProcessAlive processInfo maxHeap",
      "kernel/reason",
    ],
  },
  {
    id: "messages",
    title: "Messages",
    what: "What processes say to each other, and how they wait for it.",
    from: ["otp/processes: send receive when makeRef alias unalias"],
  },
  {
    id: "links",
    title: "Links and monitors",
    what: "How one process hears of the end of another.",
    from: ["otp/processes: link unlink spawnLink trapExit monitor demonitor spawnMonitor"],
  },
  {
    id: "behaviours",
    title: "Behaviours",
    what: "Servers, state machines, tasks: the loop is written, you write what is yours.",
    from: [
      "otp/gen-server",
      "otp/start",
      "otp/stop",
      "otp/gen-statem",
      "otp/task",
      "otp/sys",
      "otp/application",
    ],
  },
  {
    id: "requests",
    title: "Requests",
    what: "Asking a server and being answered, now, later, or from many at once.",
    from: ["otp/call", "otp/requests", "otp/multi-call"],
  },
  {
    id: "supervision",
    title: "Supervision",
    what: "Who starts a process again, how often, and together with whom.",
    from: ["otp/supervisor", "otp/dynamic-supervisor", "otp/partition-supervisor"],
  },
  {
    id: "names",
    title: "Names and groups",
    what: "Finding a process without its pid: on a node, in a cluster, by key, as a group.",
    from: [
      "otp/processes: register unregister whereis registered",
      "otp/global-names",
      "otp/pg",
      "otp/registry",
    ],
  },
  {
    id: "nodes",
    title: "Nodes",
    what: "Which nodes there are, which of them answer, and running something there.",
    from: ["otp/processes: node", "otp/nodes", "otp/rpc"],
  },
  {
    id: "time",
    title: "Time and work",
    what: "Virtual time, timers, and what keeps a core busy.",
    from: [
      "otp/processes: sleep sendAfter startTimer cancelTimer readTimer monotonic wall work random statistics",
    ],
  },
  {
    id: "stages",
    title: "Stages",
    what: "Producers and consumers that ask for no more than they can handle.",
    from: ["otp/stage"],
  },
  {
    id: "storage",
    title: "Storage",
    what: "Tables in memory, files that outlive a node, transactions over several keys.",
    from: ["otp/ets", "world/disk", "world/db", "world/db-transaction"],
  },
  {
    id: "events",
    title: "Topics and streams",
    what: "Telling whoever listens, and keeping what was told to be read later.",
    from: ["world/topic", "world/stream"],
  },
  {
    id: "routing",
    title: "Keys and rings",
    what: "Which node is responsible for which key, and what moves when nodes come and go.",
    from: ["world/hash", "world/ring", "world/hash-ring"],
  },
  {
    id: "load",
    title: "Load and the world outside",
    what: "Customers as they come, and services that are not yours.",
    from: ["world/intended", "world/provider", "world/socket", "world/load"],
  },
  {
    id: "regulators",
    title: "Regulators",
    what: "Saying no in time: buckets, fuses, pools, queues that know their bound.",
    from: [
      "world/token-bucket",
      "world/retry-budget",
      "world/fuse",
      "world/pool",
      "world/jobs-queue",
    ],
  },
  {
    id: "visibility",
    title: "Visibility",
    what: "What a system tells of itself while it runs.",
    from: [
      "otp/log",
      "world/logger",
      "world/metrics",
      "world/telemetry",
      "world/span",
      "world/alarm",
      "world/notify",
      "otp/probe",
    ],
  },
  {
    id: "series",
    title: "Series and verdicts",
    what: "Figures over time, what they say, and when somebody should be woken.",
    from: ["world/series", "world/series-run", "world/series-source", "world/series-compare"],
  },
  {
    id: "operations",
    title: "Operations",
    what: "Scaling, draining, deploying, upgrading: what is done to a running system.",
    from: ["otp/sys: hotUpgrade", "world/ops", "world/flags"],
  },
];

/** File, or file and export, to the theme's id. */
const PLACES = new Map(
  THEMES.flatMap(({ id, from }) =>
    from.flatMap((entry) => {
      const [file, names] = entry.split(": ");
      return names === undefined
        ? [/** @type {const} */ ([`${file}`, id])]
        : names.split(" ").map((name) => /** @type {const} */ ([`${file}:${name}`, id]));
    }),
  ),
);

/**
 * The id of an export's theme; undefined when none was given.
 * @param {string} source the file that declares it, "workers/otp/sys.ts"
 * @param {string} name
 * @returns {string | undefined}
 */
export function themeOf(source, name) {
  const file = source.replace(/^workers\//, "").replace(/\.ts$/, "");
  return PLACES.get(`${file}:${name}`) ?? PLACES.get(file);
}
