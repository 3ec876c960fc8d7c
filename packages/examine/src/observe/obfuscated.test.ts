import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayHideIn } from './obfuscated.ts';

const bytes = (text: string) => Buffer.from(`before ${text} after`);

/** One that is passed over here is passed over for good. */
test('each character that hides is found among bytes', () => {
  const hiding = [
    ...[0x200b, 0x202a, 0x202b, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068],
    ...Array.from({ length: 16 }, (_, index) => 0xfe00 + index),
    ...Array.from({ length: 240 }, (_, index) => 0xe0100 + index),
  ];
  const missed = hiding.filter((point) => !mayHideIn(bytes(String.fromCodePoint(point))));
  assert.deepEqual(missed, []);
});

test('texts of other scripts and of typesetters hide nothing', () => {
  for (const text of ['“quoted” – … €', '漢字かな', 'äöü', '😀', 'plain']) {
    assert.ok(!mayHideIn(bytes(text)), text);
  }
});
