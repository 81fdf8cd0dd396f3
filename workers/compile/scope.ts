/**
 * Who means what: for each identifier the binding that it refers to, and for each function what
 * lowering has to know of it, above all which bindings around it the function captures.
 *
 * One walk over the tree. A scope's declarations are entered before its code is walked, so every
 * reference is resolved where it stands. Whether a binding is ever reassigned is known only at the
 * end, and so are its uses; decisions are therefore taken afterwards, in `lift.ts`.
 */
import type { AnyNode, Program as Tree } from "acorn";
import { adviceFor, GLOBALS, isReserved } from "./globals.ts";
import type { Problem, RefusalCode } from "./program.ts";
import { type ClassNode, childrenOf, type FunctionNode, isFunction, namesIn } from "./tree.ts";

type Identifier = Extract<AnyNode, { type: "Identifier" }>;

/** A declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: "import" | "var" | "let" | "class" | "function" | "parameter";
  readonly scope: Scope;
  /** The offset from which code that runs in order finds it initialised. */
  readonly readyFrom: number;
  /** Functions in its initialiser that cannot be called before it is initialised. */
  readonly inert: ReadonlySet<AnyNode>;
  isReassigned: boolean;
  readonly uses: Use[];
}

interface Use {
  readonly at: number;
  readonly code: Code;
}

export interface Scope {
  /** The module's scope has depth 0. */
  readonly depth: number;
  readonly parent: Scope | undefined;
  readonly code: Code;
  readonly names: Map<string, Binding>;
  /** In a switch, a declaration that stands earlier may not have run. */
  readonly isSwitch: boolean;
}

/** A class, as far as private names matter. */
export interface ClassFacts {
  readonly outer: ClassFacts | undefined;
  readonly code: Code;
  readonly privateNames: ReadonlySet<string>;
  /** True when its definition is evaluated once for each instance of the module. */
  readonly isOnce: boolean;
}

/** A function, the module itself, or a class's initialiser: whatever has a `this` or is called. */
export class Code {
  readonly node: AnyNode;
  readonly outer: Code | undefined;
  readonly kind: "module" | "function" | "arrow" | "initialiser";
  readonly isAsync: boolean;
  readonly innermostClass: ClassFacts | undefined;
  /** Bindings from between the module's scope and this function. */
  readonly captures = new Set<Binding>();
  /** Names declared directly in it. */
  readonly ownScopes: Scope[] = [];
  usesThis = false;
  usesArguments = false;
  usesTarget = false;
  usesSuper = false;
  usesSuperSet = false;
  usesPrivate = false;
  hasAwait = false;
  /** True when it returns from within a `try` that has a `finally`. */
  returnsThroughFinally = false;

  constructor(node: AnyNode, outer: Code | undefined, kind: Code["kind"], klass?: ClassFacts) {
    this.node = node;
    this.outer = outer;
    this.kind = kind;
    this.isAsync = isFunction(node) && node.async;
    this.innermostClass = klass;
  }

  get depth(): number {
    return (this.ownScopes[0] as Scope).depth;
  }
}

/** What the walk found out about one file. */
export interface Analysis {
  readonly module: Scope;
  readonly codes: ReadonlyMap<AnyNode, Code>;
  /** Identifiers in reading or writing position. `arguments` objects are in `argumentsUses`. */
  readonly references: ReadonlyMap<AnyNode, Binding>;
  readonly argumentsUses: ReadonlySet<AnyNode>;
  readonly problems: readonly Problem[];
}

/** Analyses one file. Names that are neither declared nor global are problems. */
export function analyse(tree: Tree): Analysis {
  const walk = new Walk(tree);
  walk.run(tree);
  return walk;
}

const NONE: ReadonlySet<AnyNode> = new Set();
const KNOWN = new Set(GLOBALS);

class Walk implements Analysis {
  readonly codes = new Map<AnyNode, Code>();
  readonly references = new Map<AnyNode, Binding>();
  readonly argumentsUses = new Set<AnyNode>();
  readonly problems: Problem[] = [];
  readonly module: Scope;
  #code: Code;
  #scope: Scope;
  #class: ClassFacts | undefined;
  #loopDepth = 0;
  #finallyDepth = 0;

