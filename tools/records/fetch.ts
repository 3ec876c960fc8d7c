/**
 * `node tools/records/fetch.ts` brings real database updates into
 * `$AVOW_CORPUS/records` (default `/tmp/avow-corpus/records`). What is there
 * stays; what cannot be had is told with the reason and left out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCES, type Source } from './sources.ts';

export const CORPUS = join(process.env['AVOW_CORPUS'] ?? '/tmp/avow-corpus', 'records');

/** The folder of a source, fetched if need be; a text says why it cannot be had. */
export function fetched(source: Source): { readonly folder: string } | { readonly why: string } {
  const folder = join(CORPUS, source.folder);
  if (existsSync(folder)) return { folder };
  try {
    mkdirSync(dirname(folder), { recursive: true });
    if ('npm' in source.from) fetchNpm(source.from.npm, folder);
    else if ('deb' in source.from) fetchDeb(source.from.deb, folder);
    else {
      const checkout = process.env[source.from.checkout];
      if (checkout === undefined) return { why: `${source.from.checkout} names no checkout` };
      if (!existsSync(checkout)) return { why: `${checkout} is not there` };
      symlinkSync(checkout, folder);
    }
    return { folder };
  } catch (error) {
    return { why: (error as Error).message.split('\n', 1)[0]! };
  }
}

function fetchNpm(spec: string, folder: string): void {
  const into = dirname(folder);
  const archive = execFileSync('npm', ['pack', '--silent', spec], { cwd: into, encoding: 'utf8' });
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', join(into, archive.trim().split('\n').at(-1)!), '-C', folder]);
}

function fetchDeb(name: string, folder: string): void {
  const into = dirname(folder);
  execFileSync('apt-get', ['download', name], { cwd: into, stdio: 'ignore' });
  const [archive] = globSync(`${name}_*.deb`, { cwd: into }).sort();
  if (archive === undefined) throw new Error(`apt-get brought no ${name}`);
  mkdirSync(folder);
  execFileSync('dpkg-deb', ['-x', join(into, archive), folder]);
}

if (import.meta.main) {
  for (const source of SOURCES) {
    const result = fetched(source);
    console.log(
      `${source.name}: ${'folder' in result ? result.folder : `left out: ${result.why}`}`,
    );
  }
}
