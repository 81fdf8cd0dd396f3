/**
 * task: the functions of Elixir's Task and Task.Supervisor under one name. What they do and how
 * stands in `task-owner.ts`, `task-supervisor.ts` and `task-stream.ts`; rules in SPEC.md, I.
 */
import {
  async,
  awaitMany,
  awaitTask,
  completed,
  ignore,
  shutdown,
  startTask,
  startTaskLink,
  yieldMany,
  yieldTask,
} from "./task-owner.ts";
import { asyncStream, asyncStreamNolink } from "./task-stream.ts";
import {
  asyncNolink,
  asyncUnder,
  childrenOf,
  startChildUnder,
  taskSupervisor,
  terminateTask,
} from "./task-supervisor.ts";

/**
 * A piece of work in a process of its own, and its result later. `async` links the two, so that one
 * does not outlive the other's crash; under a task supervisor they can be apart. Elixir's `Task`.
 */
export const task = {
  async,
  await: awaitTask,
  awaitMany,
  yield: yieldTask,
  yieldMany,
  shutdown,
  ignore,
  completed,
  start: startTask,
  startLink: startTaskLink,
  asyncStream,
  asyncStreamNolink,
  supervisor: taskSupervisor,
  asyncUnder,
  asyncNolink,
  startChild: startChildUnder,
  children: childrenOf,
  terminateChild: terminateTask,
};
