import { Refused, utf8Text } from '@avow/bytes';
import type { ReleaseEntry } from '@avow/log';
import type { Fault } from './answer.ts';

/** One package that a lock file pins. */
export interface Locked {
  /** Its purl without version: `pkg:npm/%40scope/name`. */
  readonly product: string;
  readonly version: string;
  /** `sha512-…`; undefined when the lock file has none. */
  readonly integrity: string | undefined;
}

/** The packages of an npm lock file (version 2 or 3) that come from a registry. Refuses `check.lockfile`. */
export function parseLockfile(bytes: Uint8Array): readonly Locked[] {
  let packages: unknown;
  try {
    packages = (JSON.parse(utf8Text(bytes) ?? '') as { packages?: unknown }).packages;
  } catch {
    throw new Refused('check.lockfile', undefined, 'not JSON');
  }
  if (typeof packages !== 'object' || packages === null) {
    throw new Refused('check.lockfile', undefined, 'no "packages": npm 7 or newer writes them');
  }
  return Object.entries(packages).flatMap(([path, value]) => lockedAt(path, value));
}

function lockedAt(path: string, value: unknown): Locked[] {
  const { version, integrity, link, name } = (value ?? {}) as Record<string, unknown>;
  const at = path.lastIndexOf('node_modules/');
  if (at === -1 || link === true || typeof version !== 'string') return [];
  const called = typeof name === 'string' ? name : path.slice(at + 'node_modules/'.length);
  const product = `pkg:npm/${called.split('/').map(encodeURIComponent).join('/')}`;
  return [{ product, version, integrity: typeof integrity === 'string' ? integrity : undefined }];
}

/** Each package that is not logged, or is logged with other bytes under its version. */
export function lockfileFaults(
  locked: readonly Locked[],
  releases: readonly ReleaseEntry[],
): readonly Fault[] {
  const known = Map.groupBy(releases, ({ product }) => product);
  return locked.flatMap(({ product, version, integrity }): Fault[] => {
    const where = `${product}@${version}`;
    const same = (known.get(product) ?? []).filter((release) => release.version === version);
    if (same.length === 0) return [{ kind: 'not-logged', where, message: 'is not logged' }];
    // Older lock files have SHA-1, by which nothing can be told apart any more.
    const wanted = (integrity ?? '').split(' ').filter((one) => one.startsWith('sha512-'));
    if (wanted.length === 0) {
      const message = `has ${integrity === undefined ? 'no integrity' : 'no sha512'} in the lock file`;
      return [{ kind: 'not-logged', where, message }];
    }
    const logged = same.flatMap((release) => release.integrity ?? []);
    if (logged.length === 0) {
      return [{ kind: 'not-logged', where, message: 'was logged as a folder, without integrity' }];
    }
    if (logged.some((one) => wanted.includes(one))) return [];
    const message = `the lock file pins ${integrity}, which is not what was logged`;
    return [{ kind: 'altered', where, message }];
  });
}
