import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import { Kind } from './kinds.ts';
import { readScript } from './read.ts';
import { scopesOf } from './scopes.ts';

const DEEP = 100_000;
/** What real code has: generated concatenations, fluent calls, long `else if`. */
const LONG = 5_000;

/** Nests that a parser follows by calls: they are refused, the process lives. */
const NESTS: readonly [what: string, text: string][] = [
  ['parentheses', `${'('.repeat(DEEP)}a${')'.repeat(DEEP)}`],
  ['parentheses that never close', '('.repeat(DEEP)],
  ['arrays', `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`],
  ['objects', `a = ${'{a:'.repeat(DEEP)}1${'}'.repeat(DEEP)}`],
  ['blocks', `${'{'.repeat(DEEP)}${'}'.repeat(DEEP)}`],
  ['unary operators', `${'!'.repeat(DEEP)}a`],
  ['typeof', `${'typeof '.repeat(DEEP)}a`],
  ['exponents', `a${' ** a'.repeat(DEEP)}`],
  ['assignments', `${'a = '.repeat(DEEP)}a`],
  ['arrows', `${'a => '.repeat(DEEP)}a`],
  ['conditionals', `${'a ? b : '.repeat(DEEP)}c`],
  ['templates', `${'`${'.repeat(DEEP)}a${'}`'.repeat(DEEP)}`],
  ['functions', `${'(function(){'.repeat(DEEP)}${'})'.repeat(DEEP)}`],
  ['classes', `${'(class { a = '.repeat(DEEP)}1${'})'.repeat(DEEP)}`],
  ['calls of arguments', `${'f('.repeat(DEEP)}${')'.repeat(DEEP)}`],
  ['patterns', `var ${'['.repeat(DEEP)}a${']'.repeat(DEEP)} = b`],
  ['else if', `${'if (a) b; else '.repeat(DEEP)}c`],
  ['labels', `${Array.from({ length: DEEP }, (_, at) => `a${at}:`).join('')};`],
  ['JSX', `${'<a>'.repeat(DEEP)}${'</a>'.repeat(DEEP)}`],
  ['new', `${'new '.repeat(DEEP)}A`],
];

for (const [what, text] of NESTS) {
  for (const language of ['js', 'ts'] as const) {
    if (what === 'JSX' && language === 'ts') continue;
    test(`${DEEP} nested ${what} end in a refusal or a tree (${language})`, () => {
      try {
        scopesOf(readScript(text, { language, goal: 'script' }));
      } catch (error) {
        assert.ok(error instanceof Refused, String(error));
        assert.match(error.code, /^script\.(too-deep|syntax)$/);
      }
    });
  }
}

/** Chains that parsers follow in a loop: long ones are trees. */
const CHAINS: readonly [what: string, text: string, kind: number][] = [
  ['sums', `a${' + a'.repeat(DEEP)}`, Kind.Binary],
  ['disjunctions', `a${' || a'.repeat(DEEP)}`, Kind.Logical],
  ['members', `a${'.b'.repeat(DEEP)}`, Kind.Member],
  ['optional members', `a${'?.b'.repeat(DEEP)}`, Kind.Member],
  ['calls', `a${'()'.repeat(DEEP)}`, Kind.Call],
  ['sequences', `a${', a'.repeat(DEEP)}`, Kind.Identifier],
  ['statements', 'a;'.repeat(DEEP), Kind.ExpressionStatement],
];

for (const [what, text, kind] of CHAINS) {
  test(`${DEEP} ${what} are read`, () => {
    const tree = readScript(text, { language: 'js', goal: 'script' });
    const scopes = scopesOf(tree);
    const count = tree.kind.reduce((sum, each) => sum + (each === kind ? 1 : 0), 0);
    assert.ok(count >= DEEP);
    assert.equal(scopes.globals.length, 1);
    assert.equal(tree.next[0], tree.count);
  });
}

const REAL: readonly [what: string, text: string][] = [
  ['concatenation', `x = ""${' + "part"'.repeat(LONG)}`],
  ['fluent calls', `x${'.then(f)'.repeat(LONG)}`],
];

for (const [what, text] of REAL) {
  test(`${LONG} parts of a ${what} are read, as real code has them`, () => {
    assert.ok(readScript(text, { language: 'js', goal: 'module' }).count > LONG);
  });
}

test('TypeScript has as long fluent calls, and concatenations of 2000', () => {
  const fluent = readScript(REAL[1]![1], { language: 'ts', goal: 'module' });
  assert.ok(fluent.count > LONG);
  const sum = readScript(`x = ""${' + "part"'.repeat(2000)}`, { language: 'ts', goal: 'module' });
  assert.ok(sum.count > 2000);
});

test('a name in ten thousand scopes costs no more than one look', () => {
  const text = `${'{ let a; a; '.repeat(800)}${'}'.repeat(800)}${'function f(){ a } '.repeat(20_000)}`;
  const tree = readScript(text, { language: 'js', goal: 'script' });
  const before = process.cpuUsage();
  scopesOf(tree);
  assert.ok(process.cpuUsage(before).user < 2e6);
});

/** A search that begins anew at each character of these would take hours. */
const LONG_BLANKS: readonly [what: string, text: string][] = [
  ['a comment', `// ${' '.repeat(1_000_000)}x\n*`],
  ['a comment of lines', `/* ${'\n'.repeat(1_000_000)} */*`],
  ['comments that open again', `${'/*'.repeat(500_000)}`],
];

for (const [what, text] of LONG_BLANKS) {
  test(`white space in ${what} before an error costs no more than its length`, () => {
    const started = performance.now();
    assert.throws(() => readScript(text, { language: 'js', goal: 'unknown' }), {
      code: 'script.syntax',
    });
    assert.ok(performance.now() - started < 20_000);
  });
}
