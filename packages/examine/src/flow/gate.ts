import {
  BindingKind,
  child,
  children,
  enclosingFunction,
  Kind,
  nameOf,
  operatorOf,
  Role,
  textOf,
} from '@avow/formats/script';
import type { Follower } from './follower.ts';
import { firstValue } from './made.ts';
import { moduleOf, nodeIn, type Point } from './point.ts';
import { isFunctionKind, type Unit } from './program.ts';
import { writesOf } from './reaching.ts';

/** Gates of one place that are told; more are counted by the reader of the code. */
const MAX_GATES = 6;
/** Functions that a condition calls are looked into this deep. */
const MAX_DEPTH = 3;

/**
 * What decides whether a place is reached: environment variables, options,
 * the time, remote answers, in the conditions around it and in those that
 * leave its function before it. `env:CI`, `option:telemetry`, `time`, `remote`.
 */
export function gatesOf(follower: Follower, point: Point): string[] {
  const unit = follower.program.unit(moduleOf(point));
  if (unit === undefined) return [];
  const gates = new Set<string>();
  for (const test of testsAround(unit, nodeIn(point))) {
    for (const gate of gatesIn(follower, unit, test, 0)) gates.add(gate);
  }
  return [...gates].slice(0, MAX_GATES);
}

/** Conditions around a node up to its function, and of earlier statements that leave the function. */
function testsAround({ tree }: Unit, node: number): number[] {
  const tests: number[] = [];
  for (let at = node; at > 0; at = tree.parent[at]!) {
    const parent = tree.parent[at]!;
    const kind = tree.kind[parent];
    const isBranch = kind === Kind.If || kind === Kind.Conditional;
    if (isBranch && tree.role[at] !== Role.Test) tests.push(child(tree, parent, Role.Test));
    if (kind === Kind.Logical && tree.role[at] === Role.Right) tests.push(parent + 1);
    if (kind === Kind.Block || kind === Kind.Program) {
      for (let other = parent + 1; other < at; other = tree.next[other]!) {
        tests.push(...leavingTests(tree, other));
      }
    }
    // A function written as an argument runs as part of what is around it.
    if (isFunctionKind(tree.kind[at]) && tree.role[at] !== Role.Argument) break;
  }
  return tests;
}

/** Tests of an earlier statement that may end its function: by itself, or by rejecting what it awaits. */
function leavingTests(tree: Tree, statement: number): number[] {
  const tests: number[] = [];
  const isAwaited = isAwaiting(tree, statement);
  if (tree.kind[statement] !== Kind.If && !isAwaited) return tests;
  const end = isAwaited ? tree.next[statement]! : statement + 1;
  for (let at = statement; at < end; at += 1) {
    if (tree.kind[at] !== Kind.If) continue;
    const consequent = child(tree, at, Role.Consequent);
    if (leaves(tree.kind, tree.next, consequent)) tests.push(child(tree, at, Role.Test));
  }
  return tests;
}

function isAwaiting(tree: Tree, statement: number): boolean {
  const kind = tree.kind[statement];
  if (kind === Kind.ExpressionStatement) return tree.kind[statement + 1] === Kind.Await;
  if (kind !== Kind.VariableDeclaration) return false;
  const init = child(tree, statement + 1, Role.Init);
  return init >= 0 && tree.kind[init] === Kind.Await;
}

/** Whether a branch ends in leaving the function or the process. */
function leaves(kinds: Uint8Array, next: Int32Array, branch: number): boolean {
  for (let at = branch; at < next[branch]!; at += 1) {
    const kind = kinds[at];
    if (isFunctionKind(kind)) at = next[at]! - 1;
    else if (kind === Kind.Return || kind === Kind.Throw) return true;
  }
  return false;
}

function gatesIn(follower: Follower, unit: Unit, test: number, depth: number): string[] {
  const { tree, scopes } = unit;
  const gates: string[] = [];
  if (test < 0 || depth > MAX_DEPTH) return gates;
  for (let at = test; at < tree.next[test]!; at += 1) {
    const kind = tree.kind[at];
    if (kind === Kind.Member) {
      const gate = memberGate(unit, at);
      if (gate !== undefined) gates.push(gate);
    } else if (kind === Kind.Call) {
      const name = nameOf(tree, at + 1);
      if (name === 'now' || name === 'getTime' || name === 'random') gates.push('time');
      for (const fn of follower.origins.functionsOf(follower.point(unit, at + 1))) {
        // That a function looks at the clock for its own ends says little of what it answers.
        const inner = gatesOfFunction(follower, fn, depth + 1);
        gates.push(...inner.filter((gate) => gate !== 'time'));
      }
    } else if (kind === Kind.New && nameOf(tree, at + 1) === 'Date') {
      gates.push('time');
    } else if (kind === Kind.Identifier && scopes.bindingOf[at]! >= 0) {
      gates.push(...gatesOfName(follower, unit, at, depth + 1));
    }
  }
  return gates;
}

