import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Given, matchesIn, rulesOf, ruleText } from '../testdata/rules.ts';

interface Case {
  readonly says: string;
  readonly rule: string;
  readonly found: readonly Given[];
  readonly matches: boolean;
}

const A: Given = ['api', 'a', 1];
const B: Given = ['api', 'b', 2];

const CASES: readonly Case[] = [
  { says: 'and: all', rule: '- and:\n  - api: a\n  - api: b', found: [A, B], matches: true },
  {
    says: 'and: one is missing',
    rule: '- and:\n  - api: a\n  - api: b',
    found: [A],
    matches: false,
  },
  { says: 'or: one', rule: '- or:\n  - api: a\n  - api: b', found: [B], matches: true },
  {
    says: 'not: there',
    rule: '- and:\n  - api: a\n  - not:\n    - api: b',
    found: [A, B],
    matches: false,
  },
  {
    says: 'not: missing',
    rule: '- and:\n  - api: a\n  - not:\n    - api: b',
    found: [A],
    matches: true,
  },
  { says: 'not alone', rule: '- not:\n  - api: b', found: [A], matches: true },
  {
    says: 'optional is no condition',
    rule: '- and:\n  - api: a\n  - optional:\n    - api: b',
    found: [A],
    matches: true,
  },
  {
    says: 'two of three',
    rule: '- 2 or more:\n  - api: a\n  - api: b\n  - api: c',
    found: [A, B],
    matches: true,
  },
  {
    says: 'one of three is not two',
    rule: '- 2 or more:\n  - api: a\n  - api: b\n  - api: c',
    found: [B],
    matches: false,
  },
  {
    says: 'count: enough places',
    rule: '- count(api(a)): 2',
    found: [['api', 'a', 1, 5]],
    matches: true,
  },
  {
    says: 'count: one place, however often',
    rule: '- count(api(a)): 2',
    found: [['api', 'a', 1, 1]],
    matches: false,
  },
  {
    says: 'count: none is within a range from zero',
    rule: '- and:\n  - api: b\n  - count(api(a)): (0, 2)',
    found: [B],
    matches: true,
  },
  {
    says: 'count: too many',
    rule: '- count(api(a)): 2 or fewer',
    found: [['api', 'a', 1, 2, 3]],
    matches: false,
  },
  {
    says: 'what managed code alone has is absent',
    rule: '- and:\n  - api: a\n  - not:\n    - class: c',
    found: [A],
    matches: true,
  },
];

for (const { says, rule, found, matches } of CASES) {
  test(`a rule ${matches ? 'matches' : 'does not match'}: ${says}`, () => {
    const names = matchesIn(rulesOf(ruleText('tried', rule)), 'function', found);
    assert.deepEqual(names, matches ? ['tried'] : []);
  });
}

test('a rule is found by the match of another, whatever the order of files', () => {
  const rules = rulesOf(
    ruleText('built', '- and:\n  - match: base\n  - match: net\n  - api: b'),
    ruleText('base', '- api: a', { more: '    namespace: net/socket\n' }),
  );
  assert.deepEqual(matchesIn(rules, 'function', [A, B]), ['base', 'built']);
  assert.deepEqual(matchesIn(rules, 'function', [B]), []);
});

test('features of one scope are no features of another', () => {
  const rules = rulesOf(ruleText('tried', '- api: a', { scope: 'basic block' }));
  assert.deepEqual(matchesIn(rules, 'function', [A]), []);
  assert.deepEqual(matchesIn(rules, 'basic block', [A]), ['tried']);
});
