import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeclarationRefused, printDeclaration, readDeclaration } from '../index.ts';
import { assertHoldsFor } from './holds.ts';

const HEAD = `avow: 1
maker: Example Ltd
product: pkg:npm/%40scope/agent
versions: ">=1.4.0 <2.0.0"
date: 2026-11-23
`;

const WHOLE = `${HEAD}entries:
  - name: updates # a comment
    does: net.http
    to: ["*.example.org", localhost:8080]
    for: updates
  - data: [cred.*, env.named]
    from: HOME
    does: [net.*, exec.spawn]
    by: dist/**
    when: [install, load]
    gate: env:CI
    only: f1
    kept: 30 days
never:
  - data: [screen, camera]
    except: f2
databases:
  - database: "*.cf"
    actions: [send, alert]
    targets: message
    to: "*.example.org"
`;

function refusalOf(text: string): DeclarationRefused {
  try {
    readDeclaration(text, 'avow.yaml');
  } catch (error) {
    if (error instanceof DeclarationRefused) return error;
    throw error;
  }
  return assert.fail('nothing was refused');
}

test('every field of a declaration is read', () => {
  const { entries, promises, databases, ...rest } = readDeclaration(WHOLE);
  assert.deepEqual(rest, {
    maker: 'Example Ltd',
    product: 'pkg:npm/%40scope/agent',
    versions: ['>=1.4.0 <2.0.0'],
    date: '2026-11-23',
    spots: { product: { line: 3, column: 10 }, versions: { line: 4, column: 11 } },
  });
  assert.deepEqual(
    entries.map(({ name, data, does, to, when, gate, only, spot }) => ({
      name,
      data,
      does: does.length,
      to,
      when,
      gate,
      only,
      line: spot.line,
    })),
    [
      {
        name: 'updates',
        data: [],
        does: 1,
        to: ['*.example.org', 'localhost:8080'],
        when: [],
        gate: [],
        only: [],
        line: 7,
      },
      {
        name: 'entry 2',
        data: [
          'cred.ssh-pgp',
          'cred.cloud',
          'cred.dev-token',
          'cred.os-store',
          'cred.app-profile',
          'env.named',
        ],
        does: 12,
        to: [],
        when: ['install', 'load'],
        gate: ['env:CI'],
        only: ['f1'],
        line: 11,
      },
    ],
  );
  assert.deepEqual(promises[0]?.except, ['f2']);
  assert.deepEqual(databases[0]?.actions, ['send', 'alert']);
});

test('a declaration in JSON reads as the same in YAML', () => {
  const json = `{"avow": 1, "maker": "M", "product": "pkg:npm/a", "versions": ["1.0.0"],
    "date": "2026-11-23", "entries": [{"does": "net.http", "to": ["a.example"]}]}`;
  assert.deepEqual(readDeclaration(json).entries[0]?.to, ['a.example']);
});

test('what is printed reads back as the same declaration', () => {
  const declaration = readDeclaration(WHOLE);
  const again = readDeclaration(printDeclaration(declaration));
  const bare = (d: typeof declaration): unknown =>
    JSON.parse(JSON.stringify(d, (key, value) => (key === 'spot' ? undefined : value)));
  assert.deepEqual(bare(again), bare(declaration));
});

/** Wrong text after a right head (line 6 on), and what is said of it. */
const WRONG: Readonly<Record<string, readonly [text: string, ...said: string[]]>> = {
  'a misspelt word': ['entries:\n  - does: net.htp\n', '7:11 declaration.unknown-word "net.http"'],
  'a misspelt family': ['entries:\n  - data: creds.*\n', '7:11 declaration.unknown-word "cred.*"'],
  'a source where a deed stands': [
    'entries:\n  - does: screen\n',
    '7:11 declaration.unknown-word one of 46 words (docs/declaration.md)',
  ],
  'a misspelt field': [
    'entries:\n  - does: net.http\n    too: a.example\n',
    '8:5 declaration.unknown-field "to"',
  ],
  'what is wrong within a misspelt field': [
    'entires:\n  - does: net.htp\n',
    '6:1 declaration.unknown-field "entries"',
    '7:11 declaration.unknown-word "net.http"',
  ],
  'an unknown field': [
    'colour: red\n',
    '6:1 declaration.unknown-field avow, maker, product, versions, date, entries, never, databases',
  ],
  'an entry that says nothing': [
    'entries:\n  - for: fun\n',
    '7:5 declaration.missing-field one of them',
  ],
  'a list where a map stands': [
    'entries:\n  - [net.http]\n',
    '7:5 declaration.wrong-type a map with name, data, from, does …',
  ],
  'a map where a list stands': [
    'entries:\n  does: net.http\n',
    '7:3 declaration.wrong-type a list',
  ],
  'a number where text stands': [
    'entries:\n  - does: net.http\n    to: 1.10\n',
    '8:9 declaration.wrong-type text (in quotes where it looks like a number)',
  ],
  'an unknown gate': [
    'entries:\n  - does: net.http\n    gate: CI\n',
    '8:11 declaration.value env:, setting:, remote:, record:, time:, consent: and a name',
  ],
  'an unknown time': [
    'entries:\n  - does: net.http\n    when: instal\n',
    '8:11 declaration.unknown-word "install"',
  ],
  'an unknown record action': [
    'databases:\n  - database: a\n    actions: sned\n',
    '8:14 declaration.unknown-word "send"',
  ],
  'a name twice': [
    'entries:\n  - {name: a, does: net.http}\n  - {name: a, does: net.tcp}\n',
    '8:5 declaration.value a name of its own',
  ],
  'a key twice': ['maker: Other\n', '6:1 declaration.duplicate each key once, as text'],
  'an alias': [
    'entries:\n  - &a {does: net.http}\n  - *a\n',
    '7:8 declaration.alias the value itself, written out',
    '8:5 declaration.alias the value itself, written out',
  ],
  'a tag': ['entries: !!js/function "x"\n', '6:24 declaration.alias the value itself, written out'],
  'broken syntax': ['entries: [\n', '7:1 declaration.syntax YAML 1.2 or JSON'],
  'an entry that a promise denies': [
    'entries:\n  - data: cred.cloud\n    does: net.http\nnever:\n  - data: cred.*\n',
    '7:5 declaration.contradiction an entry outside the promise, or a promise with "except"',
  ],
};

