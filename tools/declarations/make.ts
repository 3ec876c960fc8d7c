/**
 * Makes the goldens of this folder anew, from the registry and from Debian's
 * archive: `node tools/declarations/make.ts [scarf|extensions|ten|accepted]`. What cannot
 * be had is skipped and said.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Refused } from '@avow/bytes';
import { accepted } from './accepted.ts';
import { examined, open } from './examined.ts';
import { drafted, extensionHeld, heldOf } from './goldens.ts';
import { EXTENSIONS, TEN } from './products.ts';

const FOLDER = fileURLToPath(new URL('./goldens/', import.meta.url));

async function all<T>(
  subjects: readonly { readonly name: string }[],
  of: (subject: never) => Promise<T>,
): Promise<Record<string, T>> {
  const made: Record<string, T> = {};
  for (const subject of subjects) {
    try {
      made[subject.name] = await of(subject as never);
      process.stderr.write(`${subject.name}: made\n`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      process.stderr.write(`${subject.name}: skipped, ${error.message.split('\n')[0]}\n`);
    }
  }
  return made;
}

function write(name: string, value: unknown): void {
  const file = `${FOLDER}${name}.json`;
  writeFileSync(file, `${JSON.stringify(value, undefined, 1)}\n`);
  execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'ignore' });
}

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

if (isWanted('scarf')) {
  const text = readFileSync(new URL('./scarf.avow.yaml', import.meta.url), 'utf8');
  const product = await open({ spec: 'npm:@scarf/scarf@1.4.0' });
  const from = { source: 'scarf.avow.yaml', form: 'avow', text } as const;
  write('scarf', heldOf(await examined(product, from)));
}
if (isWanted('extensions')) write('extensions', await all(EXTENSIONS, extensionHeld));
if (isWanted('ten')) write('ten', await all(TEN, drafted));
if (isWanted('accepted')) {
  write('accepted', await all(TEN, async (subject) => accepted(subject)));
}
