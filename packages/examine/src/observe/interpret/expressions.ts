import { child, children, Flag, Kind, nameOf, Role, regexpParts } from '@avow/formats/script';
import { assignTo, keyIn } from './assign.ts';
import type { Frame } from './frame.ts';
import type { Machine } from './machine.ts';
import { memberOf } from './members.ts';
import { callMethod } from './methods.ts';
import { binaryRun, isTrue, runNumber, unaryRun } from './operators.ts';
import {
  added,
  FunctionThing,
  ListThing,
  MAX_RUN_ITEMS,
  PatternThing,
  type Run,
  runOf,
  Stuck,
  Thing,
  UNKNOWN,
  Unknown,
} from './values.ts';

/** Works out one expression (ECMA-262, 13). */
export function evaluateExpression(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  switch (tree.kind[node]) {
    // The commonest first: a table that is turned takes a hundred million of them.
    case Kind.Identifier:
      return machine.read(machine.script.bindingAt(node), frame);
    case Kind.Number:
      return machine.numberAt(node);
    case Kind.Binary:
      return binaryIn(machine, node, frame);
    case Kind.Member: {
      const object = machine.evaluate(child(tree, node, Role.Object), frame);
      if (object === undefined && (tree.flags[node]! & Flag.Optional) !== 0) return undefined;
      return memberOf(object, keyIn(machine, node, frame));
    }
    case Kind.Assignment:
      return assignment(machine, node, frame);
    case Kind.Call:
      return callIn(machine, node, frame);
    case Kind.String:
      return nameOf(tree, node);
    case Kind.Boolean:
      return nameOf(tree, node) === 'true';
    case Kind.Null:
      return null;
    case Kind.RegExp: {
      const { pattern, flags } = regexpParts(tree, node);
      return new PatternThing(pattern, flags);
    }
    case Kind.This:
      return frame === undefined ? UNKNOWN : frame.self;
    case Kind.Template:
      return template(machine, node, frame);
    case Kind.Array:
      return listIn(machine, node, frame);
    case Kind.Object:
      return objectIn(machine, node, frame);
    case Kind.FunctionExpression:
    case Kind.FunctionDeclaration:
    case Kind.Arrow:
      return new FunctionThing(node, frame, frame?.self);
    case Kind.Unary:
      return unaryIn(machine, node, frame);
    case Kind.Update:
      return updateIn(machine, node, frame);
    case Kind.Logical:
      return logical(machine, node, frame);
    case Kind.Conditional: {
      const isYes = isTrue(machine.evaluate(child(tree, node, Role.Test), frame));
      return machine.evaluate(child(tree, node, isYes ? Role.Consequent : Role.Alternate), frame);
    }
    case Kind.Sequence: {
      let last: Run;
      for (const each of children(tree, node)) last = machine.evaluate(each, frame);
      return last;
    }
    case Kind.New: {
      const callee = machine.evaluate(child(tree, node, Role.Callee), frame);
      return machine.construct(callee, argumentsIn(machine, node, frame));
    }
    default:
      return frame === undefined ? runOf(machine.folder.value(node)) : UNKNOWN;
  }
}

function template(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  let text: Run = '';
  for (let at = node + 1; at < tree.next[node]!; at = tree.next[at]!) {
    const isPiece = tree.kind[at] === Kind.TemplateElement;
    text = added(text, isPiece ? nameOf(tree, at) : machine.evaluate(at, frame));
  }
  return text;
}

/** Outside of a call that is being worked out, an empty list is filled elsewhere. */
function listIn(machine: Machine, node: number, frame: Frame | undefined): Run {
  const items = itemsIn(machine, node, frame);
  const isOpen = frame === undefined;
  return isOpen && items.length === 0 ? UNKNOWN : new ListThing(items, isOpen);
}

function itemsIn(machine: Machine, node: number, frame: Frame | undefined): Run[] {
  const { tree } = machine.script;
  const items: Run[] = [];
  for (let at = node + 1; at < tree.next[node]!; at = tree.next[at]!) {
    if (tree.kind[at] === Kind.Spread) items.push(...spread(machine, at, frame));
    else items.push(tree.kind[at] === Kind.Hole ? undefined : machine.evaluate(at, frame));
    if (items.length > MAX_RUN_ITEMS) throw new Stuck();
  }
  return items;
}

