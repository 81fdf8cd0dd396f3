/** The world around the processes. First storey: what a scenario starts, and open load. */
export { addLoad, nextArrivalUs } from "./load.ts";
export { populate } from "./populate.ts";
export { type Instance, startable } from "./program.ts";
