/**
 * Processes of the world that every node has once somebody needs them, by the name under which they
 * are registered; as `otp/services.ts` has those of the library.
 */
import { ALARM_HANDLER, alarmHandlerBody } from "./alarm-handler.ts";
import { FLAGS, flagsBody } from "./flags-server.ts";
import { FUSE_SERVER, fuseServerBody } from "./fuse.ts";
import { LOGGER } from "./logger.ts";
import { loggerBody } from "./logger-handler.ts";
import { agentBody } from "./ops-agent.ts";
import { NODE_AGENT, OPERATOR } from "./ops-protocol.ts";
import { operatorBody } from "./ops-server.ts";
import { TOPICS, topicsBody } from "./topic.ts";

/** Name of a service and the body of its process. */
export const SERVICES: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
  [ALARM_HANDLER, alarmHandlerBody],
  [FLAGS, flagsBody],
  [FUSE_SERVER, fuseServerBody],
  [LOGGER, loggerBody],
  [NODE_AGENT, agentBody],
  [OPERATOR, operatorBody],
  [TOPICS, topicsBody],
]);