function spread(machine: Machine, node: number, frame: Frame | undefined): readonly Run[] {
  const value = machine.evaluate(node + 1, frame);
  if (typeof value === 'string') return [...value];
  if (!(value instanceof ListThing)) throw new Stuck();
  return value.items;
}

function objectIn(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  const object = new Thing(frame === undefined);
  for (const property of children(tree, node)) {
    const isPlain = (tree.flags[property]! & (Flag.Get | Flag.Set)) === 0;
    if (tree.kind[property] !== Kind.Property || !isPlain) throw new Stuck();
    const value = child(tree, property, Role.Value);
    object.members.set(keyIn(machine, property, frame), machine.evaluate(value, frame));
  }
  return object;
}

function unaryIn(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  const operator = nameOf(tree, node)!;
  if (operator === 'delete') throw new Stuck();
  return unaryRun(operator, machine.evaluate(node + 1, frame));
}

function updateIn(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  const before = runNumber(machine.evaluate(node + 1, frame));
  const step = nameOf(tree, node) === '++' ? 1 : -1;
  const after = before === undefined ? UNKNOWN : before + step;
  assignTo(machine, node + 1, frame, after);
  const isBefore = (tree.flags[node]! & Flag.Prefix) === 0;
  return isBefore ? (before ?? UNKNOWN) : after;
}

/**
 * A checksum that is already no number stays none, so the rest of it is not
 * worked out: of twelve texts that a turn of a table would decrypt, one is.
 */
function binaryIn(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  // A sum of a thousand texts is a thousand levels deep on its left.
  const parts: number[] = [];
  let at = node;
  for (; tree.kind[at] === Kind.Binary; at += 1) parts.push(at);
  let value = sourced(machine, machine.evaluate(at, frame));
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const part = parts[index]!;
    if (machine.isSettling && Number.isNaN(value)) return value;
    const right = sourced(machine, machine.evaluate(tree.next[part + 1]!, frame));
    value = binaryRun(nameOf(tree, part)!, value, right);
  }
  return value;
}

/** A function in a sum is its text: obfuscated code asks whether it has line ends. */
function sourced(machine: Machine, run: Run): Run {
  return run instanceof FunctionThing ? machine.sourceOf(run.node) : run;
}

function logical(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  const left = machine.evaluate(node + 1, frame);
  const operator = nameOf(tree, node);
  const right = tree.next[node + 1]!;
  if (operator === '??') {
    if (left instanceof Unknown) throw new Stuck();
    return left === undefined || left === null ? machine.evaluate(right, frame) : left;
  }
  return isTrue(left) === (operator === '&&') ? machine.evaluate(right, frame) : left;
}

function assignment(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  const operator = nameOf(tree, node)!;
  const left = child(tree, node, Role.Left);
  const right = child(tree, node, Role.Right);
  if (operator === '=') {
    const value = machine.evaluate(right, frame);
    assignTo(machine, left, frame, value);
    return value;
  }
  const before = machine.evaluate(left, frame);
  if (operator === '||=' || operator === '&&=' || operator === '??=') {
    const isKept =
      operator === '??='
        ? before !== undefined && before !== null
        : isTrue(before) === (operator === '||=');
    if (before instanceof Unknown) throw new Stuck();
    if (isKept) return before;
    const value = machine.evaluate(right, frame);
    assignTo(machine, left, frame, value);
    return value;
  }
  const value = binaryRun(operator.slice(0, -1), before, machine.evaluate(right, frame));
  assignTo(machine, left, frame, value);
  return value;
}

function argumentsIn(machine: Machine, call: number, frame: Frame | undefined): Run[] {
  const { tree } = machine.script;
  const args: Run[] = [];
  for (let at = call + 1; at < tree.next[call]!; at = tree.next[at]!) {
    if (tree.role[at] !== Role.Argument) continue;
    if (tree.kind[at] === Kind.Spread) args.push(...spread(machine, at, frame));
    else args.push(machine.evaluate(at, frame));
  }
  return args;
}

function callIn(machine: Machine, node: number, frame: Frame | undefined): Run {
  const { tree } = machine.script;
  const callee = child(tree, node, Role.Callee);
  if (tree.kind[callee] !== Kind.Member) {
    const fn = machine.evaluate(callee, frame);
    return machine.call(fn, undefined, argumentsIn(machine, node, frame));
  }
  const object = machine.evaluate(child(tree, callee, Role.Object), frame);
  const key = keyIn(machine, callee, frame);
  return callMethod(machine, object, key, argumentsIn(machine, node, frame));
}
