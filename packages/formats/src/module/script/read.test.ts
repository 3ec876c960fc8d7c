import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import type { ScriptKind } from './goals.ts';
import { readWithOxc } from './oxc.ts';
import { readScript, scriptText } from './read.ts';

/** The goal that a script is read under, or the code and place of its refusal; the same with and without the fast parser. */
function goalOf(text: string, kind: ScriptKind): string {
  const read = (fast?: typeof readWithOxc): string => {
    try {
      return readScript(text, kind, fast).goal;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return `${error.code} ${error.at}`;
    }
  };
  const pure = read();
  assert.equal(read(readWithOxc), pure);
  return pure;
}

const js = (goal: ScriptKind['goal']): ScriptKind => ({ language: 'js', goal });

const CASES: readonly [what: string, text: string, kind: ScriptKind, goal: string][] = [
  ['without imports and exports it is a script', 'a()', js('unknown'), 'script'],
  ['imports make a module', 'import a from "b"', js('unknown'), 'module'],
  ['an import within a line makes a module', 'a();import b from "c"', js('unknown'), 'module'],
  ['import.meta makes a module', 'a(import.meta.url)', js('unknown'), 'module'],
  ['import() does not', 'import("a")', js('unknown'), 'script'],
  ['a comment that begins with export does not', '/*\nexport it\n*/ a()', js('unknown'), 'script'],
  ['what only a sloppy script may', 'with (a) b; /* import */', js('unknown'), 'script'],
  ['return at the top is CommonJS', 'if (a) return; b()', js('unknown'), 'commonjs'],
  ['await at the top is a module', 'await a; for await (const b of c);', js('unknown'), 'module'],
  ['HTML comments in a script', '<!-- a\nb()\n--> c', js('script'), 'script'],
  ['a hashbang', '#!/usr/bin/env node\na()', js('commonjs'), 'commonjs'],
  ['a module that is none', 'with (a) return', js('module'), 'commonjs'],
  ['a module under CommonJS', 'export default 1', js('commonjs'), 'module'],
  ['JSX in .js', 'export default <a>{b}</a>', js('unknown'), 'module'],
  [
    'Flow in .js',
    '// @flow\nimport type { A } from "a"; export default (b: A): ?c => (b: any)',
    js('unknown'),
    'module',
  ],
  [
    'Flow declarations',
    'opaque type A = string; declare var b: c; export type D = {| e: f |}; export default 1',
    js('unknown'),
    'module',
  ],
  [
    'TypeScript that exports types alone',
    'export interface A {}',
    { language: 'ts', goal: 'unknown' },
    'module',
  ],
  [
    'ambient TypeScript',
    'declare module "a" { export const b: c }',
    { language: 'dts', goal: 'unknown' },
    'module',
  ],
  [
    'TypeScript that its compiler refuses',
    'class A { abstract b(): void } import "c"',
    { language: 'ts', goal: 'unknown' },
    'module',
  ],
  ['TypeScript without imports', 'let a: b = c', { language: 'ts', goal: 'unknown' }, 'script'],
  ['TSX', 'export const a = <B<c> d={e!} />', { language: 'tsx', goal: 'unknown' }, 'module'],
  [
    'what is no script is refused where it stops being one',
    'a b c',
    js('unknown'),
    'script.syntax 2',
  ],
  ['the furthest attempt speaks', 'import a from "b"; c d', js('unknown'), 'script.syntax 21'],
  ['an unterminated string', 'a = "b', js('unknown'), 'script.syntax 4'],
  ['JSON', '{ "a": 1, "b": [] }', js('unknown'), 'script.syntax 5'],
];

for (const [what, text, kind, goal] of CASES) {
  test(what, () => assert.equal(goalOf(text, kind), goal));
}

test('offsets count UTF-16 code units, whatever the file was in', () => {
  const source = 'var 漢 = "😀é"; send(漢)';
  const utf8 = new TextEncoder().encode(source);
  const utf16 = Uint8Array.from([
    0xff,
    0xfe,
    ...new Uint8Array(Uint16Array.from([...source.split('')].map((c) => c.charCodeAt(0))).buffer),
  ]);
  for (const bytes of [utf8, Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8]), utf16]) {
    const { text, oddities } = scriptText(bytes);
    assert.equal(text, source);
    assert.deepEqual(oddities, []);
    for (const fast of [undefined, readWithOxc]) {
      const tree = readScript(text, js('script'), fast);
      const last = tree.count - 1;
      assert.equal(tree.names[tree.name[last]!], '漢');
      assert.equal(tree.start[last], source.lastIndexOf('漢'));
      assert.equal(tree.end[last], source.length - 1);
    }
  }
});

test('bytes that are not UTF-8 are read as Latin-1 and said to be', () => {
  const { text, oddities } = scriptText(Uint8Array.from([0x61, 0x3d, 0x22, 0xe9, 0x22]));
  assert.equal(text, 'a="é"');
  assert.equal(oddities[0]?.code, 'script.not-utf8');
  assert.equal(readScript(text, js('script'), readWithOxc).goal, 'script');
});

test('a fault of the fast parser is not ours', () => {
  const broken = (): never => {
    throw new Refused('script.syntax', 0, 'no');
  };
  assert.equal(readScript('a()', js('script'), broken).count, 4);
});
