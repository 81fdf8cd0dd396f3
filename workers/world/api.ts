/**
 * The learner's module "world": what surrounds processes. Where OTP or a well-known library has the
 * like, names are its names and a function's comment ends with what it is called there. Times are
 * milliseconds of virtual time.
 */
export { intended } from "./intended.ts";