/** `process.env.CI` is an environment variable; `options.telemetry` an option. */
function memberGate({ tree }: Unit, member: number): string | undefined {
  const object = member + 1;
  const index = child(tree, member, Role.Index);
  const name = nameOf(tree, member) ?? (index < 0 ? undefined : nameOf(tree, index));
  if (name === undefined) return undefined;
  if (tree.kind[object] === Kind.Member && nameOf(tree, object) === 'env') return `env:${name}`;
  const base = nameOf(tree, object);
  const isOption =
    base !== undefined && /^(?:opts?|options|config|settings|prefs|preferences|argv)$/i.test(base);
  return isOption ? `option:${name}` : undefined;
}

function gatesOfName(follower: Follower, unit: Unit, name: number, depth: number): string[] {
  const { tree, scopes } = unit;
  const binding = scopes.bindingOf[name]!;
  const first = scopes.declarations[scopes.declarationsFrom[binding]!];
  if (first === undefined || first === name || depth > MAX_DEPTH) return [];
  const declarator = tree.parent[first]!;
  if (tree.kind[declarator] !== Kind.VariableDeclarator) return [];
  const init = child(tree, declarator, Role.Init);
  if (init < 0 || isFunctionKind(tree.kind[init])) return [];
  const isAnswer = /\bawait\b.*\b(?:fetch|get|request|json)\b/.test(
    textOf(tree, init).slice(0, 200),
  );
  return isAnswer ? ['remote'] : gatesIn(follower, unit, init, depth);
}

/** What a function that a condition calls looks at. */
function gatesOfFunction(follower: Follower, fn: Point, depth: number): string[] {
  const unit = follower.program.unit(moduleOf(fn));
  if (unit === undefined || depth > MAX_DEPTH) return [];
  const body = child(unit.tree, nodeIn(fn), Role.Body);
  return body < 0 ? [] : gatesIn(follower, unit, body, depth);
}

/** Whether a node can never run: under `if (false)`, after `false &&`. */
export function isDead(unit: Unit, node: number): boolean {
  const { tree } = unit;
  for (let at = node; at > 0; at = tree.parent[at]!) {
    const parent = tree.parent[at]!;
    const kind = tree.kind[parent];
    if (kind === Kind.If || kind === Kind.Conditional) {
      const truth = constantTruth(unit, child(tree, parent, Role.Test));
      if (truth === false && tree.role[at] === Role.Consequent) return true;
      if (truth === true && tree.role[at] === Role.Alternate) return true;
    }
    if (kind === Kind.Logical && tree.role[at] === Role.Right) {
      const truth = constantTruth(unit, parent + 1);
      if (truth === (operatorOf(tree, parent) === '||')) return true;
    }
    if (kind === Kind.Block && followsExit(tree, parent, at)) return true;
  }
  return false;
}

type Tree = Unit['tree'];

function constantTruth(unit: Unit, test: number): boolean | undefined {
  const { tree, scopes } = unit;
  switch (tree.kind[test]) {
    case Kind.Boolean:
      return nameOf(tree, test) === 'true';
    case Kind.Null:
      return false;
    case Kind.Number:
      return Number(textOf(tree, test)) !== 0;
    case Kind.String:
      return nameOf(tree, test) !== '';
    case Kind.Unary: {
      if (operatorOf(tree, test) !== '!') return undefined;
      const inner = constantTruth(unit, test + 1);
      return inner === undefined ? undefined : !inner;
    }
    case Kind.Identifier: {
      const binding = scopes.bindingOf[test]!;
      const init = binding >= 0 && isConstant(unit, binding) ? firstValue(unit, test) : -1;
      return init < 0 || tree.kind[init] === Kind.Identifier
        ? undefined
        : constantTruth(unit, init);
    }
    default:
      return undefined;
  }
}

/** Whether nothing but its declaration gives the binding a value. */
function isConstant(unit: Unit, binding: number): boolean {
  const [write, ...others] = writesOf(unit, binding);
  return (
    write !== undefined &&
    others.length === 0 &&
    unit.scopes.bindingKind[binding] !== BindingKind.Param
  );
}

/** Whether an earlier statement of the block always leaves it; function declarations are hoisted. */
function followsExit(tree: Tree, block: number, statement: number): boolean {
  if (tree.kind[statement] === Kind.FunctionDeclaration) return false;
  return children(tree, block).some(
    (other) =>
      other < statement &&
      (tree.kind[other] === Kind.Return || tree.kind[other] === Kind.Throw) &&
      enclosingFunction(tree, other) === enclosingFunction(tree, statement),
  );
}
