/**
 * What public capa rules say of clean programs, to be gone through by hand:
 *
 *     AVOW_CAPA_RULES=… node tools/capa/clean.ts [FOLDER] [NAMESPACE…]
 *
 * 200 ELF files of the folder (`/usr/bin`), spread evenly over their names, and
 * the namespaces `collection` and `communication`, unless others are given.
 * Matches of doubtful rules are told apart.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CapaMatch,
  compileCapaRules,
  doubtOf,
  observeCapa,
  readCapaRules,
  readCapaWords,
} from '@avow/examine/capa';
import { nativeKindOf, readNative } from '@avow/formats/native';
import { corpusOf, rulesOf } from './corpus.ts';

const FILES = 200;
const MAX_FILE_BYTES = 8_000_000;

/** Places of a rule that are shown. */
const SHOWN = 12;

const corpus = corpusOf('AVOW_CAPA_RULES');
if (corpus === undefined) process.exit(0);
const [folder = '/usr/bin', ...given] = process.argv.slice(2);
const namespaces = given.length > 0 ? given : ['collection', 'communication'];
const set = readCapaRules(rulesOf(corpus));
const compiled = compileCapaRules(set);
const words = readCapaWords(
  readFileSync(new URL('../../rules/capa/words.json', import.meta.url), 'utf8'),
);
const byName = new Map(set.rules.map((rule) => [rule.name, rule]));

const believed = new Map<string, string[]>();
const doubted = new Map<string, string[]>();
const files = cleanFiles();
for (const path of files) {
  const [slice] = readNative(readFileSync(path), 'elf');
  for (const match of observeCapa(slice!.image, compiled).matches) {
    if (!namespaces.some((space) => `${match.namespace}/`.startsWith(`${space}/`))) continue;
    const isDoubted = doubtOf(words, byName.get(match.rule)!, 'elf') !== undefined;
    const into = isDoubted ? doubted : believed;
    const key = `${match.namespace}: ${match.rule}`;
    into.set(key, [...(into.get(key) ?? []), shown(path, match)]);
  }
}
console.log(`${files.length} files of ${folder}, namespaces ${namespaces.join(', ')}`);
print('matches', believed);
print('set aside as doubtful', doubted);

function cleanFiles(): string[] {
  const all = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => {
      const { size } = lstatSync(path);
      return lstatSync(path).isFile() && size > 0 && size < MAX_FILE_BYTES;
    })
    .filter((path) => nativeKindOf(readFileSync(path)) === 'elf');
  const count = Math.min(FILES, all.length);
  return Array.from(
    { length: count },
    (_, index) => all[Math.floor((index * all.length) / count)]!,
  );
}

function shown(path: string, { address, grounds }: CapaMatch): string {
  const what = grounds.map((ground) => ground.what).join(', ');
  return `${path} ${address ?? 'file'}: ${what.slice(0, 120)}`;
}

function print(title: string, found: ReadonlyMap<string, readonly string[]>): void {
  console.log(`\n${title}:`);
  for (const [rule, places] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const count = new Set(places.map((place) => place.split(' ')[0])).size;
    console.log(`${rule}: ${places.length} places in ${count} files`);
    for (const place of places.slice(0, SHOWN)) console.log(`    ${place}`);
  }
}
