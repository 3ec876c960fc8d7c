import { child, declarationsOf, Kind, Role, stringValue, textOf } from '@avow/formats/script';
import type { Unit } from './program.ts';
import { writesOf } from './reaching.ts';

/**
 * A text that is equal where two expressions surely give the same value: the
 * constant itself, or the expression as written with names of constants
 * replaced by what they stand for. Undefined where nothing can be said.
 */
export function fixedText(unit: Unit, node: number | undefined, depth = 0): string | undefined {
  if (node === undefined || node < 0 || depth > 4) return undefined;
  const { tree, scopes } = unit;
  const constant = stringValue(tree, node);
  if (constant !== undefined) return constant;
  switch (tree.kind[node]) {
    case Kind.Identifier: {
      const binding = scopes.bindingOf[node]!;
      if (binding < 0 || declarationsOf(scopes, binding).length !== 1) return undefined;
      const [write, ...others] = writesOf(unit, binding);
      if (write === undefined || others.length > 0) return undefined;
      const init = child(tree, write, Role.Init);
      return init < 0 ? undefined : fixedText(unit, init, depth + 1);
    }
    case Kind.Call:
    case Kind.Binary:
    case Kind.Template:
    case Kind.Member:
      return `=${textOf(tree, node).replaceAll(/\s+/g, '').replaceAll('"', "'")}`;
    default:
      return undefined;
  }
}
