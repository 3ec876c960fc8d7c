import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DatabaseMember, NO_CONTEXT, RECORD_READERS } from '@avow/formats/record';
import { examineDatabases } from './examine.ts';
import { featuresOf } from './features.ts';
import { findRecords } from './find.ts';
import { recordsAt } from './show.ts';
import { file, SIGHT } from './testdata/sight.ts';

const OPTIONS = { target: 'pkg:generic/x@1', version: '1', sight: SIGHT };

test('a product with a folder of rules, a list and what nobody can read', () => {
  const { databases, features, flows, unknowns, members } = examineDatabases(
    [
      file('etc/init.pre', 'loadplugin Mail::SpamAssassin::Plugin::HashBL\n'),
      file(
        'share/72.cf',
        "ifplugin Mail::SpamAssassin::Plugin::HashBL\nbody LEAK eval:check_hashbl_bodyre('bl.example.org', 'raw', 'x')\nendif\nodd 1\n",
      ),
      file(
        'list.txt',
        '! Title: t\n! Version: 202611\n||a.example^\n||b.example^\n@@||c.example^\n',
      ),
      file('x.kdc', 'undisclosed'),
      file('readme.txt', 'A text about ||filters^ and nothing else.\n'),
    ],
    OPTIONS,
  );
  assert.deepEqual(
    databases.map(({ path, format, update, records, understood }) => [
      path,
      format,
      update,
      records,
      understood,
    ]),
    [
      ['', 'spamassassin', '1', 3, 2],
      ['list.txt', 'adblock', '202611', 3, 3],
      ['x.kdc', 'opaque', '1', 1, 0],
    ],
  );
  assert.deepEqual(
    [
      features[0]!.locator,
      features[0]!.recipient,
      features[0]!.record!.rank,
      features[0]!.record!.line,
    ],
    ['pkg:generic/x@1#share/72.cf @rec:LEAK', 'bl.example.org', 'critical', 2],
  );
  assert.deepEqual(
    flows.map(({ source, destination, gate }) => [source, destination, gate]),
    [['people', 'net.dns', 'record:LEAK']],
  );
  assert.deepEqual(
    unknowns.map(({ why }) => why.code),
    ['spamassassin.line', 'record.opaque'],
  );
  const blocked = features.find(({ record }) => record?.action === 'block');
  assert.equal(blocked!.record!.count, 2);
  assert.deepEqual([...members].sort(), ['etc/init.pre', 'list.txt', 'share/72.cf', 'x.kdc']);
});

test('a record names the code of the product that carries it out', () => {
  const code = {
    id: 'f',
    feature: 'code.inject',
    locator: 'pkg:generic/x@1#bg.js @line:3:1',
    evidence: 'chrome.scripting.executeScript(…)',
    when: 'call',
    rule: 'r',
  } as const;
  const list = file('l.txt', '[Adblock]\na.example##+js(aopr, foo)\n');
  const [feature] = examineDatabases([list], { ...OPTIONS, code: [code] }).features;
  assert.deepEqual(feature!.record!.consumer, {
    says: "the blocker runs a script of its own collection in the page, with the record's arguments",
    from: 'examined',
    places: [code.locator],
  });
});

test('an identifier given twice is told, at the second record', () => {
  const rule = 'alert tcp any any -> any any (sid:5; rev:1;)\n';
  const { unknowns, databases } = examineDatabases([file('a.rules', rule + rule)], OPTIONS);
  assert.deepEqual(
    unknowns.map(({ why }) => why.code),
    ['record.id-twice'],
  );
  assert.equal(databases[0]!.understood, 2);
});

test('two runs over the same bytes give the same result', () => {
  const members = [
    file('a.ndb', 'A:0:*:00\nB:9:x:0\n'),
    file('l.txt', '[Adblock]\n||a^$csp=font-src * data: blob:\n'),
  ];
  const once = JSON.stringify(examineDatabases(members, OPTIONS));
  assert.equal(JSON.stringify(examineDatabases(members, OPTIONS)), once);
});

const LISTS = [
  file(
    'l.txt',
    '[Adblock]\n||ads.example.com^\n||example.com^$script\n||other.test^$domain=example.com\n',
  ),
  file(
    'a.ndb',
    `Win.Trojan.Leak-1:0:*:${Buffer.from('invoice.docx', 'utf16le').toString('hex')}\n`,
  ),
  file('s.rules', 'alert tcp any any -> any any (msg:"x"; sid:77; rev:2;)\n'),
  file('t.cf', "body LEAK eval:check_hashbl_bodyre('bl.example.org', 'raw', 'x')\nbody V /x/\n"),
];

for (const [symptom, want] of [
  [
    'cdn.ads.example.com',
    [
      'parent-host ||ads.example.com^',
      'parent-host ||example.com^$script',
      'parent-host ||other.test^$domain=example.com',
    ],
  ],
  ['/home/u/invoice.docx: Win.Trojan.Leak-1 FOUND', ['id Win.Trojan.Leak-1']],
  ['invoice.docx', ['encoded Win.Trojan.Leak-1']],
  ['[**] [1:77:2] x [**]', ['id alert tcp any any']],
  ['X-Spam-Status: Yes, tests=LEAK,OTHER', ['id body LEAK']],
  ['bl.example.org', ['recipient body LEAK']],
  ['nothing.of.this.invalid', []],
] as const) {
  test(`which record could have caused ${symptom}`, () => {
    const found = findRecords(symptom, LISTS, 'pkg:generic/x@1', SIGHT);
    assert.deepEqual(
      found.map(
        ({ fit, evidence }, index) =>
          `${fit} ${evidence.slice(0, (want[index] ?? '').length - fit.length - 1)}`,
      ),
      want,
    );
  });
}

test('a record is found by its place, also from a line in its middle', () => {
  const rule = file('a.yar', '\nrule A {\n  condition:\n    true\n}\n');
  for (const place of ['@rec:A', '@line:2', '@line:4'])
    assert.equal(recordsAt([rule], 'a.yar', place, SIGHT)[0]?.record.id, 'A', place);
  assert.equal(recordsAt([rule], 'a.yar', '@line:9', SIGHT).length, 0);
});

function* synthetic(records: number): Generator<Uint8Array> {
  for (let made = 0; made < records; ) {
    let text = '';
    for (let line = 0; line < 20_000 && made < records; line++, made++)
      text += `Win.Trojan.Agent-${made}-0:1:*:4d5a90000300000004000000ffff0000b8${made.toString(16).padStart(8, '0')}\n`;
    yield Buffer.from(text);
  }
}

test('five million records stream in bounded memory', { timeout: 120_000 }, () => {
  const member: DatabaseMember = { path: 'big.ndb', pieces: synthetic(5_000_000) };
  let count = 0;
  let most = 0;
  for (const record of RECORD_READERS.clamav.read(member, NO_CONTEXT)) {
    featuresOf(record, SIGHT);
    if (++count % 500_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
  }
  assert.equal(count, 5_000_000);
  assert.ok(most < 400 * 1024 * 1024, `${most} bytes of heap`);
});
