import { child, children, Kind, Role, type ScriptTree } from '@avow/formats/script';
import { bitsOf, CONSTRUCTS } from './name-bits.ts';
import { isWrittenWithDecoders } from './plain.ts';

/**
 * The names by which a script calls, constructs or passes on what it imports,
 * as one bit for each hash, in hex digits: who looks for calls of a function need
 * not parse the modules that have none by its name. Undefined where a script's
 * names are what its own decoders give.
 */
export function calledNames(tree: ScriptTree): string | undefined {
  if (isWrittenWithDecoders(tree)) return undefined;
  const { kind, name, count } = tree;
  const ids = new Ids(tree.names.length);
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
  const names = ids.list.map((id) => tree.names[id]!);
  return bitsOf(constructs ? [...names, CONSTRUCTS] : names);
}

/** Indexes of names, each once. */
class Ids {
  readonly list: number[] = [];
  readonly #isIn: Uint8Array;

  constructor(count: number) {
    this.#isIn = new Uint8Array(count);
  }

  /** -1 is no name. */
  add(id: number): void {
    if (id < 0 || this.#isIn[id] === 1) return;
    this.#isIn[id] = 1;
    this.list.push(id);
  }
}
