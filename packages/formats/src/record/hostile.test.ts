import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import { RECORD_READERS } from './readers.ts';
import { databasesIn } from './recognise.ts';
import { NO_CONTEXT, RECORD_FORMATS, type RecordFormat } from './record.ts';
import { recordListing } from './testdata/listing.ts';

function* longLine(bytes: number): Generator<Uint8Array> {
  const piece = new Uint8Array(1024 * 1024).fill(0x61);
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
  yield Buffer.from('\nAfter:0:*:00\n');
}

test('a line of 100 MB is told and stepped over; the record after it is read', () => {
  const member = { path: 'a.ndb', pieces: longLine(100 * 1024 * 1024) };
  const found = [...RECORD_READERS.clamav.read(member, NO_CONTEXT)];
  assert.deepEqual(
    found.map(({ line, id, unknown }) => [line, id, unknown?.code]),
    [
      [1, '', 'record.line-too-long'],
      [2, 'After', undefined],
    ],
  );
});

test('bytes that are no UTF-8 keep their digest and are shown as Latin-1', () => {
  const bytes = Uint8Array.from([0x7c, 0x7c, 0xff, 0xfe, 0x5e, 0x0a]);
  const [record] = [...RECORD_READERS.adblock.read({ path: 'a.txt', pieces: [bytes] }, NO_CONTEXT)];
  assert.equal(record!.raw, '||ÿþ^');
  assert.equal(record!.source.length, 5);
});

test('a name given to several records keeps each of them', () => {
  assert.deepEqual(recordListing('clamav', 'a.ndb', 'A:0:*:00\nA:0:*:11\n'), [
    '1 ndb A',
    '2 ndb A',
  ]);
});

/** Same numbers each run, so that a failure comes again. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

const SEEDS: Readonly<Record<RecordFormat, string>> = {
  clamav: 'A;Engine:81-255,Target:0;(0&1);4d5a{2-4}(aa|bb);0/a[0-9]+b/si\nB:0:EP+0,10:00??*[1-3]\n',
  spamassassin:
    'if (version >= 3.0)\nbody A eval:check(\'a\',"b")\nheader B From =~ /x\\//i\nendif\n',
  adblock: "||a^$csp=x,domain=~b|c\na##+js(x, 'y')\na#%#//scriptlet('z')\n!#if (x)\n",
  dnr: '[{"id":1,"action":{"type":"block"},"condition":{"a":["]","}"]}}]',
  yara: 'import "pe"\nprivate rule A : t { meta: a = "x" strings: $a = /b\\/{1,2}/ $c = { 00 ?? [2] } condition: $a }',
  suricata:
    'alert tcp any any -> any any (msg:"a; \\" b"; content:"|00 3b|x"; pcre:"/a/i"; sid:1;)\n',
  sigma: 'title: a\nid: b\ndetection:\n  s: &a [x, *a]\n  condition: s\n---\n',
  falco: '- rule: a\n  condition: x\n- list: b\n  items: [\n c\n]\n',
  autoconsent: '{"autoconsent":[{"name":"a","detectCmp":[{"eval":"x"}]}]}',
  osquery: '{"queries":{"a":{"query":"select \\\n1"}}}',
  opaque: '\0\u0001',
};

const EXTENSION: Readonly<Record<RecordFormat, string>> = {
  clamav: 'a.ldb',
  spamassassin: 'a.cf',
  adblock: 'a.txt',
  dnr: 'a.json',
  yara: 'a.yar',
  suricata: 'a.rules',
  sigma: 'a.yml',
  falco: 'a.yaml',
  autoconsent: 'rules.json',
  osquery: 'p.json',
  opaque: 'a.kdc',
};

const PIECES = [
  '{',
  '}',
  '"',
  '\\',
  '/*',
  '*/',
  '\n',
  '\r',
  '((((',
  '\0',
  '\xff',
  '---',
  '{{{',
  '[[',
  ';',
  ':',
  '#',
  '$',
  'a'.repeat(999),
];

/** Cut, doubled, exchanged and strewn with what readers trip over. */
function mutated(text: string, next: () => number): string {
  let out = text;
  for (let round = next() % 6; round >= 0; round--) {
    const at = next() % (out.length + 1);
    const piece = PIECES[next() % PIECES.length]!;
    switch (next() % 4) {
      case 0:
        out = out.slice(0, at);
        break;
      case 1:
        out = out.slice(0, at) + piece + out.slice(at);
        break;
      case 2:
        out = out.slice(0, at) + piece + out.slice(at + piece.length);
        break;
      default:
        out += out.slice(at);
    }
  }
  return out.slice(0, 20_000);
}

for (const format of RECORD_FORMATS) {
  test(`${format}: whatever the bytes are, records come out in order and in place, and nothing is thrown`, () => {
    const stream = numbers(7);
    const next = () => stream.next().value!;
    for (let round = 0; round < 400; round++) {
      const text = mutated(SEEDS[format], next);
      const bytes = Buffer.from(text, 'latin1');
      let offset = -1;
      for (const record of RECORD_READERS[format].read(
        { path: EXTENSION[format], pieces: [bytes] },
        NO_CONTEXT,
      )) {
        assert.ok(record.line >= 1);
        if (!record.member.includes('!/')) {
          assert.ok(record.offset >= offset, `round ${round}: ${record.offset} after ${offset}`);
          offset = record.offset;
          assert.ok(offset <= bytes.length);
        }
        void [
          record.id,
          record.revision,
          record.detection,
          record.literals(),
          record.digest,
          record.raw,
        ];
      }
    }
  });
}

test('what begins like a database and is none is never thrown at the caller', () => {
  const stream = numbers(11);
  const next = () => stream.next().value!;
  for (const name of ['a.cvd', ...Object.values(EXTENSION)]) {
    for (let round = 0; round < 100; round++) {
      const bytes = Buffer.from(
        mutated(`ClamAV-VDB:x:1:2:3:4:5:6:7 ${SEEDS.clamav}`, next),
        'latin1',
      );
      try {
        databasesIn([{ path: name, bytes }]);
      } catch (error) {
        assert.ok(!(error instanceof Refused), String(error));
        throw error;
      }
    }
  }
});

for (const [format, text] of [
  ['yara', '/*'.repeat(200_000)],
  ['yara', 'rule a { strings: $a = "'.repeat(20_000)],
  ['yara', `rule a { ${'"'.repeat(300_001)}`],
  ['suricata', `alert tcp any any -> any any (${'"'.repeat(300_001)}`],
  ['sigma', '---\n'.repeat(50_000)],
  ['falco', `- rule: a\n${'\n#'.repeat(200_000)}x`],
  ['dnr', '['.repeat(500_000)],
  ['dnr', `[${'{"a":"'.repeat(100_000)}`],
  ['osquery', `{"queries":{${'"'.repeat(300_001)}`],
  ['spamassassin', `if ${'('.repeat(100_000)}\n`],
  ['spamassassin', `body A eval:f(${"'".repeat(100_001)})\n`],
  ['clamav', `A:0:*:${'('.repeat(1_000_000)}\n`],
  ['adblock', `${'#'.repeat(200_000)}\n`],
] as const) {
  test(`${format}: ${text.slice(0, 24).trim()}… takes time that grows with its length, no faster`, () => {
    const started = performance.now();
    recordListing(format, EXTENSION[format], text);
    const taken = performance.now() - started;
    assert.ok(taken < 5_000, `${taken} ms`);
  });
}
