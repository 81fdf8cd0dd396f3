/**
 * The second step: one file's JavaScript as a module of the script. Async functions become
 * generators made once (`lift.ts` says where), loops and function entries count down the guard,
 * `catch` and `finally` let a stop through, imports become live references.
 *
 * Whatever is not named here is copied as it stands, its children written in their places.
 */
import type { AnyNode } from "acorn";
import { isSimpleParameter, type Plan, planOf } from "./lift.ts";
import type { Import, Module } from "./modules.ts";
import type { Binding, Code } from "./scope.ts";
import type { Piece } from "./script.ts";
import { type ClassNode, childrenOf, type FunctionNode, isFunction, isLoop } from "./tree.ts";

type Node<Type extends AnyNode["type"]> = Extract<AnyNode, { type: Type }>;

/** A file's code, ready to be put into the script. */
export interface Written {
  readonly body: readonly Piece[];
  /** Generators for the module's top. */
  readonly hoisted: readonly Piece[];
  /** Variables for the generators that stand in static blocks. */
  readonly variables: readonly string[];
}

/** What code of the current function must be written as. */
interface Frame {
  readonly returns: "as-is" | "settled" | "awaited";
  /** Names for what a generator standing elsewhere gets as parameters. */
  readonly argumentsName: string;
  readonly targetName: string;
  readonly isSuperPassed: boolean;
}

const NATIVE: Frame = {
  returns: "as-is",
  argumentsName: "arguments",
  targetName: "new.target",
  isSuperPassed: false,
};

const GUARD = "if (--$g.left < 0) $g.stop();";
const GUARD_FINALLY = "if ($g.left < 0) $g.stop();";

/** Writes one file. `reference` says how an imported binding is written; undefined leaves its name. */
export function writeModule(
  module: Module,
  reference: (one: Import) => string | undefined,
): Written {
  const writer = new Writer(module, reference);
  const body = writer.capture(() => writer.program());
  return { body, hoisted: writer.hoisted, variables: writer.variables };
}

class Writer {
  readonly hoisted: Piece[] = [];
  readonly variables: string[] = [];
  readonly #module: Module;
  readonly #reference: (one: Import) => string | undefined;
  #out: Piece[] = [];
  #frame: Frame = NATIVE;
  /** Generators for the static block of the class that is being written. */
  #classHoisted: Piece[] = [];
  #hoistCount = 0;
  #loopCount = 0;

  constructor(module: Module, reference: (one: Import) => string | undefined) {
    this.#module = module;
    this.#reference = reference;
  }

  program(): void {
    const { tree } = this.#module.stripped;
    this.#children(tree, 0, this.#module.stripped.code.length);
  }

  /** Returns what `f` writes instead of writing it. */
  capture(f: () => void): Piece[] {
    const outer = this.#out;
    this.#out = [];
    f();
    const written = this.#out;
    this.#out = outer;
    return written;
  }

