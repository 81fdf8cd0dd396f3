/** The playground's templates, in the order in which they are offered. Their files lie in the folders named here. */

export interface TemplateMeta {
  /** Its folder, and its name in links; never changed once published. */
  readonly id: string;
  readonly title: string;
  /** What it shows, in two lines. */
  readonly about: string;
  /** Raised when its files change, so that a link made before can say so. */
  readonly version: number;
  /** Virtual seconds per real second at which it is best watched. */
  readonly speed: number;
  /** Names of processes that end by an error on purpose; all others must not. */
  readonly crashes: readonly string[];
}

export const TEMPLATES: readonly TemplateMeta[] = [
  {
    id: "ping-pong",
    title: "Ping and pong",
    about: "Two processes, a wire and one ball: what a message is, and how long it is on its way.",
    version: 1,
    speed: 0.5,
    crashes: [],
  },
  {
    id: "rush",
    title: "A till and a rush",
    about: "More customers come than one till can serve, for five seconds. How long is the line?",
    version: 1,
    speed: 1,
    crashes: [],
  },
  {
    id: "let-it-crash",
    title: "Let it crash",
    about: "An oven that crashes now and then, and a supervisor that starts it again.",
    version: 1,
    speed: 1,
    crashes: ["oven"],
  },
  {
    id: "retries",
    title: "Retries and a lossy wire",
    about: "A third of the messages die. Asking again helps, if asking twice does no harm.",
    version: 1,
    speed: 0.5,
    crashes: [],
  },
  {
    id: "cluster",
    title: "A cluster of three and a partition",
    about: "One name in the whole cluster, until the cluster is in two: then there are two bosses.",
    version: 1,
    speed: 2,
    crashes: [],
  },
  {
    id: "stream",
    title: "A stream and two consumers",
    about:
      "Two share the partitions of a stream. One is killed; the other takes over what was his.",
    version: 1,
    speed: 1,
    crashes: [],
  },
  {
    id: "demand",
    title: "Demand: producer and consumers",
    about: "A producer makes what it is asked for and no more, so a slow consumer slows it down.",
    version: 1,
    speed: 0.5,
    crashes: [],
  },
  {
    id: "disk",
    title: "Disk: what a crash loses",
    about: "Written is not safe: a node is killed between two syncs, and begins anew with a gap.",
    version: 1,
    speed: 0.5,
    crashes: [],
  },
];
