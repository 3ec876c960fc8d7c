import { child, Flag, Kind, nameOf, Role, type ScriptTree } from '@avow/formats/script';
import { Folder } from './fold/fold.ts';
import { EITHER, hasHole } from './fold/value.ts';
import { Script } from './script.ts';

/** Members whose names are decoded, from which on a script counts as written with decoders. */
const MIN_DECODED = 2;

/**
 * The tree of a script with the texts that its own decoders give written out,
 * so that who reads it meets `fs["readFile"]` for `fs[_0x3f(0x1a)]`. Scripts
 * that are not written so keep their tree. A node that was decoded is a
 * `String`; what it was decoded from stays below it, and is nobody's child.
 */
export function plainTree(tree: ScriptTree): ScriptTree {
  if (!isWrittenWithDecoders(tree)) return tree;
  const folder = new Folder(new Script(tree));
  const kind = tree.kind.slice();
  const name = tree.name.slice();
  const names = [...tree.names];
  const ids = new Map(names.map((text, id) => [text, id]));
  for (let at = 0; at < tree.count; at += 1) {
    const text = mayBeDecoded(folder, at, 0) ? folder.value(at) : undefined;
    if (typeof text !== 'string' || hasHole(text) || text.includes(EITHER)) continue;
    let id = ids.get(text);
    if (id === undefined) {
      id = names.length;
      names.push(text);
      ids.set(text, id);
    }
    kind[at] = Kind.String;
    name[at] = id;
    at = tree.next[at]! - 1;
  }
  for (let at = 0; at < tree.count; at += 1) {
    if (kind[at] !== Kind.Member || (tree.flags[at]! & Flag.Computed) === 0) continue;
    const index = child(tree, at, Role.Index);
    if (kind[index] === Kind.String) name[at] = name[index]!;
  }
  return { ...tree, kind, name, names };
}

/** Whether names and texts of a script are what functions of its own give. */
export function isWrittenWithDecoders(tree: ScriptTree): boolean {
  const { kind, flags, count } = tree;
  let found = 0;
  for (let at = 0; at < count && found < MIN_DECODED; at += 1) {
    if (kind[at] !== Kind.Member || (flags[at]! & Flag.Computed) === 0) continue;
    let index = child(tree, at, Role.Index);
    while (kind[index] === Kind.Binary) index += 1;
    if (kind[index] !== Kind.Call || kind[index + 1] !== Kind.Identifier) continue;
    const argument = child(tree, index, Role.Argument);
    const isConstant = kind[argument] === Kind.Number || kind[argument] === Kind.String;
    if (argument >= 0 && (isConstant || kind[argument] === Kind.Unary)) found += 1;
  }
  return found === MIN_DECODED;
}

/** Calls of the script's own functions, members of its own constants, and sums of those: not what the system says. */
function mayBeDecoded(folder: Folder, node: number, depth: number): boolean {
  const { tree } = folder.script;
  if (depth > 200) return false;
  switch (tree.kind[node]) {
    case Kind.String:
      return depth > 0;
    case Kind.Binary:
      return (
        nameOf(tree, node) === '+' &&
        mayBeDecoded(folder, node + 1, depth + 1) &&
        mayBeDecoded(folder, tree.next[node + 1]!, depth + 1)
      );
    case Kind.Call:
      return folder.functionAt(child(tree, node, Role.Callee)) >= 0;
    case Kind.Member:
      return (
        (tree.flags[node]! & Flag.Writes) === 0 &&
        tree.role[node] !== Role.Callee &&
        folder.literalAt(child(tree, node, Role.Object)) >= 0
      );
    default:
      return false;
  }
}
