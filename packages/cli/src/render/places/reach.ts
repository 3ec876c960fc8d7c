import type { Feature } from '@avow/examine';
import { parseLocator } from '@avow/locator';
import type { Product } from '@avow/products';
import { withExaminer } from '../../examiner.ts';
import { Progress } from '../../progress.ts';
import { reachLines } from '../native.ts';
import { memberPathOf } from '../place.ts';
import { shownWithin } from '../shown.ts';
import type { Terminal } from '../terminal.ts';

/** Features shown of one function. */
const MAX_SHOWN = 8;

/**
 * What the function at virtual addresses from `start` to before `end` does, and
 * from which lines of the product's scripts it is reached. The product is
 * examined for it, without following data; what was read before is in the cache.
 */
export async function functionFeatures(
  product: Product,
  path: string,
  [start, end]: readonly [bigint, bigint],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string[]> {
  const options = { cache: true, flows: false };
  const examination = await withExaminer(
    options,
    new Progress(process.stderr, true),
    signal,
    (examiner) => examiner.examine(product),
  );
  const within = examination.features.filter((feature) => isWithin(feature, path, start, end));
  const blocks = within.map((feature) => {
    const says = shownWithin(`${feature.feature}  ${feature.evidence}`, terminal.columns);
    return [says, ...reachLines(feature, terminal, 2, false)].join('\n');
  });
  return [...new Set(blocks)].slice(0, MAX_SHOWN);
}

function isWithin({ locator }: Feature, path: string, start: bigint, end: bigint): boolean {
  const parsed = parseLocator(locator);
  const { place } = parsed;
  if (place.kind !== 'va' || memberPathOf(parsed) !== path) return false;
  return place.address >= start && place.address < end;
}
