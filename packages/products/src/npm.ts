import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from '@avow/bytes';
import { CONTAINER_LIMITS } from '@avow/formats';
import { productOfBytes } from './archive.ts';
import { readWholeFile } from './disk.ts';
import { npmTarget } from './identity.ts';
import type { Product, ProductOptions } from './product.ts';

/** Bytes of npm's own report; a package of a million files is listed in some 100 MB. */
const MAX_REPORT_BYTES = 256 * 1024 * 1024;

/**
 * A package from the user's npm registry: `NAME`, `NAME@VERSION`, `NAME@RANGE`
 * or `NAME@TAG`.
 *
 * `npm pack` fetches it, so that the user's registry, scopes, proxy,
 * certificates, tokens, cache and offline mode hold, and npm checks the
 * registry's integrity value. No script of the package runs. Refuses
 * `npm.spec` and what `refusalOfNpm` tells.
 */
export async function openNpmProduct(spec: string, options: ProductOptions): Promise<Product> {
  if (!isRegistrySpec(spec)) {
    throw new Refused('npm.spec', undefined, `${spec} is not NAME, NAME@VERSION or NAME@TAG`);
  }
  const limits = options.limits ?? CONTAINER_LIMITS;
  const folder = mkdtempSync(join(tmpdir(), 'avow-npm-'));
  try {
    options.onProgress?.(`fetching ${spec} with npm`);
    const packed = await npmPack(spec, folder, options);
    const bytes = readWholeFile(join(folder, packed.filename), limits.maxTotalBytes);
    const product = await productOfBytes(bytes, packed.filename, limits);
    return { ...product, target: npmTarget(packed) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** True for names that only a registry answers: no path, URL, git address or alias, which `npm pack` would build. */
function isRegistrySpec(spec: string): boolean {
  return /^(@[^/@:\s]+\/)?[^/@:\s.-][^/@:\s]*(@[^/@:]*)?$/.test(spec);
}

interface Packed {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
}

function npmPack(spec: string, folder: string, options: ProductOptions): Promise<Packed> {
  const args = ['pack', spec, '--json', '--ignore-scripts', '--pack-destination', folder];
  return new Promise((resolve, reject) => {
    execFile(
      'npm',
      args,
      {
        cwd: options.folder,
        maxBuffer: MAX_REPORT_BYTES,
        env: { ...process.env, npm_config_loglevel: 'error' },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        shell: process.platform === 'win32',
      },
      (error, stdout, stderr) => {
        const packed = packedFrom(stdout);
        if (error === null && packed !== undefined) resolve(packed);
        else reject(new Refused('npm.failed', undefined, stderr.trim() || String(error)));
      },
    );
  });
}

/** npm 6 to 11 print a list, later ones an object by package name. */
function packedFrom(report: string): Packed | undefined {
  try {
    const [packed] = Object.values(JSON.parse(report) as Record<string, Packed>);
    return packed;
  } catch {
    return undefined;
  }
}
