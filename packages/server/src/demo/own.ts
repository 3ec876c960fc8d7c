import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import tar from 'tar-stream';

/** A package of ours as it would be published, with what it declares. */
export interface OwnPackage {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly declaration: string;
}

/** Those whose declarations say most: what touches the world, and what never may. */
const OWN = ['cli', 'check', 'log', 'server'] as const;
const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url));
/** As `npm pack` of them leaves out. */
const LEFT_OUT = /\.(?:test|e2e)\.ts$|\.tsbuildinfo$/;
const FOLDERS_LEFT_OUT = new Set(['node_modules', 'testdata', 'testkit']);

/** Our own packages beside this one; those that are not there, or declare nothing, are left out. */
export async function ownPackages(): Promise<readonly OwnPackage[]> {
  const found: OwnPackage[] = [];
  for (const name of OWN) {
    const folder = join(PACKAGES, name);
    const declaration = await textAt(join(folder, 'avow.yaml'));
    if (declaration === undefined) continue;
    found.push({ file: `avow-${name}.tgz`, bytes: await packed(folder), declaration });
  }
  return found;
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A folder as npm packs it; the same files give the same bytes. */
async function packed(folder: string): Promise<Uint8Array> {
  const archive = tar.pack();
  for (const path of await filesIn(folder)) {
    const name = `package/${relative(folder, path).replaceAll('\\', '/')}`;
    archive.entry({ name, mtime: new Date(0) }, await readFile(path));
  }
  archive.finalize();
  const parts: Uint8Array[] = [];
  for await (const part of archive) parts.push(part as Uint8Array);
  return promisify(gzip)(Buffer.concat(parts));
}

async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!FOLDERS_LEFT_OUT.has(entry.name)) files.push(...(await filesIn(path)));
    } else if (entry.isFile() && !LEFT_OUT.test(entry.name)) files.push(path);
  }
  return files.sort();
}