  #put(...pieces: readonly Piece[]): void {
    for (const piece of pieces) this.#out.push(piece);
  }

  #copy(from: number, to: number): void {
    if (from < to) this.#out.push({ from, to });
  }

  #within(frame: Frame, f: () => void): void {
    const outer = this.#frame;
    this.#frame = frame;
    f();
    this.#frame = outer;
  }

  /** Writes the text of a node from one offset to another, with its children in their places. */
  #children(node: AnyNode, from = node.start, to = node.end): void {
    let at = from;
    for (const child of childrenOf(node)) {
      this.#copy(at, child.start);
      this.#write(child);
      at = child.end;
    }
    this.#copy(at, to);
  }

  /** Writes an expression where no comma may stand bare. */
  #operand(node: AnyNode): void {
    const isList = node.type === "SequenceExpression";
    if (isList) this.#put("(");
    this.#write(node);
    if (isList) this.#put(")");
  }

  #operands(nodes: readonly AnyNode[]): void {
    nodes.forEach((node, i) => {
      if (i > 0) this.#put(", ");
      this.#operand(node);
    });
  }

  #write(node: AnyNode): void {
    if (isLoop(node)) return this.#loop(node, []);
    switch (node.type) {
      case "Identifier":
        return this.#identifier(node);
      case "FunctionDeclaration":
      case "FunctionExpression":
        return this.#function(node, `function${starOf(node)} `, node.id);
      case "ArrowFunctionExpression":
        return this.#function(node, "", null);
      case "MethodDefinition":
      case "Property":
        return this.#property(node);
      case "PropertyDefinition":
      case "StaticBlock":
        return this.#initialiser(node);
      case "ClassBody":
        return this.#classBody(node);
      case "LabeledStatement":
        return this.#labelled(node);
      case "BreakStatement":
      case "ContinueStatement":
        return this.#copy(node.start, node.end);
      case "TryStatement":
        return this.#try(node);
      case "ReturnStatement":
        return this.#return(node);
      case "AwaitExpression":
        return this.#await(node);
      case "YieldExpression":
        return this.#yield(node);
      case "BinaryExpression":
        return node.operator === "**" ? this.#power(node) : this.#children(node);
      case "AssignmentExpression":
        return this.#assignment(node);
      case "MemberExpression":
        return this.#member(node);
      case "CallExpression":
        return this.#call(node);
      case "TaggedTemplateExpression":
        return this.#tagged(node);
      case "MetaProperty":
        return this.#put(this.#frame.targetName);
      case "DebuggerStatement":
        return this.#put(";");
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return;
      case "ExportNamedDeclaration":
        if (node.declaration) this.#write(node.declaration);
        return;
      case "ExportDefaultDeclaration":
        return this.#exportDefault(node);
      default:
        return this.#children(node);
    }
  }

  // Names.

  #identifier(node: Node<"Identifier">): void {
    const written = this.#rewritten(node);
    if (written === undefined) this.#copy(node.start, node.end);
    else this.#mapped(written, node);
  }

  /** Undefined when the name stays as it is. */
  #rewritten(node: AnyNode): string | undefined {
    if (this.#module.analysis.argumentsUses.has(node)) return this.#frame.argumentsName;
    const binding = this.#module.analysis.references.get(node);
    const imported = binding && this.#module.imports.get(binding);
    return imported && this.#reference(imported);
  }

  /** Writes text of ours that stands for a node, so that errors in it are placed there. */
  #mapped(text: string, node: AnyNode): void {
    this.#out.push({ from: node.start, to: node.end, text });
  }

  #property(node: Node<"MethodDefinition"> | Node<"Property">): void {
    const { value } = node;
    if (node.type === "Property" && node.shorthand) return this.#shorthand(node);
    const isMethod = node.type === "MethodDefinition" || node.method || node.kind !== "init";
    if (!isMethod || !isFunction(value)) return this.#children(node);
    const isAccessor = node.kind === "get" || node.kind === "set";
    if (node.type === "MethodDefinition" && node.static) this.#put("static ");
    this.#put(isAccessor ? `${node.kind} ` : starOf(value));
    if (node.computed) this.#put("[");
    if (node.computed) this.#operand(node.key);
    else this.#copy(node.key.start, node.key.end);
    if (node.computed) this.#put("]");
    this.#function(value, "", null);
  }

  #shorthand(node: Node<"Property">): void {
    const rewritten = this.#rewritten(node.value);
    if (rewritten === undefined) return this.#write(node.value);
    this.#copy(node.key.start, node.key.end);
    this.#put(": ");
    this.#write(node.value);
  }

  // Functions.

  /** Writes a function. `head` is what stands before its name, or nothing for arrows and methods. */
  #function(node: FunctionNode, head: string, id: Node<"Identifier"> | null | undefined): void {
    this.#put(head);
    if (id) this.#copy(id.start, id.end);
    if (!node.async) return this.#plainFunction(node, "as-is");
    const code = this.#codeOf(node);
    const plan = planOf(node, code, this.#declaredBy(node, code));
    if (plan === "plain") this.#plainFunction(node, "settled");
    else this.#coroutine(node, code, plan);
  }

  #codeOf(node: AnyNode): Code {
    const code = this.#module.analysis.codes.get(node);
    if (code === undefined) throw new Error("a function was not analysed");
    return code;
  }

  /** The binding of a function declaration's own name. */
  #declaredBy(node: FunctionNode, code: Code): Binding | undefined {
    return node.id ? code.ownScopes[0]?.parent?.names.get(node.id.name) : undefined;
  }

  /** A function that stays a function; `settled` when it was async and gives promises. */
  #plainFunction(node: FunctionNode, returns: "as-is" | "settled"): void {
    const isArrow = node.type === "ArrowFunctionExpression";
    const frame = isArrow ? { ...this.#frame, returns } : { ...NATIVE, returns };
    this.#within(frame, () => {
      this.#put("(");
      this.#operands(node.params);
      this.#put(isArrow ? ") => " : ") ");
      if (returns === "settled") this.#settledBody(node.body);
      else if (node.body.type === "BlockStatement") this.#block(node.body, GUARD);
      else this.#guardedExpression(node.body);
    });
  }

  #guardedExpression(body: AnyNode): void {
    this.#put("(--$g.left < 0 && $g.stop(), ");
    this.#operand(body);
    this.#put(")");
  }

  #settledBody(body: AnyNode): void {
    this.#put(`{ ${GUARD} try `);
    if (body.type === "BlockStatement") {
      this.#block(body, "", " return $done(); ");
    } else {
      this.#put("{ return $done(");
      this.#operand(body);
      this.#put("); }");
    }
    this.#put(" catch ($e) { return $failed($e); } }");
  }

  /** A block with text of ours at its beginning and end. */
  #block(node: Node<"BlockStatement">, prologue: string, epilogue = ""): void {
    this.#put(`{ ${prologue}`);
    this.#children(node, node.start + 1, node.end - 1);
    this.#put(`${epilogue}}`);
  }

  /** An async function or generator: a short function that starts a generator made elsewhere. */
  #coroutine(node: FunctionNode, code: Code, plan: Plan): void {
    const isArrow = node.type === "ArrowFunctionExpression";
    const specials = this.#specials(code, isArrow);
    const captures = plan === "inline" ? [] : [...code.captures].map(({ name }) => name);
    const passed = [...specials.map(([name]) => name), ...captures];
    const generator = this.#place(plan, () => this.#generator(node, passed));
    const isSimple = node.params.every(isSimpleParameter);
    const given = [...specials.map(([, value]) => value), ...captures];
    const [parameters, values] = isSimple ? simpleParameters(node) : anyParameters(node, isArrow);
    const starts = node.generator ? "$asyncGenerator" : "$run";
    this.#put(`(${parameters}) ${isArrow ? "=> " : ""}{ `);
    const catches = !isSimple && !node.generator;
    this.#put(catches ? "try { " : "", `return ${starts}(`, ...generator);
    const self = code.usesThis ? ["this"] : [];
    this.#put(`${code.usesThis ? ".call" : ""}(${[...self, ...given, ...values].join(", ")})); `);
    this.#put(catches ? "} catch ($e) { return $failed($e); } }" : "}");
  }

  /** What a generator elsewhere cannot see and is given: its parameter, and how it is given here. */
  #specials(code: Code, isArrow: boolean): (readonly [string, string])[] {
    const { argumentsName, targetName, isSuperPassed } = isArrow ? this.#frame : NATIVE;
    const specials: (readonly [string, string])[] = [];
    if (code.usesArguments) specials.push(["$arguments", argumentsName]);
    if (code.usesTarget) specials.push(["$target", targetName]);
    if (code.usesSuper) specials.push(["$super", isSuperPassed ? "$super" : "($k) => super[$k]"]);
    if (code.usesSuperSet) {
      specials.push(["$superSet", isSuperPassed ? "$superSet" : "($k, $v) => (super[$k] = $v)"]);
    }
    return specials;
  }

  /** Puts a generator where the plan says, and returns the expression for it. */
  #place(plan: Plan, write: () => void): readonly Piece[] {
    const written = this.capture(write);
    if (plan === "inline") return ["(function* ", ...written, ")"];
    this.#hoistCount += 1;
    const name = `$h${this.#hoistCount}`;
    if (plan === "static") {
      this.variables.push(name);
      this.#classHoisted.push(`${name} = function* `, ...written, "; ");
    } else {
      this.hoisted.push(`function* ${name}`, ...written, "\n");
    }
    return [name];
  }

  #generator(node: FunctionNode, passed: readonly string[]): void {
    const frame: Frame = {
      returns: node.generator ? "awaited" : "as-is",
      argumentsName: "$arguments",
      targetName: "$target",
      isSuperPassed: true,
    };
    this.#within(frame, () => {
      this.#put("(", passed.join(", "), passed.length > 0 && node.params.length > 0 ? ", " : "");
      this.#operands(node.params);
      this.#put(") ");
      if (node.body.type === "BlockStatement") return this.#block(node.body, GUARD);
      this.#put(`{ ${GUARD} return `);
      this.#operand(node.body);
      this.#put("; }");
    });
  }

  // Classes.

  #classBody(node: ClassNode["body"]): void {
    const outer = this.#classHoisted;
    this.#classHoisted = [];
    const body = this.capture(() => this.#children(node, node.start + 1, node.end));
    const hoisted = this.#classHoisted;
    this.#classHoisted = outer;
    // First in the class, so that static initialisers already find the generators.
    if (hoisted.length > 0) this.#put("{ static { ", ...hoisted, "}", ...body);
    else this.#put("{", ...body);
  }

  #initialiser(node: Node<"PropertyDefinition"> | Node<"StaticBlock">): void {
    if (node.type === "StaticBlock") return this.#within(NATIVE, () => this.#children(node));
    const { key, value } = node;
    this.#copy(node.start, key.start);
    if (node.computed) this.#write(key);
    else this.#copy(key.start, key.end);
    if (!value) return this.#copy(key.end, node.end);
    this.#copy(key.end, value.start);
    this.#within(NATIVE, () => this.#write(value));
    this.#copy(value.end, node.end);
  }

  // Statements.

  #loop(node: AnyNode, labels: readonly string[]): void {
    if (node.type === "ForOfStatement" && node.await) return this.#forAwait(node, labels);
    this.#put(...labels);
    let at = node.start;
    for (const child of childrenOf(node)) {
      this.#copy(at, child.start);
      if ("body" in node && child === node.body) this.#guarded(child);
      else this.#write(child);
      at = child.end;
    }
    this.#copy(at, node.end);
  }

  #guarded(body: AnyNode): void {
    if (body.type === "BlockStatement") return this.#block(body, GUARD);
    this.#put(`{ ${GUARD} `);
    this.#write(body);
    this.#put(" }");
  }

  /** See `AwaitLoop` in the kernel for what the calls do. Labels go to the loop itself. */
  #forAwait(node: Node<"ForOfStatement">, labels: readonly string[]): void {
    this.#loopCount += 1;
    const loop = `$l${this.#loopCount}`;
    this.#put(`{ const ${loop} = $forAwait(`);
    this.#operand(node.right);
    this.#put("); try { ", ...labels, `while (${loop}.take(yield ${loop}.next())) { ${GUARD} `);
    const isDeclaration = node.left.type === "VariableDeclaration";
    if (!isDeclaration) this.#put("(");
    this.#write(node.left);
    this.#put(` = ${loop}.value${isDeclaration ? "" : ")"}; `);
    this.#write(node.body);
    this.#put(` } } catch ($e) { throw ${loop}.threw($e); } finally { ${GUARD_FINALLY} `);
    this.#put(`if (${loop}.open) try { if (${loop}.hasReturn()) `);
    this.#put(
      `${loop}.closed(yield ${loop}.close()); } catch ($e) { ${loop}.closeThrew($e); } } }`,
    );
  }

  #labelled(node: Node<"LabeledStatement">): void {
    const labels: string[] = [];
    let body: AnyNode = node;
    while (body.type === "LabeledStatement") {
      labels.push(`${body.label.name}: `);
      body = body.body;
    }
    if (isLoop(body)) return this.#loop(body, labels);
    this.#put(...labels);
    this.#write(body);
  }

  #try(node: Node<"TryStatement">): void {
    const { block, handler, finalizer } = node;
    this.#put("try ");
    this.#write(block);
    if (handler) this.#catch(handler);
    if (!finalizer) return;
    this.#put(" finally ");
    this.#block(finalizer, GUARD_FINALLY);
  }

  /** A stop passes through every `catch`; a pattern is taken apart only after the question. */
  #catch({ param, body }: Node<"CatchClause">): void {
    const isName = param?.type === "Identifier";
    const name = isName ? param.name : "$e";
    this.#put(" catch (");
    if (isName) this.#copy(param.start, param.end);
    else this.#put(name);
    this.#put(") ");
    const question = `if ($isStop(${name})) throw ${name};`;
    if (!param || isName) return this.#block(body, question);
    this.#put(`{ ${question} let `);
    this.#write(param);
    this.#put(" = $e; ");
    this.#write(body);
    this.#put(" }");
  }

  #return(node: Node<"ReturnStatement">): void {
    const { returns } = this.#frame;
    const { argument } = node;
    if (returns === "as-is" || (returns === "awaited" && !argument)) return this.#children(node);
    this.#put(returns === "settled" ? "return $done(" : "return (yield (");
    if (argument) this.#operand(argument);
    this.#put(returns === "settled" ? ");" : "));");
  }

  #exportDefault(node: Node<"ExportDefaultDeclaration">): void {
    const { declaration } = node;
    if (declaration.type === "FunctionDeclaration" && declaration.id === null) {
      return this.#function(declaration, `function${starOf(declaration)} $default`, null);
    }
    if (declaration.type === "ClassDeclaration" && declaration.id === null) {
      this.#put("class $default ");
      return this.#children(declaration, declaration.start + "class".length);
    }
    if (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") {
      return this.#write(declaration);
    }
    this.#put("const $default = ");
    this.#operand(declaration);
    this.#put(";");
  }

  // Expressions.

  #await(node: Node<"AwaitExpression">): void {
    this.#put("(yield ");
    this.#operand(node.argument);
    this.#put(")");
  }

  #yield(node: Node<"YieldExpression">): void {
    if (!this.#isInAsyncGenerator) return this.#children(node);
    this.#put(node.delegate ? "(yield* $delegate(" : "(yield $yielded(");
    if (node.argument) this.#operand(node.argument);
    this.#put("))");
  }

  get #isInAsyncGenerator(): boolean {
    return this.#frame.returns === "awaited";
  }

  #power(node: Node<"BinaryExpression">): void {
    this.#put("$pow(");
    this.#operands([node.left, node.right]);
    this.#put(")");
  }

  #assignment(node: Node<"AssignmentExpression">): void {
    const { left, right, operator } = node;
    if (operator === "**=") {
      this.#write(left);
      this.#put(" = $pow(");
      this.#operands([left, right]);
      return this.#put(")");
    }
    if (!this.#isPassedSuper(left)) return this.#children(node);
    this.#put("$superSet(");
    this.#superKey(left);
    this.#put(", ");
    this.#operand(right);
    this.#put(")");
  }

  #isPassedSuper(node: AnyNode): node is Node<"MemberExpression"> {
    const isSuper = node.type === "MemberExpression" && node.object.type === "Super";
    return isSuper && this.#frame.isSuperPassed;
  }

  #superKey(node: Node<"MemberExpression">): void {
    if (node.computed) this.#operand(node.property);
    else this.#put(JSON.stringify((node.property as Node<"Identifier">).name));
  }

  #member(node: Node<"MemberExpression">): void {
    if (this.#isPassedSuper(node)) {
      this.#mapped("$super(", node);
      this.#superKey(node);
      return this.#put(")");
    }
    this.#children(node);
  }

  #call(node: Node<"CallExpression">): void {
    const { callee } = node;
    if (this.#isPassedSuper(callee)) {
      this.#write(callee);
      this.#put(node.optional ? "?.call(this" : ".call(this");
      for (const argument of node.arguments) {
        this.#put(", ");
        this.#operand(argument);
      }
      return this.#put(")");
    }
    this.#calling(node, callee);
  }

  #tagged(node: Node<"TaggedTemplateExpression">): void {
    this.#calling(node, node.tag);
  }

  /** An imported function is called without a `this`, though it is written as a member. */
  #calling(node: AnyNode, callee: AnyNode): void {
    const rewritten = callee.type === "Identifier" ? this.#rewritten(callee) : undefined;
    const isMember = rewritten !== undefined && /^\$m\d+[.[]/.test(rewritten);
    if (!isMember) return this.#children(node);
    this.#copy(node.start, callee.start);
    this.#put("(0, ");
    this.#mapped(rewritten, callee);
    this.#put(")");
    const rest = childrenOf(node).filter((child) => child !== callee);
    // Engines place such a call at its parenthesis; the name is what a reader looks for.
    let at = rest[0]?.start ?? node.end;
    this.#mapped(this.#module.stripped.code.slice(callee.end, at), callee);
    for (const child of rest) {
      this.#copy(at, child.start);
      this.#write(child);
      at = child.end;
    }
    this.#copy(at, node.end);
  }
}

