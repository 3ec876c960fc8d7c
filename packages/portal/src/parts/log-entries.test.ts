import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundlePath, entriesIn } from './log-entries.ts';

const CASES: readonly (readonly [number, number, string])[] = [
  [0, 256, '/log/tile/entries/000'],
  [0, 7, '/log/tile/entries/000.p/7'],
  [1_234_067, 256, '/log/tile/entries/x001/x234/067'],
];
for (const [index, width, path] of CASES) {
  test(`bundle ${index} of ${width} entries is at ${path} (C2SP tlog-tiles)`, () => {
    assert.equal(bundlePath(index, width), path);
  });
}

function bundle(...texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.map((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
}

test('entries have their numbers in the log; what is no entry of ours is its text', () => {
  const entries = entriesIn(bundle('{"type":"release","number":3}', 'no JSON', '[1]'), 256);
  assert.deepEqual(entries, [
    { index: 256, text: '{"type":"release","number":3}', fields: { type: 'release', number: '3' } },
    { index: 257, text: 'no JSON', fields: { text: 'no JSON' } },
    { index: 258, text: '[1]', fields: { '0': '1' } },
  ]);
});

test('a bundle that was cut gives what is whole and what is left, and ends', () => {
  const whole = bundle('{"type":"claim"}', '{"type":"verdict"}');
  assert.equal(entriesIn(whole.subarray(0, whole.length - 3), 0).length, 2);
});
