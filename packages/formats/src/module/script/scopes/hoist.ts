import type { Collected } from './collect.ts';
import { BindingKind } from './kinds.ts';

/** Scopes looked at, in all, for block functions of one script; deeper nests than this are hostile. */
const MAX_STEPS = 1_000_000;

/**
 * Functions declared in blocks of sloppy code that are bound in the function
 * around as well (ECMA-262, B.3.2.1): those whose name no block between, and
 * not the function itself, declares lexically. By declaration: that scope.
 */
export function hoistedFunctions(
  collected: Collected,
  nameCount: number,
): ReadonlyMap<number, number> {
  const hoisted = new Map<number, number>();
  const { blockFunctions } = collected;
  if (blockFunctions.length === 0) return hoisted;
  const { declarationName, declarationScope, scopeParent, scopeVar } = collected;
  const lexical = lexicalNames(collected, nameCount);
  let steps = 0;
  for (let at = 0; at < blockFunctions.length && steps < MAX_STEPS; at += 1) {
    const declaration = blockFunctions.items[at]!;
    const name = declarationName.items[declaration]!;
    const own = declarationScope.items[declaration]!;
    const target = scopeVar.items[own]!;
    let scope = own;
    let isFree = true;
    while (isFree && scope !== target) {
      scope = scopeParent.items[scope]!;
      isFree = !lexical.has(scope * nameCount + name);
      steps += 1;
    }
    if (isFree) hoisted.set(declaration, target);
  }
  return hoisted;
}

/** Scope and name, as one number, of all lexical declarations. */
function lexicalNames(collected: Collected, nameCount: number): ReadonlySet<number> {
  const { declarationKind, declarationName, declarationScope, scopeVar } = collected;
  const found = new Set<number>();
  for (let at = 0; at < declarationKind.length; at += 1) {
    const kind = declarationKind.items[at]!;
    const scope = declarationScope.items[at]!;
    const isLexical =
      kind === BindingKind.Let ||
      kind === BindingKind.Const ||
      kind === BindingKind.Class ||
      kind === BindingKind.Import ||
      (kind === BindingKind.Function && scopeVar.items[scope] !== scope);
    if (isLexical) found.add(scope * nameCount + declarationName.items[at]!);
  }
  return found;
}
