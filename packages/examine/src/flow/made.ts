import { child, Kind, nameOf, Role } from '@avow/formats/script';
import type { Unit } from './program.ts';

/** Whether the receiver of a method is a hash in the making: what it takes in does not come out. */
export function endsOnReceiver(unit: Unit, callee: number): boolean {
  return madeByName(unit, callee + 1, /^create(?:Hash|Hmac|Sign|Verify)$/);
}

export function encryptsOn(unit: Unit, callee: number): string | undefined {
  return madeByName(unit, callee + 1, /^create(?:Cipher|Cipheriv)$/) ? 'encrypt' : undefined;
}

/** Whether an expression, its chain of calls or its binding's first value is a call of that name. */
export function madeByName(unit: Unit, node: number, pattern: RegExp, depth = 0): boolean {
  const { tree } = unit;
  if (depth > 8) return false;
  switch (tree.kind[node]) {
    case Kind.Call:
      return (
        pattern.test(nameOf(tree, node + 1) ?? '') ||
        (tree.kind[node + 1] === Kind.Member && madeByName(unit, node + 2, pattern, depth + 1))
      );
    case Kind.Identifier: {
      const init = firstValue(unit, node);
      return init >= 0 && madeByName(unit, init, pattern, depth + 1);
    }
    default:
      return false;
  }
}

/** Whether an expression, or its binding's first value, is `new` of that name. */
export function isMadeBy(unit: Unit, node: number, pattern: RegExp): boolean {
  const made = unit.tree.kind[node] === Kind.Identifier ? firstValue(unit, node) : node;
  return (
    made >= 0 &&
    unit.tree.kind[made] === Kind.New &&
    pattern.test(nameOf(unit.tree, made + 1) ?? '')
  );
}

/** What the declaration of a name's binding puts into it, awaited or not; -1 where nothing. */
export function firstValue({ tree, scopes }: Unit, name: number): number {
  const binding = scopes.bindingOf[name]!;
  const from = binding < 0 ? undefined : scopes.declarationsFrom[binding];
  const declared = from === undefined ? -1 : (scopes.declarations[from] ?? -1);
  const declarator = declared < 0 ? -1 : tree.parent[declared]!;
  if (declarator < 0 || tree.kind[declarator] !== Kind.VariableDeclarator) return -1;
  let made = child(tree, declarator, Role.Init);
  while (made >= 0 && tree.kind[made] === Kind.Await) made += 1;
  return made;
}
