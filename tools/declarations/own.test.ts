import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ownPackages } from '../publish/packages.ts';
import { heldOf } from './goldens.ts';
import { ownExamined } from './own.ts';

/** The first product that is held to its word is ours. */
for (const name of ownPackages()) {
  test(`@avow/${name} does what its own declaration says, and nothing else`, async (t) => {
    const file = fileURLToPath(new URL(`../../packages/${name}/avow.yaml`, import.meta.url));
    assert.ok(
      existsSync(file),
      `packages/${name}/avow.yaml is missing: avow declare packages/${name}`,
    );
    const examination = await ownExamined(name);
    assert.equal(examination.declaration?.state, 'held', examination.declaration?.why?.message);
    assert.deepEqual(heldOf(examination).findings, []);
    // What was packed is the code, without its sources and tests.
    const paths = examination.modules.map(({ path }) => path);
    assert.ok(paths.some((path) => path.startsWith('dist/')));
    assert.deepEqual(
      paths.filter((path) => /\.ts$|\.test\./.test(path)),
      [],
    );
    assert.match(examination.product.target, new RegExp(`^pkg:npm/%40avow/${name}@`));
    t.diagnostic(`${examination.modules.length} modules, ${examination.features.length} features`);
  });
}
