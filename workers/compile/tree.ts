/** What acorn's syntax trees lack: one way to look at any node's children. */
import type { AnyNode } from "acorn";

export type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;
export type ClassNode = Extract<AnyNode, { type: "ClassDeclaration" | "ClassExpression" }>;

/** The children of a node in the order of the text. A shorthand property's value stands for its key. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  const children: AnyNode[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (typeof value !== "object" || value === null) continue;
    if (key === "key" && node.type === "Property" && node.shorthand) continue;
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  // Nearly always in order already; a template's text and expressions are not.
  if (!isOrdered(children)) children.sort((a, b) => a.start - b.start);
  return children;
}

function isOrdered(nodes: readonly AnyNode[]): boolean {
  return nodes.every((node, i) => i === 0 || (nodes[i - 1] as AnyNode).start <= node.start);
}

/** True for functions of every form, methods' among them. */
export function isFunction(node: AnyNode | null | undefined): node is FunctionNode {
  return (
    node?.type === "FunctionDeclaration" ||
    node?.type === "FunctionExpression" ||
    node?.type === "ArrowFunctionExpression"
  );
}

/** True for the loops that the guard counts. */
export function isLoop(node: AnyNode): boolean {
  return (
    node.type === "WhileStatement" ||
    node.type === "DoWhileStatement" ||
    node.type === "ForStatement" ||
    node.type === "ForInStatement" ||
    node.type === "ForOfStatement"
  );
}

/** The identifiers that a pattern declares. */
export function namesIn(pattern: AnyNode): readonly Extract<AnyNode, { type: "Identifier" }>[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((one) =>
        namesIn(one.type === "Property" ? one.value : one),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((one) => (one === null ? [] : namesIn(one)));
    case "RestElement":
      return namesIn(pattern.argument);
    case "AssignmentPattern":
      return namesIn(pattern.left);
    default:
      return [];
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
