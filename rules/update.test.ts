import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { digestOf } from '@avow/bytes';
import { type RuleUpdate, readRules } from '@avow/examine';
import { load } from 'js-yaml';
import { readSource } from '../tools/rules/source.ts';
import {
  canonical,
  FOLDER,
  makeUpdate,
  printUpdate,
  readBuiltins,
  readHistory,
  readSources,
} from '../tools/rules/update.ts';

const source = readSources();
const text = readFileSync(new URL('update.json', FOLDER), 'utf8');
const update: RuleUpdate = JSON.parse(text);

test('the sources have no fault', () => {
  assert.deepEqual(source.faults, []);
});

test('update.json is what the sources give (run `npm run rules`)', () => {
  assert.equal(text, printUpdate(makeUpdate(source, readHistory(), update.date)));
});

test('update.json is what an examiner accepts', () => {
  assert.equal(readRules(text).digest, update.digest);
});

test('the digest is that of the records', () => {
  const { builtins, rules, tables } = update;
  assert.equal(update.digest, digestOf(canonical({ builtins, rules, tables })));
});

test('a published number keeps its digest, another content gets another number', () => {
  const history = { 1: { date: '2026-01-01', digest: digestOf('other') } } as const;
  assert.equal(makeUpdate(source, history, '2026-02-02').update, 2);
  const same = { 1: { date: '2026-01-01', digest: update.digest } } as const;
  assert.deepEqual(makeUpdate(source, same, '2026-02-02').date, '2026-01-01');
});

test('a rule without cases, with an unknown key, feature or pattern is named with all its faults', () => {
  const bad = {
    id: 'a.b',
    feature: 'nothing',
    call: 'fs.x',
    sort: 1,
    where: [{ at: '0', like: 'a*' }],
  };
  const { faults } = readSource('x.yaml', { rules: [bad] });
  assert.equal(faults.length, 6, faults.join('\n'));
});

test("every export of Node's built-in modules has a rule or is known to be harmless", () => {
  const harmless = load(readFileSync(new URL('harmless.yaml', FOLDER), 'utf8')) as Readonly<
    Record<string, { readonly why: string; readonly names: string }>
  >;
  const symbols = update.rules
    .flatMap(({ call = [], read = [], write = [], import: imported = [] }) => [
      call,
      read,
      write,
      imported,
    ])
    .flat();
  const isRuled = (name: string) =>
    symbols.some(
      (symbol) => symbol === name || symbol.startsWith(`${name}.`) || symbol.startsWith(`${name}(`),
    );
  const wrong: string[] = [];
  for (const [module, exported] of Object.entries(readBuiltins())) {
    const names = harmless[module]?.names ?? '';
    const listed = names === 'all' ? exported : names.split(/\s+/).filter(Boolean);
    for (const name of exported) {
      const isListed = listed.includes(name);
      if (isListed === isRuled(`node:${module}.${name}`))
        wrong.push(`${module}.${name} is ${isListed ? 'both' : 'neither'}`);
    }
    for (const name of listed) {
      if (!exported.includes(name)) wrong.push(`${module}.${name} is not exported`);
    }
  }
  assert.deepEqual(wrong, []);
});
