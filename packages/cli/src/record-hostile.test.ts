import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Bench } from './testdata/cli.ts';

const bench = new Bench();
after(() => bench.clear());

interface Said {
  /** `format records understood`. */
  readonly database: string;
  /** `place code` of what was not understood. */
  readonly unknown: readonly string[];
  readonly status: number;
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const LONG = `A:0:*:${'41'.repeat(50_000_000)}\n`;

/** Databases as an attacker or an accident makes them, by the command that people run. */
const FILES: Readonly<Record<string, readonly [name: string, text: string, said: Said]>> = {
  'a line of 100 MB, and a record behind it': [
    'long.ndb',
    `${LONG}B:0:*:4142\n`,
    { database: 'clamav 2 1', unknown: ['line:1 record.line-too-long'], status: 3 },
  ],
  'bytes that are no UTF-8, in a YARA rule': [
    'utf.yar',
    'rule A { strings: $a = "\xff\xfe\xc3(" condition: $a }\n',
    { database: 'yara 1 1', unknown: [], status: 1 },
  ],
  'bytes that are no UTF-8, in a filter': [
    'utf.txt',
    '[Adblock]\n||\xff\xc3(.example^\n||b.example^\n',
    { database: 'adblock 2 2', unknown: [], status: 1 },
  ],
  'bytes that are no UTF-8, in a Sigma rule': [
    'utf.yml',
    'title: \xff\xc3(\nid: u\nlogsource: {category: x}\ndetection: {s: {a: b}, condition: s}\n',
    { database: 'sigma 1 1', unknown: [], status: 1 },
  ],
  'one name for two YARA rules': [
    'twice.yar',
    'rule A { condition: true }\nrule A { condition: false }\n',
    { database: 'yara 2 2', unknown: ['rec:A record.id-twice'], status: 3 },
  ],
  'one sid for two signatures': [
    'twice.rules',
    'alert tcp any any -> any any (msg:"a"; sid:1; rev:1;)\nalert tcp any any -> any any (msg:"b"; sid:1; rev:1;)\n',
    { database: 'suricata 2 2', unknown: ['rec:1:1:1 record.id-twice'], status: 3 },
  ],
  'patterns that explode in engines that backtrack': [
    'evil.cf',
    `body E /(a+)+(b|b)*(((x*)*)*)*$/\nbody F /${'(?:a|a)*'.repeat(60)}c{1,65535}/\nscore E 1\n`,
    { database: 'spamassassin 2 2', unknown: [], status: 1 },
  ],
  'such a pattern in a filter': [
    'evil.txt',
    `[Adblock]\n/(a+)+(b|b)*(((x*)*)*)*$/\n||${'a*'.repeat(2_000)}b^\n`,
    { database: 'adblock 2 2', unknown: [], status: 1 },
  ],
  'a .cdiff that ends in the middle': [
    'cut.cdiff',
    'ClamAV-Diff:3:90:\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x0b',
    { database: 'clamav 0 0', unknown: ['all clamav.cdiff'], status: 3 },
  ],
};

for (const [name, [file, text, said]] of Object.entries(FILES)) {
  test(`examined in time and told: ${name}`, () => {
    bench.made(file, latin1(text));
    const start = process.hrtime.bigint();
    const { stdout, status, stderr } = bench.avow(
      'examine',
      file,
      '--format',
      'json',
      '--no-cache',
    );
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const { databases, unknowns, answer } = JSON.parse(stdout);
    const [{ format, records, understood }] = databases;
    const unknown = unknowns.map(
      ({ locator, why }: { locator: string; why: { code: string } }) =>
        `${locator.slice(locator.lastIndexOf('@') + 1)} ${why.code}`,
    );
    assert.deepEqual(
      { database: `${format} ${records} ${understood}`, unknown, status },
      said,
      stderr,
    );
    assert.equal(answer === 'incomplete', said.unknown.length > 0);
    assert.ok(seconds < 60, `${seconds} s`);
  });
}

test('a hostile pattern is tried on a hostile file in bounded time', () => {
  bench.made('fire.yar', 'rule E { strings: $a = /(a+)+(b|b)*(((x*)*)*)*y/ condition: $a }\n');
  bench.made('fire.bin', 'a'.repeat(200_000));
  const start = process.hrtime.bigint();
  const { status } = bench.avow(
    'fire',
    'rule E',
    'fire.yar',
    '--on',
    'fire.bin',
    '--seconds',
    '10',
  );
  assert.notEqual(status, 0);
  assert.ok(Number(process.hrtime.bigint() - start) / 1e9 < 40);
});