  constructor(tree: Tree) {
    this.#code = new Code(tree, undefined, "module");
    this.module = {
      depth: 0,
      parent: undefined,
      code: this.#code,
      names: new Map(),
      isSwitch: false,
    };
    this.#code.ownScopes.push(this.module);
    this.#scope = this.module;
  }

  run(tree: Tree): void {
    this.#declareVars(tree.body);
    this.#declareLexical(tree.body);
    this.#visitAll(tree.body);
  }

  // Declarations.

  #declare(
    id: Identifier,
    kind: Binding["kind"],
    readyFrom: number,
    inert: ReadonlySet<AnyNode> = NONE,
  ): void {
    if (isReserved(id.name)) {
      this.#problem(
        id,
        "reserved-name",
        `\`${id.name}\` is a name of the compiler's. Choose another.`,
      );
    }
    const { names } = this.#scope;
    if (names.has(id.name)) return;
    const scope = this.#scope;
    const isReassigned = kind === "var";
    names.set(id.name, { name: id.name, kind, scope, readyFrom, inert, isReassigned, uses: [] });
  }

  /** Declares what `let`, `const`, `class`, `function` and `import` declare in a list of statements. */
  #declareLexical(statements: readonly AnyNode[]): void {
    for (const statement of statements) this.#declareStatement(statement);
  }

  #declareStatement(node: AnyNode): void {
    switch (node.type) {
      case "VariableDeclaration":
        if (node.kind !== "var") this.#declareVariables(node, undefined);
        return;
      case "FunctionDeclaration":
        if (node.id !== null) this.#declare(node.id, "function", 0);
        return;
      case "ClassDeclaration":
        if (node.id !== null) this.#declare(node.id, "class", node.end);
        return;
      case "ImportDeclaration":
        for (const specifier of node.specifiers) this.#declare(specifier.local, "import", 0);
        return;
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
        if (node.declaration) this.#declareStatement(node.declaration);
        return;
    }
  }

  #declareVariables(
    node: Extract<AnyNode, { type: "VariableDeclaration" }>,
    readyFrom: number | undefined,
  ): void {
    const kind = node.kind === "var" ? "var" : "let";
    for (const { id, init, end } of node.declarations) {
      const inert = id.type === "Identifier" && init ? inertFunctions(init) : NONE;
      for (const name of namesIn(id)) this.#declare(name, kind, readyFrom ?? end, inert);
    }
  }

  /** Declares the `var`s of a function's whole body. */
  #declareVars(nodes: readonly AnyNode[]): void {
    for (const node of nodes) {
      if (isFunction(node) || node.type === "ClassBody") continue;
      if (node.type === "VariableDeclaration" && node.kind === "var") {
        this.#declareVariables(node, undefined);
      }
      this.#declareVars(childrenOf(node));
    }
  }

  // Scopes.

  #within(isSwitch: boolean, body: () => void): void {
    const outer = this.#scope;
    const depth = outer.depth + 1;
    this.#scope = { depth, parent: outer, code: this.#code, names: new Map(), isSwitch };
    body();
    this.#scope = outer;
  }

  #withinCode(node: AnyNode, kind: Code["kind"], body: () => void): void {
    const outer = this.#code;
    const [loopDepth, finallyDepth] = [this.#loopDepth, this.#finallyDepth];
    const code = new Code(node, outer, kind, this.#class);
    this.#code = code;
    this.codes.set(node, code);
    this.#finallyDepth = 0;
    this.#within(false, () => {
      code.ownScopes.push(this.#scope);
      body();
    });
    this.#code = outer;
    [this.#loopDepth, this.#finallyDepth] = [loopDepth, finallyDepth];
  }

  #function(node: FunctionNode): void {
    if (node.type === "FunctionExpression" && node.id) {
      const { id } = node;
      this.#within(false, () => {
        this.#declare(id, "function", 0);
        this.#functionItself(node);
      });
    } else {
      this.#functionItself(node);
    }
  }

  #functionItself(node: FunctionNode): void {
    const kind = node.type === "ArrowFunctionExpression" ? "arrow" : "function";
    this.#withinCode(node, kind, () => {
      for (const parameter of node.params) {
        for (const name of namesIn(parameter)) this.#declare(name, "parameter", node.body.start);
      }
      for (const parameter of node.params) this.#visitPattern(parameter, false);
      if (node.body.type !== "BlockStatement") return this.#visit(node.body);
      const statements = node.body.body;
      this.#within(false, () => {
        this.#code.ownScopes.push(this.#scope);
        this.#declareVars(statements);
        this.#declareLexical(statements);
        for (const statement of statements) this.#visit(statement);
      });
    });
  }

  #class_(node: ClassNode): void {
    this.#within(false, () => {
      if (node.id) this.#declare(node.id, "class", ownNameReadyFrom(node));
      if (node.superClass) this.#visit(node.superClass);
      const outer = this.#class;
      const isOnce = this.#code.kind === "module" && this.#loopDepth === 0;
      const privateNames = new Set<string>();
      for (const member of node.body.body) {
        if (member.type !== "StaticBlock" && member.key.type === "PrivateIdentifier") {
          privateNames.add(member.key.name);
        }
      }
      // Computed keys are walked within the class: they see its private names, as the standard says.
      this.#class = { outer, code: this.#code, privateNames, isOnce };
      for (const member of node.body.body) this.#visitMember(member);
      this.#class = outer;
    });
  }

  #visitMember(member: ClassNode["body"]["body"][number]): void {
    if (member.type === "StaticBlock") {
      return this.#withinCode(member, "initialiser", () => {
        this.#declareVars(member.body);
        this.#declareLexical(member.body);
        for (const statement of member.body) this.#visit(statement);
      });
    }
    if (member.computed) this.#visit(member.key);
    const { value } = member;
    if (!value) return;
    if (member.type === "MethodDefinition") return this.#visit(value);
    this.#withinCode(member, "initialiser", () => this.#visit(value));
  }

  // The walk.

  #visitAll(nodes: readonly AnyNode[]): void {
    for (const node of nodes) this.#visit(node);
  }

  #visit(node: AnyNode): void {
    switch (node.type) {
      case "Identifier":
        return this.#refer(node, false);
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class_(node);
      case "BlockStatement":
        return this.#within(false, () => {
          this.#declareLexical(node.body);
          this.#visitAll(node.body);
        });
      case "SwitchStatement":
        return this.#visitSwitch(node);
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        return this.#visitFor(node);
      case "WhileStatement":
      case "DoWhileStatement":
        return this.#inLoop(() => this.#visitAll(childrenOf(node)));
      case "TryStatement":
        return this.#visitTry(node);
      case "CatchClause":
        return this.#visitCatch(node);
      case "LabeledStatement":
        return this.#visit(node.body);
      case "BreakStatement":
      case "ContinueStatement":
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return;
      case "ExportNamedDeclaration":
        if (node.declaration) this.#visit(node.declaration);
        return;
      case "VariableDeclarator":
        this.#visitPattern(node.id, false);
        if (node.init) this.#visit(node.init);
        return;
      case "AssignmentExpression":
        this.#visitAssignment(node);
        return;
      case "UpdateExpression":
        if (isSuperMember(node.argument)) this.#superSet(node.argument, false);
        return this.#visitPattern(node.argument, true);
      case "Property":
        if (node.computed) this.#visit(node.key);
        return this.#visit(node.value);
      case "MemberExpression":
        return this.#visitMemberExpression(node);
      case "PrivateIdentifier":
        return this.#notePrivate(node.name);
      case "ThisExpression":
        return this.#mark("usesThis");
      case "Super":
        return;
      case "CallExpression":
        if (node.callee.type === "Super") this.#refuseSuperCall(node);
        return this.#visitAll(childrenOf(node));
      case "MetaProperty":
        return this.#visitMeta(node);
      case "ImportExpression":
        this.#problem(
          node,
          "dynamic-import",
          "Files are loaded before the run. Use `import … from` at the top.",
        );
        return;
      case "AwaitExpression":
        this.#await(node);
        return this.#visit(node.argument);
      case "ReturnStatement":
        if (this.#finallyDepth > 0) this.#code.returnsThroughFinally = true;
        return this.#visitAll(childrenOf(node));
      default:
        return this.#visitAll(childrenOf(node));
    }
  }

  #visitSwitch(node: Extract<AnyNode, { type: "SwitchStatement" }>): void {
    this.#visit(node.discriminant);
    this.#within(true, () => {
      this.#declareLexical(node.cases.flatMap((one) => one.consequent));
      this.#visitAll(node.cases);
    });
  }

  #visitFor(
    node: Extract<AnyNode, { type: "ForStatement" | "ForInStatement" | "ForOfStatement" }>,
  ): void {
    this.#within(false, () => {
      const head = node.type === "ForStatement" ? node.init : node.left;
      const ready = node.type === "ForStatement" ? undefined : node.body.start;
      if (head?.type === "VariableDeclaration" && head.kind !== "var") {
        this.#declareVariables(head, ready);
      }
      if (node.type === "ForOfStatement" && node.await) this.#await(node);
      this.#inLoop(() => {
        if (node.type === "ForStatement" || head?.type === "VariableDeclaration") {
          return this.#visitAll(childrenOf(node));
        }
        this.#visitPattern(node.left, true);
        this.#visit(node.right);
        this.#visit(node.body);
      });
    });
  }

  #inLoop(body: () => void): void {
    this.#loopDepth += 1;
    body();
    this.#loopDepth -= 1;
  }

  #visitTry(node: Extract<AnyNode, { type: "TryStatement" }>): void {
    const depth = node.finalizer ? 1 : 0;
    this.#finallyDepth += depth;
    this.#visitAll(childrenOf(node));
    this.#finallyDepth -= depth;
  }

  #visitCatch(node: Extract<AnyNode, { type: "CatchClause" }>): void {
    this.#within(false, () => {
      if (node.param) {
        for (const name of namesIn(node.param)) this.#declare(name, "parameter", node.body.start);
        this.#visitPattern(node.param, false);
      }
      this.#visit(node.body);
    });
  }

  #visitAssignment(node: Extract<AnyNode, { type: "AssignmentExpression" }>): void {
    if (isSuperMember(node.left)) this.#superSet(node.left, node.operator === "=");
    if (node.operator === "**=" && !isRepeatable(node.left)) {
      const message =
        "Write `a = a ** b` with `a` in a variable: this target would be computed twice.";
      this.#problem(node, "unsupported-power", message);
    }
    this.#visitPattern(node.left, true);
    this.#visit(node.right);
  }

  /** Walks a pattern: what it declares (`isTarget` false) or what it assigns to. */
  #visitPattern(node: AnyNode, isTarget: boolean): void {
    switch (node.type) {
      case "Identifier":
        if (isTarget) this.#refer(node, true);
        return;
      case "ObjectPattern":
        for (const one of node.properties) {
          if (one.type === "Property" && one.computed) this.#visit(one.key);
          this.#visitPattern(one.type === "Property" ? one.value : one, isTarget);
        }
        return;
      case "ArrayPattern":
        for (const one of node.elements) if (one !== null) this.#visitPattern(one, isTarget);
        return;
      case "RestElement":
        return this.#visitPattern(node.argument, isTarget);
      case "AssignmentPattern":
        this.#visitPattern(node.left, isTarget);
        return this.#visit(node.right);
      default:
        return this.#visit(node);
    }
  }

  #visitMemberExpression(node: Extract<AnyNode, { type: "MemberExpression" }>): void {
    if (node.object.type === "Super") {
      this.#mark("usesSuper");
      this.#mark("usesThis");
    } else {
      this.#visit(node.object);
    }
    if (node.computed || node.property.type === "PrivateIdentifier") this.#visit(node.property);
  }

  #visitMeta(node: Extract<AnyNode, { type: "MetaProperty" }>): void {
    if (node.meta.name === "new") return this.#mark("usesTarget");
    this.#problem(
      node,
      "import-meta",
      "A module here has no address, so there is no `import.meta`.",
    );
  }

  #await(node: AnyNode): void {
    this.#code.hasAwait = true;
    if (this.#code.kind !== "module") return;
    const message =
      "A file cannot wait while it is loaded. Put the `await` into an async function.";
    this.#problem(node, "top-level-await", message);
  }

  // References.

  #refer(node: Identifier, isWrite: boolean): void {
    const binding = this.#resolve(node.name);
    if (binding === undefined) return this.#referOutward(node);
    this.references.set(node, binding);
    binding.uses.push({ at: node.start, code: this.#code });
    if (isWrite) binding.isReassigned = true;
    if (isWrite && binding.kind === "import") {
      const message = `\`${node.name}\` is imported and cannot be assigned. Only its own file can change it.`;
      this.#problem(node, "assigned-import", message);
    }
    if (binding.scope === this.module) return;
    for (let code = this.#code; code.depth > binding.scope.depth; code = code.outer as Code) {
      code.captures.add(binding);
    }
  }

  #resolve(name: string): Binding | undefined {
    for (let scope: Scope | undefined = this.#scope; scope; scope = scope.parent) {
      const binding = scope.names.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  #referOutward(node: Identifier): void {
    const { name } = node;
    if (name === "arguments" && this.#home().kind === "function") {
      this.argumentsUses.add(node);
      return this.#mark("usesArguments");
    }
    if (KNOWN.has(name)) return;
    const advice = adviceFor(name);
    if (advice !== undefined) {
      return this.#problem(node, "forbidden-name", `There is no \`${name}\` here. ${advice}`);
    }
    const message = `\`${name}\` is not declared. Declare it, or import it from "otp" or another file.`;
    this.#problem(node, "unknown-name", message);
  }

  /** The code whose `this` and `arguments` are meant: an arrow has those around it. */
  #home(): Code {
    let code = this.#code;
    while (code.kind === "arrow") code = code.outer as Code;
    return code;
  }

  #mark(fact: "usesThis" | "usesArguments" | "usesTarget" | "usesSuper" | "usesSuperSet"): void {
    let code = this.#code;
    code[fact] = true;
    while (code.kind === "arrow") {
      code = code.outer as Code;
      code[fact] = true;
    }
  }

  #notePrivate(name: string): void {
    let owner = this.#class;
    while (owner && !owner.privateNames.has(name)) owner = owner.outer;
    for (let code: Code | undefined = this.#code; code && code !== owner?.code; code = code.outer) {
      code.usesPrivate = true;
    }
  }

  #superSet(node: AnyNode, isPlain: boolean): void {
    this.#mark("usesSuperSet");
    if (isPlain || !this.#isInAsync()) return;
    const message = "In an async method, write `super.a = …` with plain `=`.";
    this.#problem(node, "unsupported-super", message);
  }

  #refuseSuperCall(node: AnyNode): void {
    if (!this.#isInAsync()) return;
    this.#problem(node, "unsupported-super", "`super()` cannot be called from an async function.");
  }

  #isInAsync(): boolean {
    let code = this.#code;
    while (code.kind === "arrow" && !code.isAsync) code = code.outer as Code;
    return code.isAsync;
  }

  #problem(node: AnyNode, code: RefusalCode, message: string): void {
    this.problems.push({ start: node.start, end: node.end, code, message });
  }
}

