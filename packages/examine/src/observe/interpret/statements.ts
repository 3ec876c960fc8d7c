import { child, children, Kind, nameOf, Role } from '@avow/formats/script';
import { assignTo } from './assign.ts';
import type { Frame } from './frame.ts';
import type { Completion, Machine } from './machine.ts';
import { keysOf, memberOf } from './members.ts';
import { isTrue } from './operators.ts';
import { BytesThing, ListThing, type Run, Stuck, Thing, Thrown } from './values.ts';

/** Works out one statement (ECMA-262, 14). Throws `Stuck` at what it does not know. */
export function executeStatement(
  machine: Machine,
  node: number,
  frame: Frame,
): Completion | undefined {
  const { tree } = machine.script;
  switch (tree.kind[node]) {
    case Kind.ExpressionStatement:
      machine.evaluate(node + 1, frame);
      return undefined;
    case Kind.Block:
      return inOrder(machine, node, frame);
    case Kind.VariableDeclaration:
      declare(machine, node, frame);
      return undefined;
    case Kind.Empty:
    case Kind.Debugger:
    case Kind.FunctionDeclaration:
      return undefined;
    case Kind.If: {
      const isYes = isTrue(machine.evaluate(child(tree, node, Role.Test), frame));
      const chosen = child(tree, node, isYes ? Role.Consequent : Role.Alternate);
      return chosen < 0 ? undefined : machine.execute(chosen, frame);
    }
    case Kind.Return: {
      const operand = child(tree, node, Role.Operand);
      return { kind: 'return', value: operand < 0 ? undefined : machine.evaluate(operand, frame) };
    }
    case Kind.Throw:
      throw new Thrown(machine.evaluate(node + 1, frame));
    case Kind.Break:
      return { kind: 'break', label: nameOf(tree, node) };
    case Kind.Continue:
      return { kind: 'continue', label: nameOf(tree, node) };
    case Kind.Labeled:
      return labelled(machine, node, frame);
    case Kind.Switch:
      return switched(machine, node, frame);
    case Kind.Try:
      return tried(machine, node, frame);
    case Kind.While:
    case Kind.DoWhile:
    case Kind.For:
      return looped(machine, node, frame, undefined);
    case Kind.ForOf:
    case Kind.ForIn:
      return iterated(machine, node, frame, undefined);
    default:
      throw new Stuck();
  }
}

function inOrder(machine: Machine, node: number, frame: Frame): Completion | undefined {
  const { tree } = machine.script;
  for (let at = node + 1; at < tree.next[node]!; at = tree.next[at]!) {
    const completion = machine.execute(at, frame);
    if (completion !== undefined) return completion;
  }
  return undefined;
}

function declare(machine: Machine, node: number, frame: Frame): void {
  const { tree } = machine.script;
  const isVar = nameOf(tree, node) === 'var';
  for (const declarator of children(tree, node, Role.Declaration)) {
    const init = child(tree, declarator, Role.Init);
    if (init < 0 && isVar) continue;
    const value = init < 0 ? undefined : machine.evaluate(init, frame);
    assignTo(machine, declarator + 1, frame, value, true);
  }
}

function labelled(machine: Machine, node: number, frame: Frame): Completion | undefined {
  const { tree } = machine.script;
  const label = nameOf(tree, node);
  const body = child(tree, node, Role.Body);
  const kind = tree.kind[body];
  let completion: Completion | undefined;
  if (kind === Kind.ForOf || kind === Kind.ForIn)
    completion = iterated(machine, body, frame, label);
  else if (kind === Kind.While || kind === Kind.DoWhile || kind === Kind.For)
    completion = looped(machine, body, frame, label);
  else completion = machine.execute(body, frame);
  return completion?.kind === 'break' && completion.label === label ? undefined : completion;
}

