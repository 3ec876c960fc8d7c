import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';

/** Where the service's secret is. */
export function secretPath({ data, secretFile }: Pick<Config, 'data' | 'secretFile'>): string {
  return secretFile ?? join(data, 'secret');
}

/** The key of what this service signs for itself: made at the first start, its owner's alone. */
export function secretAt(path: string): Uint8Array {
  try {
    writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path);
}
