/**
 * Processes of the world that every node has once somebody needs them, by the name under which they
 * are registered; as `otp/services.ts` has those of the library.
 */

/** Name of a service and the body of its process. */
export const SERVICES: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([]);
