/**
 * `node tools/records/table.ts` reads real database updates whole and prints,
 * for each, how many records there are, how many were understood, what a
 * native tool or the package itself counts, and the time it took. Sources that
 * cannot be had are told and left out.
 */
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { examineDatabases, Sight } from '@avow/examine/record';
import type { ProductMember } from '@avow/formats/record';
import { fetched } from './fetch.ts';
import { nativeCount } from './native.ts';
import { SOURCES, type Source } from './sources.ts';

const RULES = JSON.parse(
  readFileSync(new URL('../../rules/records/update.json', import.meta.url), 'utf8'),
);
const sight = new Sight(RULES);

function membersOf(folder: string, only: RegExp | undefined): ProductMember[] {
  return globSync('**/*', { cwd: folder })
    .filter(
      (path) => (only === undefined || only.test(path)) && statSync(join(folder, path)).isFile(),
    )
    .sort()
    .map((path) => ({ path, bytes: readFileSync(join(folder, path)) }));
}

function rowOf(source: Source, folder: string): string {
  const members = membersOf(folder, source.only);
  const before = process.cpuUsage();
  const { databases } = examineDatabases(members, {
    target: 'pkg:generic/corpus@1',
    version: '',
    sight,
  });
  const { user, system } = process.cpuUsage(before);
  const formats = [...Map.groupBy(databases, ({ format }) => format)].map(([format, list]) => {
    const sum = (of: (one: (typeof list)[number]) => number) =>
      list.reduce((all, one) => all + of(one), 0);
    const off = sum(({ disabled = 0 }) => disabled);
    return `${format}: ${sum(({ records }) => records)} in ${list.length}, ${sum(({ records, understood }) => records - understood)} not understood, ${off} off`;
  });
  const native = nativeCount(source, folder, members);
  return `| ${source.name} | ${formats.join('; ') || 'no database'} | ${native} | ${((user + system) / 1e6).toFixed(2)} s |`;
}

console.log('| source | read | counted by others | CPU |\n|---|---|---|---|');
const skipped: string[] = [];
for (const source of SOURCES.filter(
  (one) => process.argv[2] === undefined || new RegExp(process.argv[2], 'i').test(one.name),
)) {
  const found = fetched(source);
  if ('why' in found) skipped.push(`${source.name}: ${found.why}`);
  else console.log(rowOf(source, found.folder));
}
if (skipped.length > 0) console.log(`\nleft out:\n${skipped.join('\n')}`);
