/**
 * How each async function is compiled. A generator closure made for every call costs 2 µs and fills
 * the old space (a hidden class and a prototype each), so generators are made once, outside:
 *
 *   plain   no `await` in it: an ordinary function that gives a promise
 *   lifted  its generator stands at the module's top; what it captures becomes parameters
 *   static  as lifted, but in a static block of its class, where private names are known
 *   inline  its generator stays where it is: correct for all code, and slow
 *
 * Captures may become parameters only when they can no longer change after the call: a parameter
 * is a copy. The rule is by position and errs towards inline.
 */
import type { AnyNode } from "acorn";
import type { Binding, Code } from "./scope.ts";
import type { FunctionNode } from "./tree.ts";

export type Plan = "plain" | "lifted" | "static" | "inline";

/** Decides for an async function. `node` is `code`'s own. */
export function planOf(node: FunctionNode, code: Code, declared: Binding | undefined): Plan {
  if (isPlain(node, code)) return "plain";
  if (!capturesAreFixed(node, code, declared)) return "inline";
  if (!code.usesPrivate) return "lifted";
  return code.innermostClass?.isOnce === true ? "static" : "inline";
}

/** A parameter that can be passed on by its name, and whose default (if any) cannot fail. */
export function isSimpleParameter(node: AnyNode): boolean {
  if (node.type === "Identifier") return true;
  if (node.type === "RestElement") return node.argument.type === "Identifier";
  if (node.type !== "AssignmentPattern" || node.left.type !== "Identifier") return false;
  return isHarmless(node.right);
}

function isHarmless(node: AnyNode): boolean {
  switch (node.type) {
    case "Literal":
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return true;
    case "UnaryExpression":
      return node.operator !== "delete" && node.argument.type === "Literal";
    case "ArrayExpression":
      return node.elements.length === 0;
    case "ObjectExpression":
      return node.properties.length === 0;
    default:
      return false;
  }
}

function isPlain(node: FunctionNode, code: Code): boolean {
  if (node.generator || code.hasAwait || code.returnsThroughFinally) return false;
  return node.params.every(isSimpleParameter);
}

function capturesAreFixed(node: FunctionNode, code: Code, declared: Binding | undefined): boolean {
  for (const binding of code.captures) {
    if (binding.isReassigned || binding.scope.isSwitch) return false;
    if (code.ownScopes.some((scope) => scope.names.has(binding.name))) return false;
    if (!isReady(binding, node, code, declared)) return false;
  }
  return true;
}

/** True when the binding is initialised before the function can be called. */
function isReady(
  binding: Binding,
  node: FunctionNode,
  code: Code,
  declared: Binding | undefined,
): boolean {
  if (node.type === "FunctionDeclaration" && binding.readyFrom > 0) {
    return declared !== undefined && isUsedOnlyAfter(declared, binding.readyFrom, code);
  }
  return binding.readyFrom <= node.start || binding.inert.has(node);
}

/** A function declaration exists from the start of its block, so each of its uses is looked at. */
function isUsedOnlyAfter(declared: Binding, offset: number, self: Code): boolean {
  return declared.uses.every((use) => {
    for (let code: Code | undefined = use.code; code; code = code.outer) {
      if (code === self) return true;
      if (code.depth <= declared.scope.depth) break;
      if (code.node.type === "FunctionDeclaration") return false;
    }
    return use.at >= offset;
  });
}