for (const [name, [text, ...said]] of Object.entries(WRONG)) {
  test(`told with line, column and the right word: ${name}`, () => {
    const { faults } = refusalOf(HEAD + text);
    assert.deepEqual(
      faults.map(({ line, column, code, expected }) => `${line}:${column} ${code} ${expected}`),
      said,
    );
  });
}

test('all that a head lacks is told at once', () => {
  const codes = refusalOf('avow: 2\nproduct: npm/x\nversions: []\ndate: 2026-13-01\n').faults.map(
    ({ line, code }) => `${line} ${code}`,
  );
  assert.deepEqual(codes, [
    '1 declaration.missing-field',
    '1 declaration.value',
    '2 declaration.value',
    '3 declaration.wrong-type',
    '4 declaration.value',
  ]);
  assert.deepEqual(refusalOf('').code, 'declaration.wrong-type');
});

test('versions without a number in them are refused, and a misspelt field is not missed as well', () => {
  for (const versions of ['banana', 'latest', '">=newest"', '"1.0.0 || 2.0.0"', '^1.2.3', '~2']) {
    const text = HEAD.replace('">=1.4.0 <2.0.0"', versions);
    const said = refusalOf(text).faults.map(({ line, code }) => `${line} ${code}`);
    assert.deepEqual(said, ['4 declaration.value'], versions);
  }
  for (const versions of ['"*"', 'r2025-10-01', 'v3.0.0-rc.1', '"27000"', '1:4.0.1-1~deb12u1']) {
    readDeclaration(HEAD.replace('">=1.4.0 <2.0.0"', versions));
  }
  assert.deepEqual(
    refusalOf(HEAD.replace('product', 'prodcut')).faults.map(({ code }) => code),
    ['declaration.unknown-field'],
  );
});

test('a wide entry and a promise that takes a part out do not contradict', () => {
  readDeclaration(`${HEAD}entries:\n  - data: "*"\nnever:\n  - data: cred.*\n`);
});

const BOMBS: Readonly<Record<string, string>> = {
  'aliases of aliases': `a: &a [x,x]\n${[...'bcdefghij'].map((c, i) => `${c}: &${c} [*${'abcdefghi'[i]},*${'abcdefghi'[i]}]`).join('\n')}`,
  'ten megabytes': `avow: 1\n${'# x\n'.repeat(2_500_000)}`,
  'a megabyte of entries': `${HEAD}entries:\n${'  - does: net.htp\n'.repeat(60_000)}`,
  'deep lists': '['.repeat(1_000_000),
  'deep maps': Array.from({ length: 2_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  'many keys': Array.from({ length: 90_000 }, (_, i) => `k${i}: 1`).join('\n'),
  'one long line': `maker: ${'x'.repeat(1_000_000)}`,
  'only dashes': '- '.repeat(2_000),
  binary: '\u0000\u0001\ufffe'.repeat(1_000),
};

for (const [name, text] of Object.entries(BOMBS)) {
  test(`hostile text is refused in bounded time: ${name}`, () => {
    const start = process.cpuUsage();
    const { faults } = refusalOf(text);
    const { user, system } = process.cpuUsage(start);
    assert.ok(faults.length <= 100);
    assert.ok(user + system < 10_000_000, `${(user + system) / 1_000} ms`);
  });
}

test('a declaration of another product or version is refused, and says so', () => {
  const declaration = readDeclaration(WHOLE);
  assertHoldsFor(declaration, 'pkg:npm/%40scope/agent@1.9.9');
  assertHoldsFor(declaration, 'pkg:npm/%40scope/agent');
  for (const [target, code, message] of [
    ['pkg:npm/%40scope/agent@2.0.0', 'declaration.other-version', /^avow\.yaml:4:11: /],
    ['pkg:npm/%40scope/agent@1.4.0-beta.1', 'declaration.other-version', /:4:11: .*1\.4\.0-beta/],
    ['pkg:npm/agent@1.4.0', 'declaration.other-product', /^avow\.yaml:3:10: /],
  ] as const) {
    const error = { name: 'Refused', code, message };
    assert.throws(() => assertHoldsFor(declaration, target, 'avow.yaml'), error);
  }
});
