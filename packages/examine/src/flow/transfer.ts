import {
  child,
  children,
  Flag,
  Kind,
  nameOf,
  operatorOf,
  Role,
  stringValue,
} from '@avow/formats/script';
import { isExported } from '../observe/exports.ts';
import {
  type AccessPath,
  ANY,
  ELEMENT,
  firstKey,
  isPrintable,
  under,
  WHOLE,
  within,
} from './access.ts';
import { argumentGiven, spreadGiven } from './calls.ts';
import { receive } from './channels.ts';
import type { Follower } from './follower.ts';
import { toImporters } from './importers.ts';
import { callbackReturned, calledOn } from './methods.ts';
import { TELLS_LITTLE } from './models.ts';
import { handTo, intoParameter } from './parameters.ts';
import { moduleOf, nodeIn } from './point.ts';
import type { Unit } from './program.ts';
import { getterReturned, toCatch, toField, toReturn } from './returns.ts';
import type { Edge } from './tabulation.ts';
import { assign, intoObject, keyOf, spreadFields, spreadInstance } from './targets.ts';

/** One step onward from wherever data is. */
export function stepThrough(follower: Follower, edge: Edge): void {
  const { place, path } = edge;
  follower.onChanged = (from, unit, argument, inner) =>
    intoObject(follower, from, unit, argument, inner, argument);
  if (place.kind === 'channel') {
    receive(follower, edge, place.name);
    return;
  }
  const unit = follower.program.unit(moduleOf(place.point));
  if (unit === undefined) return;
  const node = nodeIn(place.point);
  switch (place.kind) {
    case 'value':
      fromValue(follower, edge, unit, node, path);
      break;
    case 'return':
      follower.returnTo(edge, place.point, path);
      callbackReturned(follower, edge, unit, node, path);
      getterReturned(follower, edge, unit, node, path);
      break;
    case 'instance':
      spreadInstance(follower, edge, unit, node, path);
      break;
    case 'given':
      intoParameter(follower, edge, place.point, 0, path, edge.hop ?? place.point);
      break;
    case 'fields':
      spreadFields(follower, edge, unit, node, path);
      break;
    case 'export':
      toImporters(follower, edge, unit, path);
      break;
    default:
  }
}

/** The value of an expression goes to what its parent makes of it. */
function fromValue(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  node: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const parent = tree.parent[node]!;
  if (parent < 0) return;
  const role = tree.role[node];
  const up = (inner: AccessPath | undefined): void => {
    if (inner !== undefined) follower.value(edge, unit, parent, inner);
  };
  switch (tree.kind[parent]) {
    case Kind.VariableDeclarator:
      if (role === Role.Init)
        assign(follower, edge, unit, child(tree, parent, Role.Id), path, parent);
      return;
    case Kind.Assignment:
      if (role === Role.Right) fromAssigned(follower, edge, unit, parent, path);
      return;
    case Kind.Member:
      if (role === Role.Object) fromObject(follower, edge, unit, parent, path);
      return;
    case Kind.Call:
    case Kind.New:
      if (role === Role.Argument) argumentGiven(follower, edge, unit, parent, node, path);
      return;
    case Kind.Spread:
      fromSpread(follower, edge, unit, parent, path);
      return;
    case Kind.Array:
      up(within(String(children(tree, parent, Role.Element).indexOf(node)), path));
      return;
    case Kind.Property:
      fromProperty(follower, edge, unit, parent, node, path);
      return;
    case Kind.Template:
    case Kind.TaggedTemplate:
      if (isPrintable(path)) up(WHOLE);
      return;
    case Kind.Binary:
      fromOperand(follower, edge, unit, parent, path);
      return;
    case Kind.Logical:
      // The left of `&&` comes out only when it is false or empty.
      if (role === Role.Right || operatorOf(tree, parent) !== '&&') up(path);
      return;
    case Kind.Conditional:
      // A test chooses between two values and is in neither.
      if (role !== Role.Test) up(path);
      return;
    case Kind.Sequence:
      if (tree.next[node] === tree.next[parent]) up(path);
      return;
    case Kind.Unary: {
      const operator = operatorOf(tree, parent);
      if (operator === '+' || operator === '-' || operator === '~') up(path);
      return;
    }
    case Kind.Await:
    case Kind.JsxAttribute:
      up(path);
      return;
    case Kind.Yield:
      toReturn(follower, edge, unit, parent, within(ELEMENT, path));
      return;
    case Kind.Return:
      toReturn(follower, edge, unit, parent, path);
      return;
    case Kind.Arrow:
      if (role === Role.Body)
        follower.go(edge, { kind: 'return', point: follower.point(unit, parent) }, path);
      return;
    case Kind.Throw:
      toCatch(follower, edge, unit, parent, path);
      return;
    case Kind.ForOf:
      if (role === Role.Right) fromIterated(follower, edge, unit, parent, path);
      return;
    case Kind.Default:
      if (role === Role.Right && !isNeverDefault(follower, unit, parent))
        assign(follower, edge, unit, child(tree, parent, Role.Left), path, parent);
      return;
    case Kind.ExportDefault:
      follower.go(
        edge,
        { kind: 'export', point: follower.point(unit, 0) },
        within('default', path),
      );
      return;
    case Kind.ExportAssignment:
      follower.go(edge, { kind: 'export', point: follower.point(unit, 0) }, path);
      return;
    case Kind.Field:
    case Kind.Accessor:
      toField(follower, edge, unit, parent, path);
      return;
    default:
  }
}

