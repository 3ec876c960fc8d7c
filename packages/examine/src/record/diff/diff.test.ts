import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayFeature } from '../model.ts';
import { file, SIGHT } from '../testdata/sight.ts';
import { diffDatabases } from './diff.ts';

/** Each change as `kinds: old id → new id`. */
function changes(path: string, before: string, after: string): string[] {
  const { databases } = diffDatabases([file(path, before)], [file(path, after)], SIGHT);
  return databases.flatMap((database) =>
    database.changes.map(
      ({ kinds, old, new: now }) =>
        `${kinds.join(' ')}: ${old?.record.id ?? '–'} → ${now?.record.id ?? '–'}`,
    ),
  );
}

const SIGMA = (detection: string, modified = '2026-01-01', title = 'T') =>
  `title: ${title}\nid: u-1\nmodified: ${modified}\nlogsource:\n  category: process_creation\ndetection:\n  s:\n    Image: ${detection}\n  condition: s\n`;
const YARA = (name: string, text: string, date: string) =>
  `rule ${name} { meta: id = "u-1" date = "${date}" strings: $a = "${text}" condition: $a }\n`;
const RULE = (sid: number, rev: number, content: string, msg = 'm') =>
  `alert tcp any any -> any any (msg:"${msg}"; content:"${content}"; sid:${sid}; rev:${rev};)\n`;

const CASES: readonly (readonly [string, string, string, string, readonly string[]])[] = [
  [
    'added and removed',
    'a.ndb',
    'A:0:*:00\nB:0:*:11\n',
    'B:0:*:11\nC:0:*:22\n',
    ['added: – → C', 'removed: A → –'],
  ],
  ['lines that only moved down are no change', 'a.ndb', 'A:0:*:00\n', '# new\nA:0:*:00\n', []],
  [
    'a pattern widened from programs to every file',
    'a.ndb',
    'A:1:*:0011\n',
    'A:0:*:0011\n',
    ['detection silent target widened: A → A'],
  ],
  [
    'a detection with a new revision',
    'a.rules',
    RULE(1, 1, 'abcd'),
    RULE(1, 2, 'abcdx'),
    ['detection: 1:1 → 1:1'],
  ],
  [
    'a detection changed in silence',
    'a.rules',
    RULE(1, 1, 'abcd'),
    RULE(1, 1, 'abcdx'),
    ['detection silent: 1:1 → 1:1'],
  ],
  [
    'a message alone',
    'a.rules',
    RULE(1, 1, 'abcd'),
    RULE(1, 2, 'abcd', 'n'),
    ['metadata: 1:1 → 1:1'],
  ],
  [
    'an identifier used for something else',
    'a.rules',
    RULE(1, 1, 'abcd'),
    RULE(1, 2, 'wxyz', 'other'),
    ['id-reused detection: 1:1 → 1:1'],
  ],
  ['switched on', 'a.rules', `#${RULE(1, 1, 'a')}`, RULE(1, 1, 'a'), ['enabled: 1:1 → 1:1']],
  [
    'alert turned silent',
    'a.rules',
    RULE(1, 1, 'a'),
    RULE(1, 2, 'a').replace('sid', 'noalert; sid'),
    ['detection action visibility: 1:1 → 1:1'],
  ],
  [
    'alert turned into keeping files',
    'a.rules',
    RULE(1, 1, 'a'),
    RULE(1, 2, 'a').replace('sid', 'filestore; sid'),
    ['detection target action visibility: 1:1 → 1:1'],
  ],
  [
    'a YARA rule that is given another uuid keeps its name',
    'a.yar',
    YARA('A', 'x', '1'),
    YARA('A', 'y', '2').replace('u-1', 'u-2'),
    ['detection: A → A'],
  ],
  [
    'a YARA rule that stands beside another of its uuid and keeps its own',
    'a.yar',
    YARA('A', 'x', '1') + YARA('B', 'z', '1'),
    YARA('B', 'z', '1'),
    ['removed: A → –'],
  ],
  [
    'spaces and comments within the bytes of a YARA rule',
    'a.yar',
    'rule A { strings: $a = {00 [0 - 4] ff} condition: $a }\n',
    'rule A {\n  strings:\n    $a = { 00 [0-4] FF } // as before\n  condition: $a\n}\n',
    ['metadata: A → A'],
  ],
  [
    'what a Sigma rule tells of its log source',
    'a.yml',
    SIGMA('x'),
    SIGMA('x').replace('creation\n', 'creation\n  definition: switch it on\n'),
    ['metadata: u-1 → u-1'],
  ],
  ['renamed under one uuid', 'a.yar', YARA('A', 'x', '1'), YARA('B', 'x', '1'), ['renamed: A → B']],
  [
    'a YARA detection changed in silence',
    'a.yar',
    YARA('A', 'x', '1'),
    YARA('A', 'y', '1'),
    ['detection silent: A → A'],
  ],
  [
    'a Sigma description',
    'a.yml',
    SIGMA('x'),
    SIGMA('x', '2026-02-01', 'U'),
    ['metadata: u-1 → u-1'],
  ],
  [
    'a Sigma detection in silence',
    'a.yml',
    SIGMA('x'),
    SIGMA('y'),
    ['detection silent: u-1 → u-1'],
  ],
  [
    'a zone exchanged',
    'a.cf',
    "body B eval:check_hashbl_bodyre('a.example', 'raw')\nbody V /x/\n",
    "body B eval:check_hashbl_bodyre('b.example', 'raw')\nbody V /x/\n",
    ['detection destination: B → B'],
  ],
  [
    'a digest turned word for word',
    'a.cf',
    "body B eval:check_hashbl_bodyre('a.example', 'sha1')\nbody V /x/\n",
    "body B eval:check_hashbl_bodyre('a.example', 'raw')\nbody V /x/\n",
    ['detection: B → B'],
  ],
  [
    'a filter for more sites',
    'a.txt',
    '[Adblock]\n||a.example^$domain=b.example\n',
    '[Adblock]\n||a.example^$domain=b.example|c.example\n',
    ['detection:  → '],
  ],
  [
    'a filter with its options in another order',
    'a.txt',
    '[Adblock]\n||a.example^$script,domain=b.example\n',
    '[Adblock]\n||a.example^$domain=b.example,script\n',
    ['metadata:  → '],
  ],
  [
    'a filter turned against the page',
    'a.txt',
    '[Adblock]\n||a.example^$script\n',
    '[Adblock]\n||a.example^$csp=font-src * data: blob:\n',
    ['detection target action visibility:  → '],
  ],
];

