import { parsePurl, printPurl } from '@avow/locator';
import type { Declaration, Spot } from './declaration.ts';
import { DeclarationRefused } from './refused.ts';
import { holdsFor } from './versions.ts';

const TOP: Spot = { line: 1, column: 1 };

/**
 * Refuses a declaration that is not of this product and version:
 * `declaration.other-product`, `declaration.other-version`. A product without
 * a known version (a folder) is held to any.
 */
export function assertHoldsFor(declaration: Declaration, target: string, file = ''): void {
  const at = declaration.spots ?? { product: TOP, versions: TOP };
  const purl = parsePurl(target.split('#')[0]!);
  const { version, ...product } = purl;
  const name = printPurl({ ...product, qualifiers: {} });
  if (declaration.product !== '' && declaration.product !== name) {
    const found = `a declaration of ${declaration.product}`;
    throw new DeclarationRefused(
      [{ code: 'declaration.other-product', ...at.product, found, expected: name }],
      file,
    );
  }
  if (version === undefined || holdsFor(declaration.versions, version)) return;
  const found = `a declaration of versions ${declaration.versions.join(', ')}`;
  throw new DeclarationRefused(
    [
      {
        code: 'declaration.other-version',
        ...at.versions,
        found,
        expected: `one that holds for ${version}`,
      },
    ],
    file,
  );
}
