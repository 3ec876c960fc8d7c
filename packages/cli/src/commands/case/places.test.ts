import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { recheckAgain, resolveClaim, type Stored } from '@avow/docket';
import { parseLocator } from '@avow/locator';
import { assemblyOf } from '../../../../formats/src/module/cil/testdata/assembly.ts';
import { elfOf } from '../../../../formats/src/module/native/testdata/elf.ts';
import { wasmOf } from '../../../../formats/src/module/wasm/testdata/module.ts';
import { Examiner } from '../../examiner.ts';
import { Progress } from '../../progress.ts';
import { storedOf } from '../claim/stored.ts';
import { folderOf, STEALS } from './testdata/products.ts';

/** Places in every form of the grammar, from the claim to what the re-check finds there. */
const root = mkdtempSync(join(tmpdir(), 'avow-places-'));
let examiner: Examiner;
let stored: Stored;
before(async () => {
  const progress = new Progress(process.stderr, false);
  examiner = new Examiner({ cache: false }, progress, new AbortController().signal);
  stored = await storedOf(
    examiner,
    folderOf(root, 'agent', '1.0.0', {
      'lib/steal.js': STEALS,
      'bin/scan.so': elfOf(),
      'dist/codec.wasm': wasmOf(),
      'lib/Net.dll': assemblyOf(),
    }),
  );
});
after(() => {
  examiner.close();
  rmSync(root, { recursive: true });
});

const TARGET = 'pkg:npm/agent@1.0.0';

function found(path: string): string {
  const features = stored.examination.features.filter(({ locator }) => locator.includes(path));
  return features.map(({ feature, locator }) => `${feature} ${locator}`).join('\n');
}

/** What the machine finds by itself in the file, claimed in every form of its place. */
const NATIVE: Readonly<Record<string, readonly string[]>> = {
  'bin/scan.so': ['@rva:0x800', '@va:0x800', '@off:0x800', '@sec:.text+0x100'],
  'dist/codec.wasm': ['@wasm:1', '@sym:run'],
};

for (const [path, forms] of Object.entries(NATIVE)) {
  for (const form of forms) {
    test(`${path} ${form}: what was found in that function is reproduced, another thing is not`, () => {
      const [first] = stored.examination.features.filter(({ locator }) => locator.includes(path));
      assert.ok(first !== undefined, 'something is found in it');
      const text = `${TARGET}#${path} ${form}`;
      const { recheck, views } = recheckAgain(text, first.feature, [stored]);
      assert.equal(recheck.outcome, 'reproduced', found(path));
      assert.ok(views?.byteOffset !== undefined);
      assert.notEqual(recheckAgain(text, 'camera', [stored]).recheck.outcome, 'reproduced');
    });
  }
}

test('a method of CIL is there, and nothing is said of what was not read', () => {
  const { recheck, views } = recheckAgain(`${TARGET}#lib/Net.dll @il:0x06000001+0x1`, 'net.http', [
    stored,
  ]);
  assert.equal(recheck.outcome, 'inconclusive');
  assert.ok(recheck.unsettled.length > 0 && views?.byteOffset !== undefined);
});

test('a byte of a script is the line that it is on', () => {
  const offset = STEALS.indexOf('https.request').toString(16);
  const text = `${TARGET}#lib/steal.js @off:0x${offset}`;
  assert.equal(recheckAgain(text, 'net.http', [stored]).recheck.outcome, 'reproduced');
});

const REFUSED: Readonly<Record<string, readonly [reason: string, near: RegExp]>> = {
  'bin/scan.so @rva:0x100000': ['outside-image', /function .* @rva:0x/],
  'bin/scan.so @off:0x100000': ['outside-image', /function .* @rva:0x/],
  'bin/scan.so @sec:.txet+0x0': ['no-such-symbol', /^\.text$/],
  'bin/scan.so @sym:getenvv': ['no-such-symbol', /./],
  'dist/codec.wasm @wasm:9': ['outside-image', /function run @wasm:1/],
  'dist/codec.wasm @sym:rnu': ['no-such-symbol', /^run$/],
  'lib/Net.dll @il:0x06000009': ['outside-image', /method Collect @il:0x06000002/],
  'lib/steal.js @sym:raport': ['no-such-symbol', /^report$/],
  'lib/steal.js @off:0x100000': ['outside-image', /@line:/],
};

for (const [tail, [reason, near]] of Object.entries(REFUSED)) {
  test(`${tail} is turned back for ${reason}, and what is near is named`, (t) => {
    const resolution = resolveClaim(parseLocator(`${TARGET}#${tail}`), [stored]);
    assert.equal(resolution.state, 'lacking');
    const [lack] = resolution.state === 'lacking' ? resolution.lacks : [];
    assert.equal(lack?.reason, reason);
    if (tail.includes('getenvv')) return t.diagnostic('the image has no symbol of its own');
    assert.ok(
      lack!.candidates.some((one) => near.test(one)),
      lack!.candidates.join('\n'),
    );
  });
}

test('code that nothing comes to: it is there, and the verdict says that it is out of reach', async () => {
  const dead = STEALS.replace(/\nreport\(\);\n$/, '\nexports.quiet = () => 1;\n');
  const other = await storedOf(
    examiner,
    folderOf(root, 'agent', '2.0.0', { 'lib/steal.js': dead }),
  );
  const place = 'pkg:npm/agent@2.0.0#lib/steal.js @line:4';
  const { recheck } = recheckAgain(place, 'cred.ssh-pgp', [other]);
  assert.equal(recheck.outcome, 'reproduced');
  assert.equal(recheck.verdict, 'unreachable');
  assert.match(recheck.unreached.join(), /nothing refers to function report/);
  const live = recheckAgain(`${TARGET}#lib/steal.js @line:4`, 'cred.ssh-pgp', [stored]);
  assert.equal(live.recheck.verdict, 'undeclared');
  assert.deepEqual(live.recheck.unreached, []);
});
