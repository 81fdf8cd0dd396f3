/**
 * The processes that every node has once somebody needs them, by the name under which they are
 * registered. A node begins one when it is first asked for, by a process of its own or by a message
 * from elsewhere.
 */
import { APPLICATION_CONTROLLER, controllerBody } from "./application-controller.ts";
import { NAME_SERVER } from "./global.ts";
import { nameServerBody } from "./global-server.ts";

/** Name of a service and the body of its process. */
export const SERVICES: ReadonlyMap<string, () => unknown> = new Map([
  [NAME_SERVER, nameServerBody],
  [APPLICATION_CONTROLLER, controllerBody],
]);