function starOf(node: FunctionNode): string {
  return node.generator && !node.async ? "*" : "";
}

/** Parameters of the short function and the values passed on, for simple ones. */
function simpleParameters(node: FunctionNode): readonly [string, readonly string[]] {
  const names = node.params.map((one) => {
    if (one.type === "AssignmentPattern") return [`${nameOf(one.left)} = void 0`, nameOf(one.left)];
    const name = one.type === "RestElement" ? `...${nameOf(one.argument)}` : nameOf(one);
    return [name, name];
  });
  return [names.map(([one]) => one).join(", "), names.map(([, one]) => one as string)];
}

/** The same for any parameters. The number before the first default is kept, for `length`. */
function anyParameters(node: FunctionNode, isArrow: boolean): readonly [string, readonly string[]] {
  const first = node.params.findIndex(
    (one) => one.type === "AssignmentPattern" || one.type === "RestElement",
  );
  const count = first < 0 ? node.params.length : first;
  const names = Array.from({ length: count }, (_, i) => `$${i + 1}`);
  if (!isArrow) return [names.join(", "), ["...arguments"]];
  return [[...names, "...$rest"].join(", "), [...names, "...$rest"]];
}

function nameOf(node: AnyNode): string {
  if (node.type !== "Identifier") throw new Error("a simple parameter has a name");
  return node.name;
}
