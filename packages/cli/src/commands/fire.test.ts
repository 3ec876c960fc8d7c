import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NO_CONTEXT, RECORD_READERS, type RecordFormat } from '@avow/formats/record';
import { fireInChild } from './fire.ts';
import { fireTaskOf } from './fire-task.ts';

const folder = mkdtempSync(join(tmpdir(), 'avow-fire-'));
const decoy = join(folder, 'decoy.txt');
writeFileSync(decoy, 'xx Top Secret and hello   World, http://ads.example.com/x?a\n');

function taskOf(format: RecordFormat, path: string, text: string) {
  const member = { path, pieces: [Buffer.from(text)] };
  const [record] = [...RECORD_READERS[format].read(member, NO_CONTEXT)];
  return fireTaskOf(record!, text);
}

async function fired(format: RecordFormat, path: string, text: string, on = decoy, ms = 20_000) {
  const task = taskOf(format, path, text);
  assert.ok(typeof task !== 'string', String(task));
  const { fires, matches, fault } = await fireInChild(task, on, ms, new AbortController().signal);
  return [
    fires,
    ...(fault === undefined ? [] : ['fault']),
    ...matches.map(({ offset, length }) => `${offset}+${length}`),
  ];
}

const HEX = Buffer.from('Top Secret').toString('hex');

for (const [name, format, path, text, want] of [
  [
    'a YARA rule, with the imports of its file',
    'yara',
    'a.yar',
    'import "math"\nrule R { strings: $a = "top secret" nocase condition: $a and math.entropy(0, 4) >= 0 }',
    [true, '3+10'],
  ],
  [
    'a YARA rule whose text is not there',
    'yara',
    'a.yar',
    'rule R { strings: $a = "nowhere" condition: $a }',
    [false],
  ],
  [
    'a YARA rule that does not compile',
    'yara',
    'a.yar',
    'rule R { condition: no_such_thing }',
    [false, 'fault'],
  ],
  ['a ClamAV body signature', 'clamav', 'a.ndb', `S:0:*:${HEX}\n`, [true, '3+10']],
  [
    'a ClamAV signature with wildcards',
    'clamav',
    'a.ndb',
    `S:0:*:${HEX.slice(0, 6)}{1-2}${HEX.slice(8)}\n`,
    [true, '3+10'],
  ],
  ['a SpamAssassin pattern', 'spamassassin', 'a.cf', 'body B /hello\\s+world/i\n', [true, '18+13']],
  [
    'a Suricata rule needs all its contents',
    'suricata',
    'a.rules',
    'alert tcp any any -> any any (content:"hello"; content:"nowhere"; sid:1;)\n',
    [false, '18+5'],
  ],
  ['an adblock filter', 'adblock', 'a.txt', '||ads.example.com^\n', [true, '40+16']],
] as const) {
  test(`fire: ${name}`, async () => assert.deepEqual(await fired(format, path, text), want));
}

test('fire: records that no file can set off say why', () => {
  assert.match(String(taskOf('clamav', 'a.hdb', `${'0'.repeat(32)}:1:H\n`)), /hashes or names/);
  assert.match(
    String(taskOf('sigma', 'a.yml', 'title: T\ndetection:\n  condition: s\n')),
    /match events/,
  );
});

test('fire: a pattern without end is stopped in time and by its code', async () => {
  const hostile = join(folder, 'hostile.txt');
  writeFileSync(hostile, `${'a'.repeat(60)}b`);
  await assert.rejects(fired('spamassassin', 'a.cf', 'body B /^(a+)+$/\n', hostile, 1_500), {
    code: 'fire.time',
  });
});
