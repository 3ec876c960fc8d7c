import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { VOCABULARY } from '@avow/declare';
import { chooseWords } from './locale.ts';
import { readWords } from './words.ts';

const FOLDER = import.meta.dirname;
const PORTAL = join(FOLDER, '..');
const messagesOf = (locale: string) =>
  JSON.parse(readFileSync(join(FOLDER, `${locale}.json`), 'utf8')) as Record<string, string>;
const english = messagesOf('en');

/** Names in braces, the same in every language whatever its plurals. */
const placesIn = (message: string) =>
  [...new Set([...message.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name))].sort();

const locales = [...readWords().keys()];

for (const locale of locales) {
  test(`${locale} says every message, with the same values, and nothing else`, () => {
    const messages = messagesOf(locale);
    assert.deepEqual(Object.keys(messages).sort(), Object.keys(english).sort());
    for (const [id, message] of Object.entries(messages)) {
      assert.deepEqual(placesIn(message), placesIn(english[id]!), id);
      assert.notEqual(message.trim(), '', id);
    }
  });
}

test('the words of features are those of the vocabulary', () => {
  for (const [id, { says }] of Object.entries(VOCABULARY)) {
    assert.equal(english[`feature.${id}`], says);
  }
});

test('Russian counts by its three plurals', () => {
  const words = readWords().get('ru')!;
  const said = (features: number) =>
    words.say('release.counts', { features, flows: 0, findings: 0 });
  assert.match(said(1), /^1 возможность,/);
  assert.match(said(3), /^3 возможности,/);
  assert.match(said(11), /^11 возможностей,/);
});

test('times are UTC and say so, sizes have the unit of their language', () => {
  const words = readWords();
  assert.match(words.get('en')!.time(new Date(0)), /1970.*12:00.* UTC$/);
  assert.equal(words.get('ru')!.bytes(1_234_567), '1,2 МБ');
  assert.equal(words.get('en')!.bytes(999), '999 B');
});

const CHOICES: readonly (readonly [string | undefined, string | undefined, string])[] = [
  [undefined, undefined, 'en'],
  [undefined, 'ru-RU,ru;q=0.9,en;q=0.8', 'ru'],
  [undefined, 'en;q=0.1,ru;q=0.9', 'ru'],
  [undefined, 'ru;q=0,en', 'en'],
  [undefined, 'xx,;q=,,,', 'en'],
  ['ru', 'en', 'ru'],
  ['nonsense', 'ru', 'ru'],
];
for (const [chosen, accepted, expected] of CHOICES) {
  test(`a person who chose ${chosen} and accepts ${accepted} reads ${expected}`, () => {
    assert.equal(chooseWords(readWords(), chosen, accepted).locale, expected);
  });
}

test('no page has text in its code: all words are in the message files', () => {
  const sources = readdirSync(PORTAL, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const found = sources.flatMap((name) => {
    const texts = templateTexts(readFileSync(join(PORTAL, name), 'utf8'));
    return texts.filter((text) => /\p{L}{2}/u.test(text)).map((text) => `${name}: ${text}`);
  });
  assert.deepEqual(found, []);
});

/** File names and marks that are the same in every language. */
const SAME = new Set(['security.txt', 'CSAF']);

/** The words between tags in `html` templates of a source. */
function templateTexts(source: string): string[] {
  const texts: string[] = [];
  for (const match of source.matchAll(/\bhtml`/g)) {
    const literal = literalFrom(source, match.index + match[0].length);
    const between = literal.replaceAll(/<[^>]*>|[a-z-]+="[^"]*"/g, '\n').split('\n');
    texts.push(...between.map((text) => text.trim()).filter((text) => !SAME.has(text)));
  }
  return texts;
}

/** The text of a template literal, without what is in its `${}`. */
function literalFrom(source: string, start: number): string {
  let text = '';
  for (let at = start; at < source.length && source[at] !== '`'; ) {
    if (source.startsWith('${', at)) at = endOfHole(source, at + 2);
    else text += source[at++];
  }
  return text;
}

function endOfHole(source: string, start: number): number {
  let depth = 1;
  let at = start;
  for (; at < source.length && depth > 0; at++) {
    const character = source[at];
    if (character === '{') depth++;
    else if (character === '}') depth--;
    else if (character === '`') {
      at++;
      while (source[at] !== '`')
        at = source.startsWith('${', at) ? endOfHole(source, at + 2) : at + 1;
    }
  }
  return at;
}
