import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPLE_APIS, APPLE_DATA } from './import/apple-words.ts';
import { CHROME_PERMISSIONS, FIREFOX_DATA } from './import/browser-words.ts';
import { DENO_PERMISSIONS } from './import/deno.ts';
import { type FeatureId, type OtherWords, otherWords, VOCABULARY } from './index.ts';

const IDS = Object.keys(VOCABULARY) as FeatureId[];

test('every word of the vocabulary has an ATT&CK technique, well formed words, and none twice', () => {
  assert.equal(IDS.length, 60);
  const forms: Readonly<Record<keyof OtherWords, RegExp>> = {
    capa: /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/,
    attack: /^T\d{4}(?:\.\d{3})?$/,
    mbc: /^[BCEF]\d{4}(?:\.\d{3})?$/,
    firefox: /^[a-zA-Z]+$/,
    apple: /^[A-Z][A-Za-z]+$/,
    chrome: /^[a-zA-Z_.-]+$/,
    deno: /^(?:read|write|net|env|sys|run|ffi|import)$/,
  };
  for (const id of IDS) {
    const words = otherWords(id);
    assert.notEqual(words.attack.length, 0, id);
    for (const [column, form] of Object.entries(forms)) {
      const list = words[column as keyof OtherWords];
      assert.deepEqual([...new Set(list)], list, `${id} ${column}`);
      for (const word of list) assert.match(word, form, `${id} ${column}`);
    }
  }
});

/** The importers' tables and the map say the same of each other. */
const TABLES = [
  ['firefox', FIREFOX_DATA, []],
  ['apple', APPLE_DATA, []],
  ['deno', DENO_PERMISSIONS, []],
  [
    'chrome',
    CHROME_PERMISSIONS,
    [
      'host_permissions',
      'externally_connectable',
      'unsafe-eval',
      'wasm-unsafe-eval',
      'update_url',
      'sockets',
      'passwordsPrivate',
    ],
  ],
] as const;

for (const [column, table, others] of TABLES) {
  test(`words that the map names are words that the importer of ${column} reads`, () => {
    const known = new Set([...Object.keys(table), ...others]);
    const unknown = IDS.flatMap((id) => otherWords(id)[column].filter((word) => !known.has(word)));
    assert.deepEqual(unknown, []);
  });
}

test("Apple's required-reason APIs are read", () => {
  assert.deepEqual(Object.keys(APPLE_APIS).length, 5);
});
