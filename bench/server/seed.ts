import { type Opened, openStores, readConfig } from '@avow/server';
import { CLAIMS, FEATURES, KINDS, PRODUCTS } from './size.ts';

/** Fills a database by the service's own code: releases with features, and claims that everyone may see. */
const AT = '2026-11-24T00:00:00.000Z';
const DIGEST = `sha256:${'0'.repeat(64)}` as const;

const [data = '', database = ''] = process.argv.slice(2);
const options = database === '' ? {} : { database };
const stores = await openStores(readConfig({ environment: {}, data, options }), 'http://bench');
const seconds = await seed(stores);
const rate = Math.round(FEATURES / seconds);
console.log(`  ${FEATURES} features of ${PRODUCTS} products taken in: ${rate} a second`);
await stores.close();

async function seed(stores: Opened): Promise<number> {
  const start = performance.now();
  const each = Math.ceil(FEATURES / PRODUCTS);
  for (let product = 0; product < PRODUCTS; product++) {
    const target = `pkg:npm/product-${product}@1.0.0`;
    const release = await stores.catalogue.addRelease({
      name: `npm/product-${product}`,
      target,
      version: '1.0.0',
      digest: DIGEST,
      size: 1,
      isPublic: true,
      at: AT,
    });
    const examination = await stores.catalogue.beginExamination({
      release,
      document: DIGEST,
      engine: { version: '0', digest: DIGEST },
      rules: { update: 1, digest: DIGEST },
      answer: 'no-declaration',
      coverage: '{}',
      counts: { modules: 1, features: each, flows: 0, findings: 0, unknowns: 0 },
      at: AT,
    });
    const features = Array.from({ length: each }, (_, index) => ({
      id: `${product}-${index}`,
      feature: KINDS[index % KINDS.length]!,
      locator: `${target}#lib/module-${index % 40}.js @line:${index}:1`,
      recipient: index % 3 === 0 ? `host-${(product * 31 + index) % 5_000}.example.org` : null,
      at_time: 'call',
      rule: 'bench',
      evidence: `call${index % 997}(option${product % 89}, 'text ${index}')`,
      record: null,
    }));
    await stores.catalogue.putFeatures(examination, features);
    await stores.catalogue.finish(release, examination);
  }
  const seconds = (performance.now() - start) / 1000;
  for (let claim = 0; claim < CLAIMS; claim++) {
    const { id } = await stores.docket.write('bench', `claim ${claim}`);
    await stores.standing.add(id, 'public');
  }
  return seconds;
}
