/** Starting supervisors and asking them (section 5). */
import { type Script, settled } from "./coroutine.ts";
import { type Arguments, calling, type Ops, sorted } from "./op.ts";
import { api } from "./product.ts";
import type { Fields } from "./recording.ts";
import { sendableSpec, supervisorOf } from "./supervisor-tables.ts";
import { decode } from "./terms.ts";

export const SUPERVISOR_OPS: Ops = {
  sup_start: { needs: ["supervisor", "startLink"], run: start },
  sup_start_child: calling("startChild", (step) => [
    step.destination("sup"),
    step.has("args") ? step.term("args") : sendableSpec(step.raw("child") as Fields),
  ]),
  sup_terminate_child: calling("terminateChild", childOf),
  sup_restart_child: calling("restartChild", childOf),
  sup_delete_child: calling("deleteChild", childOf),
  sup_get_childspec: calling("getChildSpec", childOf, (given) => withoutCode(given)),
  sup_which_children: calling(
    "whichChildren",
    (step) => [step.destination("sup")],
    (given, step) => {
      const rows = (given as readonly (readonly unknown[])[]).map(withModuleName);
      return step.raw("sort") === true ? sorted(rows) : rows;
    },
  ),
  sup_count_children: calling(
    "countChildren",
    (step) => [step.destination("sup")],
    (given) => Object.entries(given as object).sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
  sup_check_childspecs: calling("checkChildSpecs", (step) => [
    (step.raw("children") as readonly Fields[]).map(sendableSpec),
  ]),
};

function* start(step: Arguments): Script<unknown> {
  const sup = step.text("sup");
  const definition = supervisorOf(sup, step.has("as") ? step.text("as") : sup);
  const options = step.has("name") ? { name: step.destination("name") } : {};
  return decode(yield* settled(api("startLink", definition, [], options)));
}

function childOf(step: Arguments): readonly unknown[] {
  return [step.destination("sup"), step.term("id")];
}

/** A specification without `start` and `modules`: what a child is made of is the bed's. */
function withoutCode(given: unknown): unknown {
  const [word, spec] = Array.isArray(given) ? given : [];
  if (word !== "ok") return given;
  const { start: _start, modules: _modules, ...rest } = spec as Record<string, unknown>;
  return [word, rest];
}

/** The modules of a child are the bed's as well; the recordings write "$mod" for them. */
function withModuleName([id, pid, type, modules]: readonly unknown[]): unknown {
  return [id, pid, type, Array.isArray(modules) ? modules.map(() => "$mod") : modules];
}
