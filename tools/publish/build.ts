/**
 * Makes every package ready to be published, each in a folder of `dist/`, with
 * the types that `tsc -b` made before: `npm run build` does both.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownPackages, PACKAGES } from './packages.ts';
import { stage } from './stage.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

for (const name of ownPackages()) {
  const folder = join(ROOT, 'dist', name);
  rmSync(folder, { recursive: true, force: true });
  stage(join(PACKAGES, name), folder, join(ROOT, '.build', name));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  process.stdout.write(`${manifest.name}@${manifest.version} is ready in dist/${name}\n`);
}
