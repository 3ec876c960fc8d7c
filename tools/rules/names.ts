/**
 * `node tools/rules/names.ts PACKAGE…`: whether packages that rules name are
 * there, and have what the rules call: each is fetched as the user's npm has
 * it, and the members that rules name are looked for as words in its files.
 * For the packages of a rule that is being written; without network it says so
 * and ends with 0. Ends with 1 where a package or a member is not there.
 */
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

async function wordsIn(name: string): Promise<string> {
  const product = await openProduct(`npm:${name}`, { folder: process.cwd() });
  let text = '';
  for await (const member of product.members()) {
    if ('bytes' in member && /\.([cm]?[jt]sx?|json|md)$/.test(member.path))
      text += new TextDecoder().decode(member.bytes);
  }
  return text;
}

const rules = readSources().rules.map(({ record }) => record);
for (const name of process.argv.slice(2)) {
  const members = membersOf(name, rules);
  try {
    const text = await wordsIn(name);
    const absent = [...members].filter((member) => !text.includes(member));
    console.log(
      `${name}: ${absent.length === 0 ? 'all there' : `not there: ${absent.join(', ')}`}`,
    );
    if (absent.length > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (OFFLINE.includes(error.code)) {
      console.log(`skipped: ${error.message}`);
      break;
    }
    console.log(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