function isSuperMember(node: AnyNode): boolean {
  return node.type === "MemberExpression" && node.object.type === "Super";
}

/** True for an assignment target that may be written twice without doing anything twice. */
function isRepeatable(node: AnyNode): boolean {
  if (node.type === "Identifier") return true;
  if (node.type !== "MemberExpression") return false;
  return isStable(node.object) && (!node.computed || isStable(node.property));
}

function isStable(node: AnyNode): boolean {
  return node.type === "Identifier" || node.type === "ThisExpression" || node.type === "Literal";
}

/** Where a class may use its own name: after the last computed key that could call something that does. */
function ownNameReadyFrom(node: ClassNode): number {
  const keys = node.body.body.flatMap((member) =>
    member.type !== "StaticBlock" && member.computed && holdsFunction(member.key)
      ? [member.key.end]
      : [],
  );
  return Math.max(node.body.start, ...keys);
}

function holdsFunction(node: AnyNode): boolean {
  return isFunction(node) || childrenOf(node).some(holdsFunction);
}

/** The functions that an initialiser only puts somewhere: directly, or within object and array literals. */
function inertFunctions(node: AnyNode): ReadonlySet<AnyNode> {
  const found = new Set<AnyNode>();
  const look = (one: AnyNode | null): void => {
    if (isFunction(one)) found.add(one);
    else if (one?.type === "ObjectExpression")
      for (const property of one.properties) look(property);
    else if (one?.type === "ArrayExpression") for (const element of one.elements) look(element);
    else if (one?.type === "Property") look(one.value);
  };
  look(node);
  return found;
}
