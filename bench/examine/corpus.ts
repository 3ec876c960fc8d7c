import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One package of the bench, pinned by its bytes. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  /** Subresource Integrity of the tarball, as lockfiles have it. */
  readonly integrity: string;
}

const CORPUS = process.env['AVOW_CORPUS'] ?? join(tmpdir(), 'avow-corpus', 'packages');

export function pinnedPackages(): Pinned[] {
  return JSON.parse(readFileSync(new URL('../packages.json', import.meta.url), 'utf8'));
}

/** The tarball's path, fetched with the user's npm if it is not there yet. Throws where its bytes are not those pinned. */
export function tarballOf({ name, version, integrity }: Pinned): string {
  const path = join(CORPUS, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (!existsSync(path)) fetchTo(path, `${name}@${version}`);
  const found = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${path} is not the tarball that was pinned: ${found}`);
  return path;
}

function fetchTo(path: string, spec: string): void {
  mkdirSync(CORPUS, { recursive: true });
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['pack', spec, '--json', '--ignore-scripts', '--pack-destination', CORPUS],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`npm pack ${spec} failed:\n${stderr}`);
  const [packed] = Object.values(JSON.parse(stdout)) as { filename: string }[];
  const fetched = join(CORPUS, packed!.filename);
  if (fetched !== path) copyFileSync(fetched, path);
}