for (const [name, path, before, after, want] of CASES) {
  test(`${path}: ${name}`, () => assert.deepEqual(changes(path, before, after), want));
}

test('the first thing said is what records do more, with the field that most of them have', () => {
  const csp = (host: string) => `||${host}^$all,csp=font-src http: https: data: blob:\n`;
  const before = '[Adblock]\n||x.example^\n';
  const after = `[Adblock]\n||x.example^\n${csp('a.example')}${csp('b.example')}||y.example^\n`;
  const [first] = diffDatabases([file('l.txt', before)], [file('l.txt', after)], SIGHT).delta;
  assert.deepEqual([first!.gained, first!.lost, first!.rank], [2, 0, 'high']);
  assert.match(sayFeature(first!.feature), /^weakens the security of/);
  assert.deepEqual(first!.because, [
    { decided: 'csp=font-src http: https: data: blob:', count: 2 },
  ]);
});

test('one update number with two contents is an alarm; a new number is none', () => {
  const list = (version: number, rule: string) => `! Title: t\n! Version: ${version}\n||${rule}^\n`;
  const alarms = (a: string, b: string) =>
    diffDatabases([file('l.txt', a)], [file('l.txt', b)], SIGHT).alarms.map(({ code }) => code);
  assert.deepEqual(alarms(list(1, 'a.example'), list(1, 'b.example')), ['record.update-twice']);
  assert.deepEqual(alarms(list(1, 'a.example'), list(2, 'b.example')), []);
  assert.deepEqual(alarms(list(1, 'a.example'), list(1, 'a.example')), []);
});

test('records of one name are compared in their order, and none is lost', () => {
  const diff = diffDatabases(
    [file('a.ndb', 'A:0:*:00\nA:0:*:11\nA:0:*:22\n')],
    [file('a.ndb', 'A:0:*:00\nA:0:*:12\n')],
    SIGHT,
  );
  assert.deepEqual([diff.totals.detection, diff.totals.removed, diff.totals.added], [1, 1, 0]);
});
