import {
  child,
  children,
  enclosingFunction,
  Flag,
  isFunction,
  Kind,
  nameOf,
  Role,
} from '@avow/formats/script';
import { originOf } from '../fold/origin.ts';
import { givenIn } from '../fold/parameter.ts';
import { passArgument } from './arguments.ts';
import type { Follower } from './follower.ts';
import { reachMember } from './members.ts';
import type { Held } from './value.ts';

/** Where what an expression gives goes next, by what the expression is to its parent. */
export function step(follower: Follower, node: number, held: Held): void {
  const { tree } = follower.script;
  const { symbol } = held;
  const parent = tree.parent[node]!;
  const role = tree.role[node];
  if (held.path.length === 0) {
    follower.note(node, symbol);
    if (symbol.isAddon && role !== Role.Callee && role !== Role.Object) {
      follower.observe('read', node, held);
    }
    if (symbol.isLeaf && symbol.read.length > 0 && role !== Role.Callee) {
      follower.observe('read', node, held);
      return;
    }
  }
  switch (role) {
    case Role.Object:
      if (tree.kind[parent] === Kind.Member) reachMember(follower, parent, held);
      return;
    case Role.Callee:
    case Role.Tag:
      called(follower, parent, held);
      return;
    case Role.Argument:
      passArgument(follower, parent, node, held);
      return;
    case Role.Init:
      if (tree.kind[parent] === Kind.VariableDeclarator)
        follower.assign(child(tree, parent, Role.Id), held);
      return;
    case Role.Right:
      right(follower, parent, node, held);
      return;
    case Role.Left:
      if (tree.kind[parent] === Kind.Logical) {
        if (nameOf(tree, parent) !== '&&') follower.reach(parent, held);
      } else if (tree.kind[parent] === Kind.Binary) compared(follower, parent, held);
      return;
    case Role.Consequent:
    case Role.Alternate:
      if (tree.kind[parent] === Kind.Conditional) follower.reach(parent, held);
      return;
    case Role.Expression:
      if (tree.kind[parent] === Kind.Template) follower.sink(node, held);
      else if (tree.kind[parent] === Kind.Sequence && tree.next[node] === tree.next[parent])
        follower.reach(parent, held);
      return;
    case Role.Operand:
      operand(follower, parent, node, held);
      return;
    case Role.Body:
      if (tree.kind[parent] === Kind.Arrow) {
        follower.sink(node, held);
        returned(follower, parent, held);
      }
      return;
    case Role.Element:
      follower.reach(parent, { ...held, path: [indexOf(follower, parent, node), ...held.path] });
      return;
    case Role.Value:
      value(follower, parent, node, held);
      return;
    case Role.Local:
      follower.export(nameOf(tree, parent)!, held);
      return;
    case Role.SuperClass:
      follower.reach(parent, held);
      reachDeclared(follower, parent, held);
      return;
    case Role.Statement:
    case Role.Declaration:
      reachDeclared(follower, node, held);
      return;
    default:
      return;
  }
}

function called(follower: Follower, call: number, held: Held): void {
  const { tree } = follower.script;
  const isTagged = tree.kind[call] === Kind.TaggedTemplate;
  const args = isTagged ? [] : children(tree, call, Role.Argument);
  follower.invoke(call, held, held.context < 0 ? args : throughContext(follower, held, args));
}

/** Arguments that are parameters of the function that `held` came into are what that was given with it. */
function throughContext(follower: Follower, { context }: Held, args: readonly number[]): number[] {
  const { script, folder } = follower;
  const fn = folder.functionAt(child(script.tree, context, Role.Callee));
  const given = children(script.tree, context, Role.Argument);
  return args.map((arg) => givenIn(script, fn, given, arg) ?? arg);
}

function right(follower: Follower, parent: number, node: number, held: Held): void {
  const { tree } = follower.script;
  switch (tree.kind[parent]) {
    case Kind.Assignment: {
      const target = child(tree, parent, Role.Left);
      follower.assign(target, held);
      if (isExports(follower, target)) sinkInObject(follower, node, held);
      follower.reach(parent, held);
      return;
    }
    case Kind.Default:
      follower.assign(child(tree, parent, Role.Left), held);
      return;
    case Kind.Logical:
      follower.reach(parent, held);
      return;
    case Kind.Binary:
      compared(follower, parent, held);
      return;
    case Kind.ForIn:
    case Kind.ForOf:
      follower.sink(node, held);
      return;
    default:
      return;
  }
}

