import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Digest, digestOf } from '@avow/bytes';

/** What decides a result: these packages' code, and the exact versions of the parsers in their manifests. */
const PACKAGES = ['bytes', 'locator', 'formats', 'declare', 'examine', 'products', 'workers'];

const CODE = /\.[jt]s$/;
const NOT_CODE = /(\.test|\.d)\.[jt]s$/;
const NOT_CODE_FOLDERS = ['testdata', 'node_modules'];

export interface Engine {
  readonly version: string;
  /** SHA-256 over a line `<path> <digest>` for each file, in order of path. */
  readonly digest: Digest;
}

/**
 * Names the code that is running, so that a result can be made again by the
 * same. About 2 MB in 300 files: read and hashed at each start, because
 * whatever remembered the digest could be older than the code.
 */
export function engine(): Engine {
  const require = createRequire(import.meta.url);
  const lines: string[] = [];
  let version = '';
  for (const name of PACKAGES) {
    const entry =
      name === 'workers' ? fileURLToPath(import.meta.url) : require.resolve(`@avow/${name}`);
    const source = dirname(entry);
    const manifest = readFileSync(join(source, '..', 'package.json'), 'utf8');
    const { version: own, dependencies } = JSON.parse(manifest);
    version = own;
    lines.push(`${name}/package.json ${digestOf(JSON.stringify({ own, dependencies }))}`);
    for (const path of codeIn(source)) {
      lines.push(`${name}/${path} ${digestOf(readFileSync(join(source, path)))}`);
    }
  }
  return { version, digest: digestOf(lines.join('\n')) };
}

function codeIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => CODE.test(path) && !NOT_CODE.test(path))
    .filter((path) => !path.split('/').some((part) => NOT_CODE_FOLDERS.includes(part)))
    .sort();
}
