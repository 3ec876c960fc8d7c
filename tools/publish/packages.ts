import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));

/** Names of the packages that are published: the folders of `packages/`. */
export function ownPackages(): readonly string[] {
  return globSync('*/package.json', { cwd: PACKAGES })
    .map((path) => dirname(path))
    .sort();
}
