import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { Refused } from '@avow/bytes';

/**
 * Packs a package as it is published: sources without their types as `dist`,
 * the manifest pointing there, and of the rest what `files` names; by npm
 * itself. Lines and columns stay those of the sources.
 *
 * Gives the tarball's path. Refuses `npm.failed`.
 */
export function packed(source: string, work: string): string {
  const folder = join(work, 'package');
  mkdirSync(folder, { recursive: true });
  const manifest = readFileSync(join(source, 'package.json'), 'utf8');
  writeFileSync(join(folder, 'package.json'), manifest.replaceAll(SOURCE, '"./dist/$1.js"'));
  for (const path of globSync('src/**/*.ts', { cwd: source }).filter(isPublished)) {
    const target = join(folder, path.replace(/^src/, 'dist').replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, withoutTypes(readFileSync(join(source, path), 'utf8')));
  }
  for (const path of globSync(['avow.yaml', 'bin/**', 'src/**/*.json'], { cwd: source })) {
    if (!/\.\w+$/.test(path)) continue;
    const target = join(folder, path.replace(/^src/, 'dist'));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(source, path), target);
  }
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--ignore-scripts', '--json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Refused('npm.failed', undefined, stderr);
  return join(folder, JSON.parse(stdout)[0].filename);
}

const SOURCE = /"\.\/src\/([^"]+)\.ts"/g;

function isPublished(path: string): boolean {
  return !/\.test\.ts$|\.d\.ts$|(?:^|\/)(?:testdata|corpus)\//.test(path);
}

/** Types become spaces, and imports name the files that are published. */
function withoutTypes(text: string): string {
  return stripTypeScriptTypes(text).replaceAll(/(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g, '$1$2.js$1');
}