/** An operand of a comparison or a sum. `"X" in process.env` asks for one member. */
function compared(follower: Follower, parent: number, held: Held): void {
  const { tree } = follower.script;
  const operator = nameOf(tree, parent)!;
  if (operator === 'in' && held.path.length === 0) {
    const key = follower.folder.text(parent + 1);
    const symbol = key === undefined ? held.symbol.any : held.symbol.member(key);
    if (symbol?.isLeaf) follower.observe('read', parent, { ...held, symbol, name: key });
  } else if (operator === '+') follower.sink(parent + 1, held);
}

function operand(follower: Follower, parent: number, node: number, held: Held): void {
  const { tree } = follower.script;
  switch (tree.kind[parent]) {
    case Kind.Await:
      follower.reach(parent, held);
      return;
    case Kind.Return: {
      const fn = enclosingFunction(tree, parent);
      follower.sink(node, held);
      if (fn >= 0) returned(follower, fn, held);
      return;
    }
    case Kind.Spread:
      if (tree.role[parent] === Role.Property) {
        follower.sink(node, held);
        follower.reach(tree.parent[parent]!, held);
      } else follower.sink(node, held);
      return;
    case Kind.Yield:
      follower.sink(node, held);
      return;
    default:
      return;
  }
}

/** A function gives `held` back: to the call that brought it in, else to all of the function's callers. */
function returned(follower: Follower, fn: number, held: Held): void {
  const { context } = held;
  const { script } = follower;
  if (context >= 0 && follower.folder.functionAt(child(script.tree, context, Role.Callee)) === fn) {
    follower.reach(context, { ...held, context: -1 });
    return;
  }
  follower.reach(fn, { ...held, path: ['()', ...held.path] });
}

function value(follower: Follower, parent: number, node: number, held: Held): void {
  const { tree } = follower.script;
  const kind = tree.kind[parent];
  switch (kind) {
    case Kind.Property: {
      const key = follower.folder.key(parent);
      if (key === undefined) return;
      const isGetter = (tree.flags[parent]! & Flag.Get) !== 0;
      if (isGetter && held.path[0] !== '()') return;
      const path = isGetter ? held.path.slice(1) : held.path;
      follower.reach(tree.parent[parent]!, { ...held, path: [key, ...path] });
      sinkInObject(follower, node, held);
      return;
    }
    case Kind.Field:
    case Kind.Accessor:
    case Kind.Method:
      follower.instances.holdMember(follower, parent, held);
      return;
    case Kind.ExportDefault:
      follower.export('default', held);
      if (isFunction(tree, node)) reachDeclared(follower, node, held);
      return;
    case Kind.ExportAssignment:
      follower.export('', held);
      return;
    case Kind.ImportEquals:
      follower.assign(child(tree, parent, Role.Id), held);
      return;
    case Kind.JsxAttribute:
      follower.sink(node, held);
      return;
    default:
      return;
  }
}

/** `module.exports`, `exports.a`. */
function isExports(follower: Follower, target: number): boolean {
  const { tree } = follower.script;
  if (tree.kind[target] !== Kind.Member) return false;
  const origin = originOf(follower.script, target);
  return origin === 'module.exports' || /^(module\.)?exports\./.test(origin ?? '');
}

/** The environment put into an object (`{ env: process.env }`) is read as a whole. */
function sinkInObject(follower: Follower, node: number, held: Held): void {
  if (held.symbol.any !== undefined) follower.sink(node, held);
}

/** The binding of a declared function or class, and the name of an expression inside itself. */
function reachDeclared(follower: Follower, node: number, held: Held): void {
  const { tree, scopes } = follower.script;
  const id = child(tree, node, Role.Id);
  if (id >= 0 && (isFunction(tree, node) || isClass(tree.kind[node]!))) {
    follower.bind(scopes.bindingOf[id]!, held);
  }
}

function indexOf(follower: Follower, parent: number, node: number): string {
  return String(children(follower.script.tree, parent).indexOf(node));
}

function isClass(kind: number): boolean {
  return kind === Kind.ClassDeclaration || kind === Kind.ClassExpression;
}
