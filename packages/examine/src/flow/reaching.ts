import {
  declarationsOf,
  enclosingFunction,
  Flag,
  Kind,
  nameOf,
  operatorOf,
  Role,
  referencesOf,
} from '@avow/formats/script';
import type { ParsedScript } from './program.ts';

/**
 * References that may read what a write left in a binding.
 *
 * @param write The node that writes: an assignment, a declarator, a call that
 * changes the object; the reads inside it come before it.
 *
 * In the writer's own function the order of the text decides: a later
 * assignment that always runs before the read hides the write, and a read
 * before the write sees it only in a loop around both. Other functions may run
 * at any time, so their reads always count.
 */
export function readsAfter(
  script: ParsedScript,
  binding: number,
  write: number,
): readonly number[] {
  const { tree, scopes } = script;
  const home = enclosingFunction(tree, write);
  const isOwn = isDeclaredIn(script, binding, home);
  const reads: number[] = [];
  const others = writesOf(script, binding).filter(
    (other) => other !== write && enclosingFunction(tree, other) === home,
  );
  for (const read of referencesOf(scopes, binding)) {
    if ((tree.flags[read]! & Flag.Reads) === 0 || isLeftOfPlainAssignment(script, read)) continue;
    if (enclosingFunction(tree, read) !== home) {
      reads.push(read);
      continue;
    }
    const isAfter = read >= tree.next[write]! || (isParameter(script, write) && read > write);
    if (!isAfter && isOwn && !shareLoop(script, write, read)) continue;
    const isHidden = others.some(
      (other) => (!isAfter || other >= tree.next[write]!) && alwaysRunsBefore(script, other, read),
    );
    if (!isHidden) reads.push(read);
  }
  return reads;
}

/**
 * Whether, between a write and a read of an object, a statement that always
 * runs takes away what is under a key: `delete o.key`, `o.key = other`.
 */
export function isKeyHidden(
  script: ParsedScript,
  binding: number,
  write: number,
  read: number,
  key: string,
): boolean {
  const { tree, scopes } = script;
  for (const reference of referencesOf(scopes, binding)) {
    if (reference < tree.next[write]! || tree.role[reference] !== Role.Object) continue;
    const member = tree.parent[reference]!;
    if (nameOf(tree, member) !== key) continue;
    const change = tree.parent[member]!;
    const isDeleted = tree.kind[change] === Kind.Unary && operatorOf(tree, change) === 'delete';
    const isAssigned =
      tree.kind[change] === Kind.Assignment &&
      tree.role[member] === Role.Left &&
      operatorOf(tree, change) === '=';
    if ((isDeleted || isAssigned) && alwaysRunsBefore(script, change, read)) return true;
  }
  return false;
}

/** Assignments, declarators and loop heads that give a binding a new value. */
export function writesOf({ tree, scopes }: ParsedScript, binding: number): number[] {
  const writes: number[] = [];
  for (const node of declarationsOf(scopes, binding)) {
    const declarator = upTo(tree.parent, tree.kind, node, Kind.VariableDeclarator);
    if (declarator >= 0 && tree.next[node] !== tree.next[declarator]) writes.push(declarator);
  }
  for (const node of referencesOf(scopes, binding)) {
    const flags = tree.flags[node]!;
    if ((flags & Flag.Writes) === 0 || (flags & Flag.Reads) !== 0) continue;
    const assignment = upTo(tree.parent, tree.kind, node, Kind.Assignment);
    if (assignment >= 0) writes.push(assignment);
  }
  return writes;
}

/** The nearest ancestor of a kind, through patterns only. */
function upTo(parent: Int32Array, kinds: Uint8Array, node: number, kind: Kind): number {
  let at = parent[node]!;
  while (at >= 0 && kinds[at] !== kind) {
    const here = kinds[at];
    const isPattern =
      here === Kind.Property ||
      here === Kind.ObjectPattern ||
      here === Kind.ArrayPattern ||
      here === Kind.Default ||
      here === Kind.Rest;
    if (!isPattern) return -1;
    at = parent[at]!;
  }
  return at;
}

function isParameter({ tree }: ParsedScript, write: number): boolean {
  return tree.role[write] === Role.Param;
}

function isLeftOfPlainAssignment({ tree }: ParsedScript, read: number): boolean {
  return (tree.flags[read]! & Flag.Writes) !== 0 && (tree.flags[read]! & Flag.Reads) === 0;
}

function isDeclaredIn({ tree, scopes }: ParsedScript, binding: number, home: number): boolean {
  const declaration = declarationsOf(scopes, binding)[0];
  if (declaration === undefined) return false;
  if (tree.role[declaration] === Role.Param) return tree.parent[declaration] === home;
  return enclosingFunction(tree, declaration) === home;
}

const LOOPS: ReadonlySet<number> = new Set([
  Kind.For,
  Kind.ForIn,
  Kind.ForOf,
  Kind.While,
  Kind.DoWhile,
]);

/** A loop, inside the function, around both nodes. */
function shareLoop({ tree }: ParsedScript, write: number, read: number): boolean {
  const home = enclosingFunction(tree, write);
  for (let at = tree.parent[write]!; at >= 0 && at !== home; at = tree.parent[at]!) {
    if (LOOPS.has(tree.kind[at]!) && read > at && read < tree.next[at]!) return true;
  }
  return false;
}

/**
 * Whether a write stands as a statement of its own in a block around the read,
 * before it: then it has run when the read does.
 */
function alwaysRunsBefore({ tree }: ParsedScript, write: number, read: number): boolean {
  if (tree.next[write]! > read) return false;
  const statement = tree.parent[write]!;
  const kind = tree.kind[statement];
  if (kind !== Kind.ExpressionStatement && kind !== Kind.VariableDeclaration) return false;
  const block = tree.parent[statement]!;
  const isList = tree.kind[block] === Kind.Block || tree.kind[block] === Kind.Program;
  if (!isList) return false;
  // The body of a try may have stopped before the write.
  if (tree.role[block] === Role.Block && read >= tree.next[block]!) return false;
  return read > block && read < tree.next[block]!;
}
