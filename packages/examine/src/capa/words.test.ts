import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rulesOf, ruleText } from './testdata/rules.ts';
import { doubtOf, logicDigest, readCapaWords, wordOf } from './words.ts';

const words = readCapaWords(
  readFileSync(new URL('../../../../rules/capa/words.json', import.meta.url), 'utf8'),
);

const WORDS: readonly (readonly [rule: string, namespace: string, word: string | undefined])[] = [
  ['create TCP socket', 'communication/socket/tcp', 'net.tcp'],
  ['log keystrokes via raw input data', 'collection/keylog', 'input.keys'],
  ['log keystrokes via polling', 'collection/keylog', undefined],
  ['gather filezilla information', 'collection/file-managers', 'cred.app-profile'],
  ['read clipboard data', 'host-interaction/clipboard', 'clipboard.read'],
  ['open clipboard', 'host-interaction/clipboard', undefined],
  ['reference Google Public DNS server', 'communication/dns', undefined],
  ['persist via Run registry key', 'persistence/registry/run', 'persist'],
  ['compiled with MSVC', 'compiler/msvc', undefined],
  ['contain loop', '', undefined],
];

for (const [rule, namespace, word] of WORDS) {
  test(`"${rule}" is ${word ?? 'no word of ours'}`, () => {
    assert.equal(wordOf(words, rule, namespace), word);
  });
}

test('a word that is none is refused', () => {
  const text = JSON.stringify({ namespaces: { a: 'net.telepathy' }, rules: {}, doubtful: {} });
  assert.throws(() => readCapaWords(text), { code: 'capa.words' });
});

test('a doubt is of one logic and of the formats that it names', () => {
  const [rule] = rulesOf(ruleText('odd', '- api: a')).rules;
  const [changed] = rulesOf(ruleText('odd', '- api: b')).rules;
  const logic = logicDigest(rule!.statement);
  const doubtful = { odd: { logic, formats: ['elf'], why: 'it is' } };
  const doubting = readCapaWords(JSON.stringify({ namespaces: {}, rules: {}, doubtful }));
  assert.equal(doubtOf(doubting, rule!, 'elf')?.why, 'it is');
  assert.equal(doubtOf(doubting, rule!, 'pe'), undefined);
  assert.equal(doubtOf(doubting, changed!, 'elf'), undefined);
});
