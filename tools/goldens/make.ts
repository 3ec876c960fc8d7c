/** `npm run goldens [NAME…]`: makes the counts again from the registry; read the difference before you commit it. */
import { writeFileSync } from 'node:fs';
import { countsOf, goldenPath } from './count.ts';
import { GOLDEN_PRODUCTS } from './products.ts';

const names = process.argv.slice(2);
for (const product of GOLDEN_PRODUCTS) {
  if (names.length > 0 && !names.includes(product.name)) continue;
  const counts = await countsOf(product, (reason) => {
    throw new Error(`${product.spec} cannot be had: ${reason}`);
  });
  writeFileSync(goldenPath(product), `${JSON.stringify(counts, undefined, 2)}\n`);
  process.stderr.write(`${product.name}\n`);
}
