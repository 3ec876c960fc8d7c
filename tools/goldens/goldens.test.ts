import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf, readGolden } from './count.ts';
import { GOLDEN_PRODUCTS } from './products.ts';

for (const product of GOLDEN_PRODUCTS) {
  test(`${product.name}: what is found in the real ${product.spec} is what was found before`, async (t) => {
    const counts = await countsOf(product, (reason) => t.skip(`not to be had here: ${reason}`));
    if (counts !== undefined) assert.deepEqual(counts, readGolden(product));
  });
}
