import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flag, Kind } from './kinds.ts';
import { readWithMeriyah } from './meriyah.ts';
import { BindingKind, declarationsOf, isDynamic, referencesOf, scopesOf } from './scopes.ts';
import type { ScriptTree } from './tree.ts';

const KINDS = Object.keys(BindingKind);

/**
 * Every identifier of the script as `name@offset`, with what it is bound by:
 * the kind and the offset of the first declaration.
 */
function boundNames(text: string, goal: ScriptTree['goal']): string {
  const tree = readWithMeriyah(text, goal);
  const scopes = scopesOf(tree);
  const found: string[] = [];
  for (let node = 0; node < tree.count; node += 1) {
    if (tree.kind[node] !== Kind.Identifier || (tree.flags[node]! & Flag.Declares) !== 0) continue;
    const binding = scopes.bindingOf[node]!;
    const first = declarationsOf(scopes, binding)[0];
    const at = first === undefined ? '' : tree.start[first];
    const mark = isDynamic(tree, scopes, node) ? '?' : '';
    found.push(
      `${tree.names[tree.name[node]!]}:${KINDS[scopes.bindingKind[binding]!]}${at}${mark}`,
    );
    assert.ok(referencesOf(scopes, binding).includes(node));
  }
  return found.join(' ');
}

const CASES: readonly [what: string, goal: ScriptTree['goal'], text: string, bound: string][] = [
  ['a name nobody declares is global', 'script', 'fetch(a)', 'fetch:Global a:Global'],
  ['var is seen before its line', 'script', 'a; var a', 'a:Var7'],
  ['var leaves its block, let does not', 'script', '{var a; let b} a; b', 'a:Var5 b:Global'],
  ['a function is seen before its line', 'script', 'f(); function f(){}', 'f:Function14'],
  ['a later let in the block hides the outer one', 'script', 'let a; { a; let a }', 'a:Let16'],
  [
    'functions of sloppy blocks are seen outside (B.3.2)',
    'script',
    '{ function f(){} f } f',
    'f:Function11 f:Function11',
  ],
  [
    'functions of strict blocks are not',
    'module',
    '{ function f(){} f } f',
    'f:Function11 f:Global',
  ],
  [
    'a directive makes blocks strict',
    'script',
    'function g(){ "use strict"; { function fetch(){} } fetch }',
    'fetch:Global',
  ],
  [
    'a class body is strict',
    'script',
    'class A { m() { { function fetch(){} } fetch } }',
    'fetch:Global',
  ],
  [
    'a let between keeps the function in its block',
    'script',
    '{ let f; { function f(){} } } f',
    'f:Global',
  ],
  [
    'a parameter keeps the function in its block',
    'script',
    'function g(f) { { function f(){} f } f }',
    'f:Function27 f:Param11',
  ],
  ['async functions stay in their block', 'script', '{ async function f(){} } f', 'f:Global'],
  [
    'the name of a function expression is seen inside only',
    'script',
    '(function f(){ f }); f',
    'f:Self10 f:Global',
  ],
  [
    'a parameter hides the name of a function expression',
    'script',
    '(function f(f){ f })',
    'f:Param12',
  ],
  [
    'the name of a class',
    'script',
    'class A { a = A } (class B { b = B }); B',
    'A:Class6 B:Self25 B:Global',
  ],
  [
    'defaults do not see the body',
    'script',
    'function f(a = () => b) { var b; b }',
    'b:Global b:Var30',
  ],
  [
    "a body's var over a parameter is that parameter",
    'script',
    'function f(a, c = a) { var a; a }',
    'a:Param11 a:Param11',
  ],
  [
    'arguments of the function around an arrow',
    'script',
    'function f(){ () => arguments }',
    'arguments:Arguments',
  ],
  ['arguments at the top is global', 'script', 'arguments', 'arguments:Global'],
  ['arguments as a parameter', 'script', 'function f(arguments){ arguments }', 'arguments:Param11'],
  ['catch binds for its block', 'script', 'try {} catch (e) { e } e', 'e:Catch14 e:Global'],
  ['destructured catch', 'script', 'try {} catch ({ a: [b = c] }) { b }', 'c:Global b:Catch20'],
  [
    'what is switched on lies outside the cases',
    'script',
    'switch (a) { case a: let a }',
    'a:Global a:Let25',
  ],
  ['a loop has its own let', 'script', 'for (let i of i) i; i', 'i:Let9 i:Let9 i:Global'],
  ['a loop shares its var', 'script', 'for (var i in a) i; i', 'a:Global i:Var9 i:Var9'],
  [
    'destructuring with defaults and functions in between',
    'script',
    'const { a = function (q) { let w; return q + w }, ...b } = a; b',
    'q:Param22 w:Let31 a:Const8 b:Const53',
  ],
  [
    'assignments are references',
    'script',
    '[a, b.c] = d; e++',
    'a:Global b:Global d:Global e:Global',
  ],
  [
    'imports and exports',
    'module',
    'import a, * as b from "x"; import { c as d } from "y"; export { d as e }; export { f } from "z"; a; b; c',
    'd:Import41 a:Import7 b:Import15 c:Global',
  ],
  [
    'within a with, names may be properties',
    'script',
    'var a; with (o) { a; let b; b }',
    'o:Global a:Var4? b:Let25',
  ],
  [
    'a direct eval may add names',
    'script',
    'var a; function f() { eval(x); a }',
    'eval:Global? x:Global? a:Var4?',
  ],
  [
    'a static block has its own var',
    'script',
    'class A { static { var a; a } } a',
    'a:Var23 a:Global',
  ],
  ['computed keys', 'script', 'var k; ({ [k]: 1, k: 2 }); class A { [k]() {} }', 'k:Var4 k:Var4'],
  ['labels are not names', 'script', 'a: for (;;) break a', ''],
  ['JSX', 'module', 'const A = 1; <A.b><c d={A} /></A.b>', 'A:Const6 A:Const6'],
  ['params do not leak', 'script', '(a) => a; a', 'a:Param1 a:Global'],
  [
    'nested same names',
    'script',
    'let a; (function(){ let a; { let a; a } a })(); a',
    'a:Let33 a:Let24 a:Let4',
  ],
];

for (const [what, goal, text, bound] of CASES) {
  test(what, () => assert.equal(boundNames(text, goal), bound));
}

test('var twice is one binding with both declarations', () => {
  const tree = readWithMeriyah('var a = 1; var a = 2; function a() {} a', 'script');
  const scopes = scopesOf(tree);
  const binding = scopes.bindingOf[tree.count - 1]!;
  assert.equal(declarationsOf(scopes, binding).length, 3);
  assert.equal(KINDS[scopes.bindingKind[binding]!], 'Function');
});

test('a global has one binding however often it is shadowed in between', () => {
  const tree = readWithMeriyah('a; { let a; a } a; (a) => a; a', 'script');
  const scopes = scopesOf(tree);
  assert.equal(scopes.globals.length, 1);
  assert.equal(referencesOf(scopes, scopes.globals[0]!).length, 3);
});

test('a script after another starts afresh', () => {
  scopesOf(readWithMeriyah('let fetch; fetch; open', 'script'));
  assert.equal(boundNames('fetch; open', 'script'), 'fetch:Global open:Global');
});