/** Whether a parameter's default is never taken: every call is known and gives the argument. */
function isNeverDefault(follower: Follower, unit: Unit, parameter: number): boolean {
  const { tree } = unit;
  if (tree.role[parameter] !== Role.Param) return false;
  const fn = tree.parent[parameter]!;
  const position = children(tree, fn, Role.Param).indexOf(parameter);
  const calls = follower.callers.of(follower.point(unit, fn));
  if (calls.length === 0 || isExported(follower.origins.exportList(unit), unit, fn)) return false;
  return calls.every((call) => {
    const argument = call.argument(position);
    if (argument === undefined) return false;
    const other = follower.program.unit(moduleOf(argument))!;
    return nameOf(other.tree, nodeIn(argument)) !== 'undefined';
  });
}

function fromAssigned(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  assignment: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const operator = operatorOf(tree, assignment);
  const isLogical =
    operator === '=' || operator === '||=' || operator === '&&=' || operator === '??=';
  const inner = isLogical ? path : isPrintable(path) ? WHOLE : undefined;
  if (inner === undefined) return;
  const target = child(tree, assignment, Role.Left);
  assign(follower, edge, unit, target, inner, assignment);
  follower.value(edge, unit, assignment, inner);
}

/** A member of a value that holds data: the part of it, or a call on it. */
function fromObject(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  member: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const isWritten = (tree.flags[member]! & (Flag.Writes | Flag.Reads)) === Flag.Writes;
  const name = keyOf(unit, member);
  if (isWritten) {
    toHandler(follower, edge, unit, member, name, path);
    return;
  }
  if (tree.role[member] === Role.Callee) {
    calledOn(follower, edge, unit, tree.parent[member]!, member, name, path);
    return;
  }
  if (TELLS_LITTLE.has(name)) return;
  const inner = under(path, name === ANY ? undefined : name);
  if (inner !== undefined) follower.value(edge, unit, member, inner);
}

/** `recorder.ondataavailable = (event) => …`: who holds data gives it to its handlers. */
function toHandler(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  member: number,
  name: string,
  path: AccessPath,
): void {
  if (!/^on[a-z]{4,}$/.test(name) || name === 'onerror') return;
  const handler = child(unit.tree, unit.tree.parent[member]!, Role.Right);
  if (handler >= 0) handTo(follower, edge, unit, handler, 0, path, member);
}

function fromSpread(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  spread: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const parent = tree.parent[spread]!;
  switch (tree.kind[parent]) {
    case Kind.Object:
      if (!isReplaced(unit, spread, firstKey(path))) follower.value(edge, unit, parent, path);
      return;
    case Kind.Array:
      // Positions move, so any index may hold it.
      follower.value(edge, unit, parent, within(ELEMENT, under(path, undefined) ?? WHOLE));
      return;
    case Kind.Call:
    case Kind.New:
      spreadGiven(follower, edge, unit, parent, spread, path);
      return;
    default:
  }
}

/** Whether a later property of the same object literal has the key: `{ ...o, key: other }`. */
function isReplaced({ tree }: Unit, spread: number, key: string | undefined): boolean {
  if (key === undefined) return false;
  return children(tree, tree.parent[spread]!, Role.Property).some(
    (property) =>
      property > spread && tree.kind[property] !== Kind.Spread && nameOf(tree, property) === key,
  );
}

function fromProperty(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  property: number,
  node: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const object = tree.parent[property]!;
  if (tree.role[node] !== Role.Value || tree.kind[object] !== Kind.Object) return;
  const key = child(tree, property, Role.Key);
  const name = nameOf(tree, property) ?? (key < 0 ? undefined : stringValue(tree, key)) ?? ANY;
  const inner = within(name, path);
  follower.value(edge, unit, object, inner);
  follower.go(edge, { kind: 'fields', point: follower.point(unit, object) }, inner);
}

const CARRYING_OPERATORS = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '&',
  '|',
  '<<',
  '>>',
  '>>>',
  '**',
]);

function fromOperand(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  binary: number,
  path: AccessPath,
): void {
  const operator = operatorOf(unit.tree, binary) ?? '';
  if (!CARRYING_OPERATORS.has(operator) || !isPrintable(path)) return;
  const isMask = operator === '^';
  follower.value(
    edge,
    unit,
    binary,
    WHOLE,
    isMask ? binary : undefined,
    isMask ? 'encode' : undefined,
  );
}

function fromIterated(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  loop: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const inner = under(path, undefined);
  if (inner === undefined) return;
  const left = child(tree, loop, Role.Left);
  const isDeclaration = tree.kind[left] === Kind.VariableDeclaration;
  const target = isDeclaration ? child(tree, child(tree, left, Role.Declaration), Role.Id) : left;
  assign(follower, edge, unit, target, inner, left);
}
