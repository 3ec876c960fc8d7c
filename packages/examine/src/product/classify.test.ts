import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './classify.ts';

function starting(...first: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set(first);
  return bytes;
}

const ROWS: readonly (readonly [what: string, bytes: Uint8Array, kind: string])[] = [
  ['a program for AIX of 64 bits', starting(0x01, 0xf7, 0, 4), 'other-code'],
  ['one of 32 bits', starting(0x01, 0xdf, 0, 5), 'other-code'],
  ['two bytes that are its magic by chance', starting(0x01, 0xf7, 0x20, 4), 'data'],
  ['code of Dalvik', starting(0x64, 0x65, 0x78, 0x0a, 0x30, 0x33, 0x35, 0), 'other-code'],
  ['a text that begins so', starting(0x64, 0x65, 0x78, 0x0a, 0x61, 0x62, 0x63, 0x64), 'data'],
  ['an ELF file', starting(0x7f, 0x45, 0x4c, 0x46), 'native'],
];

for (const [what, bytes, kind] of ROWS) {
  test(`${what} without a suffix is ${kind}: no code is taken for data`, () => {
    assert.equal(classify('bin/program', bytes).kind, kind);
  });
}
