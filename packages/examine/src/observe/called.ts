import { child, children, Kind, Role, type ScriptTree } from '@avow/formats/script';
import { isWrittenWithDecoders } from './plain.ts';

/** Stands for any `new`: no name has a blank. */
const CONSTRUCTS = 'new ';

/** FNV-1a, 32 bits (Fowler, Noll, Vo), over code units. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Bits for each name: of names that are not there, one in eight seems to be. */
const BITS = 8;

/**
 * The names by which a script calls, constructs or passes on what it imports,
 * as one bit for each hash, in hex digits: who looks for calls of a function need
 * not parse the modules that have none by its name. Undefined where a script's
 * names are what its own decoders give.
 */
export function calledNames(tree: ScriptTree): string | undefined {
  if (isWrittenWithDecoders(tree)) return undefined;
  const ids = new Set<number>();
  const { kind, name, count } = tree;
  let constructs = false;
  for (let at = 0; at < count; at += 1) {
    switch (kind[at]) {
      case Kind.Call: {
        const called = name[at + 1]!;
        ids.add(called);
        const way = called < 0 ? undefined : tree.names[called];
        if (way === 'call' || way === 'apply') ids.add(name[at + 2]!);
        break;
      }
      case Kind.New:
        constructs = true;
        break;
      case Kind.ImportDeclaration:
      case Kind.ExportNamed:
        for (const specifier of children(tree, at, Role.Specifier)) {
          ids.add(name[specifier]!);
          const role = kind[at] === Kind.ImportDeclaration ? Role.Id : Role.Local;
          const local = child(tree, specifier, role);
          if (local >= 0) ids.add(name[local]!);
        }
        break;
      default:
    }
  }
  ids.delete(-1);
  const names = [...ids].map((id) => tree.names[id]!);
  return bitsOf(constructs ? [...names, CONSTRUCTS] : names);
}

/** Whether a script of these names may call what is called so. */
export function mayCall(called: string, name: string): boolean {
  const bit = hashOf(name) & (called.length * 4 - 1);
  return (Number.parseInt(called[bit >>> 2]!, 16) & (1 << (bit & 3))) !== 0;
}

/** Whether such a script may construct anything. */
export function mayConstruct(called: string): boolean {
  return mayCall(called, CONSTRUCTS);
}

function bitsOf(names: readonly string[]): string {
  const size = 2 ** Math.max(6, Math.ceil(Math.log2(Math.max(1, names.length * BITS))));
  const digits = new Uint8Array(size / 4);
  for (const name of names) {
    const bit = hashOf(name) & (size - 1);
    digits[bit >>> 2]! |= 1 << (bit & 3);
  }
  let text = '';
  for (const digit of digits) text += digit.toString(16);
  return text;
}

function hashOf(name: string): number {
  let hash = OFFSET;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), PRIME);
  }
  return hash ^ (hash >>> 15);
}
