import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulesOf, ruleText } from '../testdata/rules.ts';
import { shownFeature } from './feature.ts';
import { literalOf, textPattern } from './patterns.ts';
import { looksLikeCapaRule, readCapaRule } from './read.ts';
import type { RuleFeature } from './rule.ts';
import { statementsOf } from './statements.ts';

function read(features: string, options = {}) {
  const found = readCapaRule('a.yml', ruleText('a', features, options));
  assert.ok('rule' in found, JSON.stringify(found));
  return found.rule;
}

/** The only feature of `- line`. */
function featureOf(line: string): RuleFeature {
  const { statement } = read(`- or:\n  - ${line}`);
  const [, found] = [...statementsOf(statement)];
  assert.ok(found?.kind === 'feature');
  return found.feature;
}

const FEATURES: readonly (readonly [line: string, shown: string])[] = [
  ['api: kernel32.CreateFileA', 'api CreateFileA'],
  ['api: ws2_32.#1', 'api ws2_32.#1'],
  ['api: System.IO.File::Exists', 'api System.IO.File::Exists'],
  ['number: 6 = IPPROTO_TCP', 'number 0x6'],
  ['number: 0x6A09E667F3BCC908', 'number 0x6a09e667f3bcc908'],
  ['number/x32: 0x10', 'number/x32 0x10'],
  ['offset: -0x30', 'offset -0x30'],
  ['operand[1].offset: 0x2C', 'operand[1].offset 0x2c'],
  ['bytes: 4D 5A 90 = header', 'bytes 4d5a90'],
  ['string: "a = b"', 'string "a = b"'],
  ['string: /SELECT.*FROM/i', 'string /SELECT.*FROM/i'],
  ['substring: "x = y"', 'substring "x = y"'],
  ['section: "        "', 'section         '],
  ['characteristic: indirect call = call entry point', 'characteristic indirect call'],
];

for (const [line, shown] of FEATURES) {
  test(`${line} is read as ${shown}`, () => {
    assert.equal(shownFeature(featureOf(line)), shown);
  });
}

const COUNTS: readonly (readonly [value: string, least: number, most: number | undefined])[] = [
  ['2', 2, 2],
  ['0x2', 2, 2],
  ['2 or more', 2, undefined],
  ['3 or fewer', 0, 3],
  ['(2, 10)', 2, 10],
  ['(2,)', 2, undefined],
];

for (const [value, least, most] of COUNTS) {
  test(`a count of ${value} has its bounds`, () => {
    const { statement } = read(`- count(mnemonic(shr)): ${value}`);
    assert.ok(statement.kind === 'count');
    assert.deepEqual([statement.least, statement.most], [least, most]);
  });
}

test('several statements in an instruction all must hold', () => {
  const { statement } = read('- instruction:\n  - mnemonic: cmp\n  - number: 1');
  assert.ok(statement.kind === 'within' && statement.child.kind === 'and');
  assert.equal(statement.child.children.length, 2);
});

const FAULTS: readonly (readonly [features: string, line: number, column: number, says: RegExp])[] =
  [
    ['- and:\n  - number: six', 9, 17, /not an integer: six/],
    ['- and:\n  - bytes: 4D 5', 9, 16, /pairs of hex/],
    ['- and:\n  - colour: red', 9, 17, /no feature colour/],
    ['- or:\n  - api: a\n    number: 3', 10, 9, /second statement beside api/],
    ['- not:\n  - api: a\n  - api: b', 9, 7, /one statement/],
    ['- basic block:\n  - function:\n    - api: a', 9, 9, /cannot stand within/],
    ['- count(mnemonic(shr)): (5, 2)', 8, 29, /ends before it begins/],
    ['- api: a\n- api: b', 9, 7, /one statement at the top/],
    ['- &a api: *a', 8, 15, /alias|anchor|Unresolved/i],
  ];

for (const [features, line, column, says] of FAULTS) {
  test(`${JSON.stringify(features)} is a fault with its line and column`, () => {
    const found = readCapaRule('a.yml', ruleText('a', features));
    assert.ok('fault' in found, JSON.stringify(found));
    assert.match(found.fault.message, says);
    assert.deepEqual([found.fault.line, found.fault.column], [line, column]);
  });
}

test('what is no rule is told from a rule by its first lines', () => {
  assert.ok(looksLikeCapaRule(ruleText('a', '- api: a')));
  assert.ok(looksLikeCapaRule(`# made by a tool\n${ruleText('a', '- api: a')}`));
  assert.ok(!looksLikeCapaRule('rules:\n  - id: a\n'));
});

