/**
 * `node tools/rules/names.ts PACKAGE… [--from FOLDER] [--write]`: whether
 * packages that rules name are there, and have what the rules call: each is
 * fetched as the user's npm has it, and the members that rules name are looked
 * for as words in its files. `--from` takes the tarballs of a folder that rules
 * name, without asking anyone; `--write` adds those that have all to
 * `names.json`, with the version that was looked at.
 *
 * For the packages of a rule that is being written; without network it says so
 * and ends with 0. Ends with 1 where a package or a member is not there.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Refused } from '@avow/bytes';
import type { Rule } from '@avow/examine';
import { openProduct } from '@avow/products';
import { readSources } from './update.ts';

const OFFLINE = ['npm.network', 'npm.offline', 'npm.missing'];

/** The members of a package that rules name, `default` and results left out. */
function membersOf(name: string, rules: readonly Rule[]): Set<string> {
  const members = new Set<string>();
  for (const rule of rules) {
    for (const use of ['call', 'read', 'write'] as const) {
      for (const symbol of rule[use] ?? []) {
        const rest = symbol.startsWith(`npm:${name}`) ? symbol.slice(`npm:${name}`.length) : '';
        if (!/^[.(/]/.test(rest)) continue;
        for (const part of rest.match(/[\w$]+/g) ?? []) if (part !== 'default') members.add(part);
      }
    }
  }
  return members;
}

/** Where it is kept what was looked at. */
const TABLE = new URL('names.json', import.meta.url);
const CHECKED: Readonly<Record<string, string>> = JSON.parse(readFileSync(TABLE, 'utf8'));

/** `@scope/name` and version of a package's purl. */
function purlParts(target: string): string[] {
  const [, name = '', version = ''] = /^pkg:npm\/(.+)@([^@]+)$/.exec(target) ?? [];
  return [decodeURIComponent(name), version];
}

async function wordsIn(spec: string): Promise<{ target: string; text: string }> {
  const product = await openProduct(spec, { folder: process.cwd() });
  let text = '';
  for await (const member of product.members()) {
    if ('bytes' in member && /\.([cm]?[jt]sx?|json|md)$/.test(member.path))
      text += new TextDecoder().decode(member.bytes);
  }
  return { target: product.target, text };
}

/** Packages that rules name. */
function namedBy(rules: readonly Rule[]): Set<string> {
  const names = new Set<string>();
  for (const rule of rules)
    for (const use of ['call', 'read', 'write', 'import'] as const)
      for (const symbol of rule[use] ?? []) {
        const name = /^npm:((?:@[^/]+\/)?[^/()]+)/.exec(symbol)?.[1];
        // A package may have dots in its name, as its members have before theirs.
        if (name !== undefined) names.add(name);
      }
  return names;
}

/** The package that a symbol's first part is of: the longest of these names that it starts with. */
function isNamed(name: string, named: ReadonlySet<string>): boolean {
  return [...named].some((symbol) => symbol === name || symbol.startsWith(`${name}.`));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string', multiple: true }, write: { type: 'boolean' } },
});
const rules = readSources().rules.map(({ record }) => record);
const named = namedBy(rules);
const checked = new Map<string, string>(Object.entries(CHECKED));

/** Holds one package against the rules; false where its registry cannot be asked. */
async function check(name: string | undefined, spec: string): Promise<boolean> {
  try {
    const { target, text } = await wordsIn(spec);
    const [own = '', version = ''] = purlParts(target);
    if (name === undefined && !isNamed(own, named)) return true;
    const absent = [...membersOf(own, rules)].filter((member) => !text.includes(member));
    const says = absent.length === 0 ? 'all there' : `not there: ${absent.join(', ')}`;
    console.log(`${own}@${version}: ${says}`);
    if (absent.length > 0) process.exitCode = 1;
    else checked.set(own, version);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (OFFLINE.includes(error.code)) {
      console.log(`skipped: ${error.message}`);
      return false;
    }
    console.log(`${spec}: ${error.message}`);
    process.exitCode = 1;
  }
  return true;
}

for (const name of positionals) if (!(await check(name, `npm:${name}`))) break;
for (const folder of values.from ?? [])
  for (const file of readdirSync(folder).sort())
    if (file.endsWith('.tgz')) await check(undefined, join(folder, file));
if (values.write === true) {
  const sorted = Object.fromEntries([...checked].sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(TABLE, `${JSON.stringify(sorted, undefined, 2)}\n`);
}
