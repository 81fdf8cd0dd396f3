/**
 * The names under which a behaviour can be started and reached: one of its node, one of `global`,
 * or one in a registry. Who has a name is read at once; giving a global one is the work of a name
 * server, which is itself a behaviour. It puts its function in here, or the two would import each
 * other in a circle.
 */
import { CoPromise, type Destination, type Pid, type Process } from "../kernel/index.ts";
import { type GlobalName, isGlobalName, whereisGlobal } from "./global.ts";
import { isViaName, registerVia, unregisterVia, type ViaName, whereisVia } from "./registry.ts";

/** A name that a behaviour is started under. */
export type ServerName = string | GlobalName | ViaName;

/** Whom a request can be sent to. */
export type ServerRef = Destination | GlobalName | ViaName;

type Register = (name: unknown, pid: Pid) => PromiseLike<unknown>;

let registerGlobally: Register | undefined;

/** Tells how a global name is given; called once, when the library is put together. */
export function giveGlobalNamesBy(register: Register): void {
  registerGlobally = register;
}

/** Who has a name now. */
export function holderOf(process: Process, name: ServerName): Pid | undefined {
  if (isGlobalName(name)) return whereisGlobal(name.global, process.node);
  if (isViaName(name)) return whereisVia(name);
  return process.node.find(name)?.pid;
}

/** An address that the node can send to; undefined when nobody has the name of `global` or the registry. */
export function locate(dest: ServerRef): Destination | undefined {
  if (isGlobalName(dest)) return whereisGlobal(dest.global);
  return isViaName(dest) ? whereisVia(dest) : dest;
}

/** True when an address means the running process itself. */
export function isOneself(process: Process, dest: Destination): boolean {
  if (typeof dest === "string") return dest === process.pid || dest === process.name;
  return dest.name === process.name && dest.node === process.node.name;
}

/**
 * Gives the running process its name, unless that was done when it began: true, or false when
 * another one has it. A promise for a global name.
 */
export function takeName(process: Process, name: ServerName): boolean | CoPromise<boolean> {
  if (isViaName(name)) return registerVia(name);
  if (!isGlobalName(name)) return true;
  if (registerGlobally === undefined) throw new Error("nobody gives global names here");
  const answer = CoPromise.resolve(registerGlobally(name.global, process.pid));
  return answer.then((word) => word === "yes");
}

/** Takes a name in a registry away before its bearer ends, so that it is free at once. Others are. */
export function freeName(name: ServerName): void {
  if (isViaName(name)) unregisterVia(name);
}
