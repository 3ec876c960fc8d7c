import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Refused } from '@avow/bytes';
import { stage } from './stage.ts';

/**
 * Packs a package of ours as it is published, by npm itself; without types,
 * which nobody runs. Gives the tarball's path. Refuses `npm.failed`.
 */
export function packed(source: string, work: string): string {
  const folder = join(work, 'package');
  stage(source, folder);
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--ignore-scripts', '--json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Refused('npm.failed', undefined, stderr);
  return join(folder, JSON.parse(stdout)[0].filename);
}
