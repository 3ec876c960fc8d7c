import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Examination } from '@avow/examine';
import { examined, open } from './examined.ts';
import { packed } from './pack.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Names of the packages that are published. */
export function ownPackages(): readonly string[] {
  return globSync('packages/*/package.json', { cwd: ROOT })
    .filter((path) => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8')).private !== true)
    .map((path) => path.split('/')[1]!)
    .sort();
}

/** A package of ours as it is published, held to the declaration that it brings. */
export async function ownExamined(name: string): Promise<Examination> {
  const work = mkdtempSync(join(tmpdir(), 'avow-own-'));
  try {
    return await examined(await open({ spec: packed(`${ROOT}packages/${name}`, work) }));
  } finally {
    rmSync(work, { recursive: true });
  }
}
