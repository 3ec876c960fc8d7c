import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cp437Text, decodeText, latin1Text, utf8Bytes, utf8Text } from './text.ts';

const CASES: readonly { name: string; bytes: readonly number[]; want: object }[] = [
  {
    name: 'UTF-8',
    bytes: [0x61, 0xc3, 0xbc],
    want: { text: 'aü', encoding: 'utf-8', isMarked: false },
  },
  {
    name: 'UTF-8 with its mark, which is no part of the text',
    bytes: [0xef, 0xbb, 0xbf, 0x61],
    want: { text: 'a', encoding: 'utf-8', isMarked: true },
  },
  {
    name: 'UTF-16 by its mark',
    bytes: [0xff, 0xfe, 0x61, 0, 0xfc, 0],
    want: { text: 'aü', encoding: 'utf-16le', isMarked: true },
  },
  {
    name: 'UTF-16 of the other order',
    bytes: [0xfe, 0xff, 0, 0x61],
    want: { text: 'a', encoding: 'utf-16be', isMarked: true },
  },
  {
    name: 'bytes that are not UTF-8 as Latin-1, so that every file has a text',
    bytes: [0x61, 0xfc, 0x85],
    want: { text: 'aü\u0085', encoding: 'latin-1', isMarked: false },
  },
  {
    name: 'a UTF-16 mark before half a character as Latin-1',
    bytes: [0xff, 0xfe, 0x61],
    want: { text: 'ÿþa', encoding: 'latin-1', isMarked: false },
  },
  {
    name: 'overlong UTF-8 as Latin-1, not as the slash it hides',
    bytes: [0xc0, 0xaf],
    want: { text: 'À¯', encoding: 'latin-1', isMarked: false },
  },
  { name: 'nothing', bytes: [], want: { text: '', encoding: 'utf-8', isMarked: false } },
];

for (const { name, bytes, want } of CASES) {
  test(`text: ${name}`, () => {
    assert.deepEqual(decodeText(Uint8Array.from(bytes)), want);
  });
}

test('strict UTF-8 keeps its mark and refuses surrogates', () => {
  assert.equal(utf8Text(Uint8Array.from([0xef, 0xbb, 0xbf])), '\ufeff');
  assert.equal(utf8Text(Uint8Array.from([0xed, 0xa0, 0x80])), undefined);
});

test('every byte has a letter of its own in Latin-1 and in code page 437', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assert.equal(new Set(latin1Text(all)).size, 256);
  assert.equal(new Set(cp437Text(all)).size, 256);
  assert.equal(cp437Text(all.subarray(0x80, 0x83)), 'Çüé');
  assert.deepEqual(utf8Bytes(utf8Text(utf8Bytes('ü')) ?? ''), utf8Bytes('ü'));
});
