import type { FeatureId } from '../vocabulary.ts';
import type { Declaration, Entry, Promised } from './declaration.ts';
import { isModule, isPatternWithin } from './pattern.ts';
import type { DeclarationFault } from './refused.ts';

/**
 * Entries that say what a promise denies. A promise that is broken by the
 * declaration itself cannot be held against the product.
 */
export function contradictionsOf(declaration: Declaration): readonly DeclarationFault[] {
  return declaration.promises.flatMap((promised) =>
    declaration.entries
      .filter((entry) => denies(promised, entry))
      .map((entry) => ({
        code: 'declaration.contradiction',
        ...entry.spot,
        found: `"${entry.name}", which "${promised.name}" in line ${promised.spot.line} says never happens`,
        expected: 'an entry outside the promise, or a promise with "except"',
      })),
  );
}

/**
 * An id that the entry names itself and the promise denies is a fault; one
 * that only a wildcard brings in is what the promise takes out again.
 */
function denies(promised: Promised, entry: Entry): boolean {
  if (entry.only.length > 0 && entry.only.every((id) => promised.except.includes(id))) return false;
  const data = isDenied(entry.data, promised.data, entry.named);
  const does = isDenied(entry.does, promised.does, entry.named);
  const isFlow = promised.data.length > 0 && promised.does.length > 0;
  const isDeed = isFlow ? data && does : data || does;
  return (
    isDeed &&
    isScope(promised.to, entry.to, isPatternWithin) &&
    isScope(promised.by, entry.by, isModule)
  );
}

function isDenied(
  said: readonly FeatureId[],
  denied: readonly FeatureId[],
  named: ReadonlySet<FeatureId>,
): boolean {
  const isWhole = said.length > 0 && said.every((id) => denied.includes(id));
  return isWhole || said.some((id) => named.has(id) && denied.includes(id));
}

function isScope(
  outer: readonly string[],
  inner: readonly string[],
  isWithin: (outer: string, inner: string) => boolean,
): boolean {
  if (outer.length === 0) return true;
  return inner.length > 0 && inner.every((one) => outer.some((pattern) => isWithin(pattern, one)));
}
