import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import { readWithBabel } from './babel.ts';
import { firstDifference } from './difference.ts';
import { readWithMeriyah } from './meriyah.ts';
import { readWithOxc } from './oxc.ts';
import { scopesOf } from './scopes.ts';
import { MODULES, SCRIPTS, TYPED } from './testdata/syntaxes.ts';
import type { ScriptTree } from './tree.ts';

/** More by hand: `MUTATIONS=100000 node --test …/mutations.test.ts`. */
const COUNT = Number(process.env['MUTATIONS'] ?? 3000);

/** The same numbers every time (Numerical Recipes' generator). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const TOKEN = /\s+|[\w$]+|"[^"]*"|'[^']*'|=>|\.\.\.|\?\.|[^\s\w]/gu;

/** A script with some tokens dropped, doubled, exchanged, or taken from another. */
function mutation(from: string, other: string, roll: (sides: number) => number): string {
  const tokens = from.match(TOKEN) ?? [];
  const others = other.match(TOKEN) ?? [];
  for (let change = 0; change <= roll(3); change += 1) {
    const at = roll(tokens.length + 1);
    const start = roll(others.length);
    const kinds = [
      () => tokens.splice(at, 1 + roll(3)),
      () => tokens.splice(at, 0, ...tokens.slice(start, start + roll(5))),
      () => tokens.splice(at, 0, ...others.slice(start, start + 1 + roll(8))),
      () => tokens.splice(at, 1 + roll(3), ...others.slice(start, start + roll(4))),
    ];
    kinds[roll(kinds.length)]!();
  }
  return tokens.join('');
}

function treeOf(read: () => ScriptTree): ScriptTree | undefined {
  try {
    const tree = read();
    scopesOf(tree);
    return tree;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function differing(
  scripts: readonly string[],
  seed: number,
  fast: (text: string) => ScriptTree,
  pure: (text: string) => ScriptTree,
): { readonly read: number; readonly differences: unknown[] } {
  const roll = dice(seed);
  const differences: unknown[] = [];
  let read = 0;
  for (let index = 0; index < COUNT; index += 1) {
    const pick = (): string => scripts[roll(scripts.length)]!;
    const text = mutation(pick(), pick(), roll);
    const ours = treeOf(() => fast(text));
    const theirs = treeOf(() => pure(text));
    if (ours === undefined || theirs === undefined) continue;
    read += 1;
    const difference = firstDifference(ours, theirs);
    if (difference !== undefined) differences.push({ text, ...difference });
  }
  return { read, differences };
}

for (const goal of ['script', 'module', 'commonjs'] as const) {
  test(`what both parsers take of broken scripts, they take the same way (${goal})`, () => {
    const scripts = goal === 'module' ? [...SCRIPTS, ...MODULES] : SCRIPTS;
    const { read, differences } = differing(
      scripts,
      1,
      (text) => readWithOxc(text, 'js', goal),
      (text) => readWithMeriyah(text, goal),
    );
    assert.ok(read > COUNT / 20, `only ${read} were scripts`);
    assert.deepEqual(differences, []);
  });
}

test('what both parsers take of broken TypeScript, they take the same way', () => {
  const { read, differences } = differing(
    TYPED,
    2,
    (text) => readWithOxc(text, 'ts', 'module'),
    (text) => readWithBabel(text, 'ts', 'module'),
  );
  assert.ok(read > COUNT / 20, `only ${read} were scripts`);
  assert.deepEqual(differences, []);
});