function switched(machine: Machine, node: number, frame: Frame): Completion | undefined {
  const { tree } = machine.script;
  const value = machine.evaluate(child(tree, node, Role.Discriminant), frame);
  const cases = children(tree, node, Role.Case);
  let chosen = cases.findIndex((each) => {
    const test = child(tree, each, Role.Test);
    return test >= 0 && isSame(machine.evaluate(test, frame), value);
  });
  if (chosen < 0) chosen = cases.findIndex((each) => child(tree, each, Role.Test) < 0);
  for (; chosen >= 0 && chosen < cases.length; chosen += 1) {
    for (const statement of children(tree, cases[chosen]!, Role.Statement)) {
      const completion = machine.execute(statement, frame);
      if (completion?.kind === 'break' && completion.label === undefined) return undefined;
      if (completion !== undefined) return completion;
    }
  }
  return undefined;
}

function isSame(left: Run, right: Run): boolean {
  for (const each of [left, right]) {
    if (typeof each === 'object' && each !== null && !(each instanceof Thing)) throw new Stuck();
  }
  return left === right;
}

function tried(machine: Machine, node: number, frame: Frame): Completion | undefined {
  const { tree } = machine.script;
  const handler = child(tree, node, Role.Handler);
  const finalizer = child(tree, node, Role.Finalizer);
  let completion: Completion | undefined;
  let thrown: Thrown | undefined;
  const { depth } = machine;
  try {
    completion = machine.execute(child(tree, node, Role.Block), frame);
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    thrown = error;
    machine.depth = depth;
  }
  if (thrown !== undefined && handler >= 0) {
    const param = child(tree, handler, Role.Param);
    if (param >= 0) assignTo(machine, param, frame, thrown.value, true);
    thrown = undefined;
    completion = machine.execute(child(tree, handler, Role.Body), frame);
  }
  if (finalizer >= 0) completion = machine.execute(finalizer, frame) ?? completion;
  if (thrown !== undefined) throw thrown;
  return completion;
}

/** Of a loop's body: what ends the loop; `again` for the next turn. */
function endOf(
  completion: Completion | undefined,
  label: string | undefined,
): Completion | 'again' | undefined {
  if (completion === undefined) return 'again';
  const isOurs = completion.kind !== 'return' && (completion.label ?? label) === label;
  if (!isOurs) return completion;
  return completion.kind === 'continue' ? 'again' : undefined;
}

function looped(
  machine: Machine,
  node: number,
  frame: Frame,
  label: string | undefined,
): Completion | undefined {
  const { tree } = machine.script;
  const test = child(tree, node, Role.Test);
  const update = child(tree, node, Role.Update);
  const body = child(tree, node, Role.Body);
  const init = child(tree, node, Role.Init);
  if (init >= 0) {
    if (tree.kind[init] === Kind.VariableDeclaration) declare(machine, init, frame);
    else machine.evaluate(init, frame);
  }
  let isFirst = tree.kind[node] === Kind.DoWhile;
  for (;;) {
    machine.step();
    if (!isFirst && test >= 0 && !isTrue(machine.evaluate(test, frame))) return undefined;
    isFirst = false;
    const end = endOf(machine.execute(body, frame), label);
    if (end !== 'again') return end;
    if (update >= 0) machine.evaluate(update, frame);
  }
}

function iterated(
  machine: Machine,
  node: number,
  frame: Frame,
  label: string | undefined,
): Completion | undefined {
  const { tree } = machine.script;
  const over = machine.evaluate(child(tree, node, Role.Right), frame);
  const items = tree.kind[node] === Kind.ForIn ? keysOf(over) : itemsOf(over);
  const left = child(tree, node, Role.Left);
  const isDeclared = tree.kind[left] === Kind.VariableDeclaration;
  const target = isDeclared ? children(tree, left, Role.Declaration)[0]! + 1 : left;
  for (const item of items) {
    machine.step();
    assignTo(machine, target, frame, item, isDeclared);
    const end = endOf(machine.execute(child(tree, node, Role.Body), frame), label);
    if (end !== 'again') return end;
  }
  return undefined;
}

/** What iterating gives; throws `Stuck` when it is not known. */
function itemsOf(run: Run): readonly Run[] {
  if (run instanceof ListThing) return [...run.items];
  if (typeof run === 'string') return [...run];
  if (run instanceof BytesThing) return [...run.bytes];
  memberOf(run, 'length');
  throw new Stuck();
}
