import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { missingPlatforms, platformOf } from './platforms.ts';

test('npm ci takes the lock file on every system: no platform package is left out', () => {
  assert.deepEqual(missingPlatforms(JSON.parse(readFileSync('package-lock.json', 'utf8'))), []);
});

for (const [name, wanted] of [
  ['@biomejs/cli-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
  ['@oxc-parser/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ['@oxc-parser/binding-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
  ['fsevents', undefined],
] as const) {
  test(`${name} is ${wanted === undefined ? 'of no one platform' : 'for its platform'}`, () => {
    assert.deepEqual(platformOf(name), wanted);
  });
}
