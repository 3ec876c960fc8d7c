import { child, children, Flag, Kind, nameOf, Role } from '@avow/formats/script';
import type { Frame } from './frame.ts';
import type { Machine } from './machine.ts';
import { memberOf, setMember } from './members.ts';
import { ListThing, type Run, runText, Stuck, Thing, UNKNOWN } from './values.ts';

/** The key of a member or property in this frame; throws `Stuck` when it is not known. */
export function keyIn(machine: Machine, node: number, frame: Frame | undefined): string {
  const { tree } = machine.script;
  const name = nameOf(tree, node);
  if (name !== undefined && (tree.flags[node]! & Flag.Computed) === 0) return name;
  const role = tree.kind[node] === Kind.Member ? Role.Index : Role.Key;
  const at = child(tree, node, role);
  const key = at < 0 ? name : runText(machine.evaluate(at, frame));
  if (typeof key !== 'string') throw new Stuck();
  return key;
}

/** A target (name, member or pattern) takes a value. */
export function assignTo(
  machine: Machine,
  target: number,
  frame: Frame | undefined,
  value: Run,
  isDeclared = false,
): void {
  const { tree } = machine.script;
  switch (tree.kind[target]) {
    case Kind.Identifier: {
      const binding = machine.script.bindingAt(target);
      if (isDeclared && frame !== undefined) frame.values.set(binding, value);
      else machine.write(binding, frame, value);
      return;
    }
    case Kind.Member: {
      const object = machine.evaluate(child(tree, target, Role.Object), frame);
      const key = keyIn(machine, target, frame);
      setMember(object, key, value, machine.isSettling);
      return;
    }
    case Kind.Default: {
      const taken =
        value === undefined ? machine.evaluate(child(tree, target, Role.Right), frame) : value;
      assignTo(machine, child(tree, target, Role.Left), frame, taken, isDeclared);
      return;
    }
    case Kind.ArrayPattern:
      assignItems(machine, target, frame, value, isDeclared);
      return;
    case Kind.ObjectPattern:
      for (const property of children(tree, target)) {
        if (tree.kind[property] === Kind.Rest) throw new Stuck();
        const taken = memberOf(value, keyIn(machine, property, frame));
        assignTo(machine, child(tree, property, Role.Value), frame, taken, isDeclared);
      }
      return;
    default:
      throw new Stuck();
  }
}

function assignItems(
  machine: Machine,
  pattern: number,
  frame: Frame | undefined,
  value: Run,
  isDeclared: boolean,
): void {
  const { tree } = machine.script;
  const isKnown = value instanceof ListThing;
  if (!isKnown && (value instanceof Thing || typeof value !== 'object')) throw new Stuck();
  const items = isKnown ? value.items : undefined;
  for (const [index, element] of children(tree, pattern).entries()) {
    if (tree.kind[element] === Kind.Hole) continue;
    if (tree.kind[element] === Kind.Rest) {
      const rest = items === undefined ? UNKNOWN : new ListThing(items.slice(index));
      assignTo(machine, element + 1, frame, rest, isDeclared);
    } else {
      assignTo(machine, element, frame, items === undefined ? UNKNOWN : items[index], isDeclared);
    }
  }
}
