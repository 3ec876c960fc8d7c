import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from '@avow/bytes';
import { CONTAINER_LIMITS } from '@avow/formats/container';
import { productOfBytes } from './archive.ts';
import { runCommand } from './command.ts';
import { readWholeFile } from './disk.ts';
import type { Product, ProductOptions } from './product.ts';

/**
 * A package from the archives that this machine's apt knows, `NAME` or
 * `NAME=VERSION`. `apt-get download` fetches it and holds it against the
 * digest in the signed index; nothing is installed.
 *
 * Refuses `deb.spec`, `deb.missing` where there is no apt-get, and `deb.failed`.
 */
export async function openDebProduct(spec: string, options: ProductOptions): Promise<Product> {
  if (!/^[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?(=[A-Za-z0-9.+~:-]+)?$/.test(spec)) {
    throw new Refused('deb.spec', undefined, `${spec} is not NAME or NAME=VERSION`);
  }
  const limits = options.limits ?? CONTAINER_LIMITS;
  const folder = mkdtempSync(join(tmpdir(), 'avow-deb-'));
  try {
    options.onProgress?.(`fetching ${spec} with apt-get`);
    const args = ['download', '-qq', '--', spec];
    const { status, errors } = await runCommand('apt-get', args, folder, options.signal);
    const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (status === undefined) {
      throw new Refused('deb.missing', undefined, 'apt-get is not installed; name a .deb file');
    }
    if (status !== 0 || file === undefined) {
      throw new Refused('deb.failed', undefined, errors.trim() || 'apt-get fetched nothing');
    }
    return await productOfBytes(
      readWholeFile(join(folder, file), limits.maxTotalBytes),
      file,
      limits,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