const PATTERNS: readonly (readonly [pattern: string, literal: string | undefined])[] = [
  ['SELECT.*FROM.*WHERE', 'SELECT'],
  ['^country', 'country'],
  ['a(bcd)+efgh', 'efgh'],
  ['iwr|curl', undefined],
  ['ab?cdef', 'cdef'],
  ['[a-z]{3}', undefined],
  ['\\bcmd\\.exe', 'cmd.exe'],
  ['x{2,}yzw', 'yzw'],
];

for (const [pattern, literal] of PATTERNS) {
  test(`every match of /${pattern}/ holds ${literal ?? 'no literal that is known'}`, () => {
    assert.equal(literalOf(pattern), literal);
  });
}

test('a pattern made to exhaust a backtracking engine is answered at once', () => {
  const pattern = textPattern('(a+)+$', false)!;
  const text = `${'a'.repeat(20_000)}!`;
  const start = process.cpuUsage();
  assert.equal(pattern.isIn(text), false);
  assert.ok(process.cpuUsage(start).user < 5e6);
});

test('a pattern finds across lines and without regard to case where it says so', () => {
  assert.ok(textPattern('a.b', false)!.isIn('xa\nb'));
  assert.ok(textPattern('mozilla/5', true)!.isIn('MOZILLA/5.0'));
  assert.equal(textPattern('(?=a)b', false), undefined);
});

function unsupported(...texts: readonly string[]) {
  return rulesOf(ruleText('always there', '- api: a'), ...texts).unsupported.map(
    ({ name, state, lacks }) => [name, state, ...lacks],
  );
}

test('a rule that machine code cannot match is unsupported; one that has another way is so in part', () => {
  assert.deepEqual(
    unsupported(
      ruleText('only managed', '- and:\n  - format: dotnet\n  - api: b'),
      ruleText('either', '- or:\n  - api: b\n  - class: System.IO.File'),
      ruleText('without', '- and:\n  - api: b\n  - not:\n    - class: System.IO.File'),
    ),
    [
      ['either', 'partly', 'class System.IO.File'],
      ['only managed', 'unsupported', 'format dotnet'],
      ['without', 'partly', 'class System.IO.File'],
    ],
  );
});

test('what is not computed is not taken for absent: a rule that needs its absence is unsupported', () => {
  assert.deepEqual(
    unsupported(
      ruleText('absent', '- and:\n  - api: b\n  - not:\n    - characteristic: of tomorrow'),
      ruleText('no such', '- match: nobody has this name'),
      ruleText('look', '- string: /(?=a)b/'),
      ruleText('run', '- or:\n  - process:\n    - api: b'),
    ),
    [
      ['absent', 'unsupported', 'characteristic of tomorrow'],
      ['look', 'unsupported', 'string /(?=a)b/'],
      ['no such', 'unsupported', 'match nobody has this name'],
      ['run', 'unsupported', 'process scope'],
    ],
  );
});

test('rules that build on each other in a circle are unsupported, and so is what builds on them', () => {
  const names = unsupported(
    ruleText('first', '- match: second'),
    ruleText('second', '- match: first'),
    ruleText('third', '- match: first'),
  ).map(([name]) => name);
  assert.deepEqual(names, ['first', 'second', 'third']);
});

test('rules come after those that they build on, by name and by namespace', () => {
  const { rules } = rulesOf(
    ruleText('uses', '- and:\n  - match: used\n  - match: space/of'),
    ruleText('used', '- api: a'),
    ruleText('in space', '- api: b', { more: '    namespace: space/of/things\n' }),
  );
  assert.deepEqual(
    rules.map(({ name }) => name),
    ['used', 'in space', 'uses'],
  );
});

test('a second rule of one name is a fault, and a folder without a rule is refused', () => {
  const { faults } = rulesOf(ruleText('a', '- api: a'), ruleText('a', '- api: b'));
  assert.equal(faults[0]?.file, '1.yml');
  assert.throws(() => rulesOf('rule:\n  meta: 3\n'), { code: 'capa.no-rules' });
});

test('the digest of a folder is that of its files, in any order', () => {
  const [a, b] = [ruleText('a', '- api: a'), ruleText('b', '- api: b')];
  assert.equal(rulesOf(a, b).digest, rulesOf(a, b).digest);
  assert.notEqual(rulesOf(a, b).digest, rulesOf(b, a).digest);
});
