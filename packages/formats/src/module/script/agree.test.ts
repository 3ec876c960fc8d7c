/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: scripts are texts here */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWithBabel } from './babel.ts';
import { firstDifference } from './difference.ts';
import { readWithMeriyah } from './meriyah.ts';
import { readWithOxc } from './oxc.ts';
import type { ScriptTree } from './tree.ts';

/**
 * Two parsers that differ in one syntax give different findings by whether
 * the native one had crashed before. Every syntax stands here at least once.
 */
const SCRIPTS: readonly string[] = [
  '',
  '#!/usr/bin/env node\nrun()',
  '"use strict"; \'use asm\'; f()',
  '// only a comment',
  'var a = 1, b; let c = 2; const d = 3',
  'var let_ = 0; yield_ = 1; async = 2; of = 3; get = set',
  'if (a) b; else if (c) d; else { e }',
  'for (;;) {} for (var i = 0; i < 1; i++) {} for (let i in o) {} for (a.b of c) {} for ([x, y] of z) {}',
  'for (const [k, { v = 1 }] of m) k; for (var q in r);',
  'while (a) break; do { continue } while (b)',
  'x: for (;;) { y: for (;;) { continue x; break y } }',
  'switch (a) { case 1: b; case c: default: d }',
  'try { a } catch { b } try { a } catch (e) { e } finally { f } try {} catch ({ m: [n = 1] }) {}',
  'throw new Error; debugger;;',
  'with (o) { p } with (o) q',
  'function f(a, b = 1, { c, d: { e } = {}, ...g }, [h, , i = 2, ...j], ...k) { return }',
  'function* g() { yield; yield 1; yield* g() } async function h() { await x; for await (const y of z); }',
  'async function* i() { yield await 1 }',
  '(function () {}); (function n() {}); (async function () {}); (function* () {})',
  'a => a; (a) => { return a }; async (a, b = 1) => a; async a => a; ({ a }, [b], ...c) => ({ a })',
  'a = (1, 2), b = ((c)); (d).e; (f)(); (g.h)(); (0, i.j)()',
  'this; null; true; false; 1; 0x1F; 0b11; 0o17; 017; 089; 1_000; 1.5e-3; .5; 5.; 10n; 0xfn',
  '"a\\n\\x41\\u0042\\u{1F600}\\\nb"; \'\\0\\\'\'; "\\101"; "\u2028"',
  '"\\uD83D"; "\\uDE00x"; "\\uD83D\\uDE00"; `\\uD800`',
  '/a[/]b/gi; /(?<n>x)\\k<n>/u; a / b / c; /[a--b]/v',
  '`a`; `${a}`; `a${b}c${`d${e}`}f`; t`a${b}\\u{41}`; t`\\u{zz}${a}\\01`; a.b`c`; `\r\n`',
  '[]; [,]; [, ,]; [a, , b]; [...a, b, ...c]; [a,]',
  '({}); ({ a, b: c, "d": e, 1: f, 1e3: g, 0x10: h, 10n: i, [j]: k, ["l"]: m, ...n })',
  '({ a() {}, *b() {}, async c() {}, async *d() {}, get e() { return 1 }, set e(v) {}, get [f]() { return 1 } })',
  '({ get: 1, set: 2, async: 3, static: 4, await: 5, get() {}, set() {}, async() {}, "use"() {}, 0() {} })',
  '({ __proto__: a, "__proto__"() {} }); ({ 0.1: a, 1e21: b, .5: c, 0b11: d })',
  '+a; -a; !a; ~a; typeof a; void a; delete a.b; ++a; --a.b; a++; a[b]--',
  'a + b - c * d / e % f ** g; a << b >> c >>> d; a & b | c ^ d; a == b != c === d !== e',
  'a < b > c <= d >= e; a in b; a instanceof b; a && b || c; (a ?? b); a ? b : c ? d : e',
  'a = b; a += b; a -= b; a *= b; a /= b; a %= b; a **= b; a <<= b; a >>= b; a >>>= b; a |= b; a ^= b; a &= b',
  'a ||= b; a &&= b; a ??= b; a.b = c; a[b] += c; [a, b.c, ...d] = e; ({ a, b: c.d, e = 1, f: g = 2, ...h } = i)',
  '[a = 1, [b], { c }] = d; ({ [k]: a, "s": b, 1: c } = d); [...[a, b]] = c; for ({ a = 1 } of b);',
  'a(); a(b, ...c); new A; new A(b); new A.B(c)(); new (f())()',
  'a.b; a[b]; a["b"]; a.b.c[d].e(); a?.b; a?.[b]; a?.(); a?.b.c?.(d)[e]; (a?.b).c; delete a?.b; a?.b`c`.length === 1'.replace(
    'a?.b`c`.length === 1',
    'a',
  ),
  'import("a"); import("a", { with: { type: "json" } }); import(a + b).then()',
  'function f() { new.target; arguments; eval("x") }',
  'class A {} class B extends A {} (class {}); (class C extends (a, b) {})',
  'class A extends B { constructor() { super(); super.a; super[b]() } static a() {} get b() {} set b(v) {} static get c() {} *d() {} async e() {} async *f() {} static async *g() {} }',
  'class A { a; b = 1; static c; static d = this; "e" = 2; 3 = 4; [f] = 5; static [g]; #h; #i = 6; static #j() {} get #k() { return this.#h } }',
  'class A { static { var a; this.b } static {} ; ; static = 1; get; set; async; "constructor"() {} }',
  'class A { #x; has(o) { return #x in o && o?.#x && (o.#x = 1) && delete o.y } }',
  "class A { get = 1; static static; static async; static get() {} async() {} 'a b'() {} 1() {} }",
  'if (a) function f() {} { function g() {} } l: function h() {}',
  'a\n++b\nreturn_\n(c)',
  'é = "ü"; 日本.語(`漢${字}`); var 𠮷 = "😀", z; z.q',
  'var \\u0061b = 1; a\\u{62}; x.\\u0061b; ({ \\u0061b: 1 }); ({ \\u0061b })',
  '<!-- html\nf()\n--> also html',
  'var a = /* c */ (/* d */ b /* e */) /* f */',
  'a ? (b, c) : d => e; a ? (b) : (c) => d',
  'let [a, b] = [1, 2], { c, ...d } = e; var { f: { g } } = h, [[[i]]] = j',
  'x = { a: function () {}, b: () => {}, c: class {} }; y = async () => { await 1 }',
  'using_ = 1; var await_; async\nfunction f() {}',
  'do x(); while (0) y()',
];

const COMMONJS: readonly string[] = [
  'return',
  'if (a) return b; exports.c = await_',
  'return function () { return require("a") }',
];

const MODULES: readonly string[] = [
  'import "a"; import b from "b"; import * as c from "c"; import { d, e as f, default as g, "h i" as j } from "d"',
  'import k, * as l from "e"; import m, { n } from "f"; import o from "g" with { type: "json", "a b": "c" }; import {} from "h"',
  'export { a, b as c, d as default, e as "f g" }; var a, b, d, e; export {}',
  'export { a, b as c, default, default as d, "e f" as g, "h" } from "x" with { type: "json" }; export * from "y"; export * as z from "z"; export * as "q r" from "w"',
  'export var a = 1, b; export let c; export const d = 2; export function e() {} export class F {} export async function* g() {}',
  'export default a',
  'export default function () {}',
  'export default function f() {}',
  'export default class {}',
  'export default class A extends B {}',
  'export default (a, b)',
  'export default async () => {}',
  'export default async function () {}',
  'export default { a, b() {} }',
  'export default [a]',
  'import.meta.url; await a; for await (const b of c); import.meta["env"]',
  'const a = <div/>; const b = <A b="c" d={e} {...f} g>{h} text &amp; {/* no */}<i.j.k l-m="n" o:p={q}/></A>',
  'const a = <><b/>{...c}</>; const d = <this.x/>; const e = <a.b/>; const f = <A b=<c/> d="&quot;&#39;x"/>; const g = <x:y/>; const h = <_a/>; const i = <$b/>; const j = <a-b/>',
  'const a = <div>\n  é &nbsp; {"x"} {`y`}\n</div>; const b = <T.é p=\'q\n r\'/>',
  '@a class A { @b c() {} @d.e(f) g = 1; @(h) static i() {} @j accessor k = 2; static accessor l; accessor; accessor() {} }',
  'export @a class B {} ; @c export default class {}',
];

const TYPED: readonly string[] = [
  'let a: number = 1, b!: string; const c = <T>(x: T): T => x; function d<T extends U = V>(a?: T, ...b: T[]): asserts a is U {}',
  'interface A extends B { c: d; e(): f; new (g): h; [i: string]: j } type K<L> = M extends infer N ? O : P; declare const q: R; declare function s(): void; declare class T {} declare module "u" { export const v: number } declare global { var w: X } declare namespace Y.Z {}',
  'enum A { B, C = 1 << 2, "D E" = "f", G = `h` } const enum I { J = A.B } declare enum K { L } export enum M {}',
  'namespace A { export const b = 1; namespace C {} } namespace D.E.F { g() } export namespace I {} export declare namespace J {}',
  'import a = require("b"); import c = d.e.f; export import g = h.i; import type j = require("k"); export = l',
  'import type a from "a"; import { type b, c, type d as e } from "f"; import type * as g from "h"; export type { i } from "j"; export { type b as k, c as l }; export type * from "m"; export type N = O; export interface P {} import q, { type r } from "s"; import "t"',
  'a as b; <c>d; e!; f satisfies g; (h as i).j; (k!)[l]!.m; n = o as const; (p as q) = r; s! += t; (<u>v)++; w<x>; y<z>(); new A<B>(); a?.b!.c; (a?.b)!.c; delete (a as any).b',
  '[a as b, c!] = d; ({ e: f as g, h: i! = j } = k); for (a as b of c); for (d! in e);',
  'abstract class A<B> extends C<D> implements E, F { abstract g(): void; abstract h: i; private j = 1; protected static readonly k?: l; declare m: n; o!: p; constructor(private q: r, readonly s = 1, public t?: u, override v = 2) { super() } w?(): x; [y: string]: z; static { } get a(): b { return c } set a(d: e) {} f(): void; f(g?: h): i {} }',
  'class A { constructor(@B() c: D, @E() private readonly f: G = 1, ...i: J[]) {} @K({ l: M }) n: O; @P() q(@R s: T): void {} }',
  '@Component({ a: "b" }) export class C {} @D() export default class E {} @F abstract class G {}',
  'function a(this: B, { c, d = 1 }: { c: e; d?: number }, [f]: [g], h?: i, ...j: k[]): l { return m } function n(): void; function n(o?: p): void {}',
  'export default interface A {} ',
  'export default abstract class A { abstract b(): c }',
  'export default function a(): void; export default function a(b?: c) {}',
  'export declare const a: b; export declare function c(): d; export declare class E {} export abstract class F {} export function g(): void; export function g(h?: i) {}',
  'try {} catch (e: unknown) { e } for (const a of b as c[]) {} for (let d: e = 0; ;) {} let { f }: g = h; let [i]: j[] = k; var l = m as n, o = p! as q',
  'const a = async <T,>(b: T) => c; const d = (e: f): g is h => i; const j = function <K>(this: L) {}; const m = (n?: o, p: q = 1) => r; const s = (t = <u>v) => w',
  'export as namespace A; export import B = C; let a = b as any as d; type E = typeof import("f"); let g: typeof h = i',
  'class A<in out T> { accessor b: c = 1; static accessor d: e; declare readonly f; "g"?: h; [i]?: j; #k?: l = 1; async *m<N>(): o {} get p() { return 1 } }',
  'let a = b < c, d = e > f; f(a < b, c > d); g<h>(i); if (j < k || l > m) n',
  'var a = function* <T>(): b {}; label: for (const x of y) { continue label } ; (a: b) => c; (({ d }: e) => d)',
];

const TSX: readonly string[] = [
  'const a = <B<C> d={e as f}>{g!}</B>; const h = <T,>(i: T) => <div>{i}</div>; <a.b c />',
];

test('JavaScript as a script', () => agreeAll(SCRIPTS, 'script', 'js'));
test('JavaScript under CommonJS', () => agreeAll(COMMONJS, 'commonjs', 'js'));
test('JavaScript and JSX as a module', () => agreeAll(MODULES, 'module', 'js'));
test('TypeScript', () => agreeAll(TYPED, 'module', 'ts'));
test('TSX', () => agreeAll(TSX, 'module', 'tsx'));
test('Babel gives the trees of meriyah', () => {
  const differences = [
    ...SCRIPTS.map((text) => [text, 'script'] as const),
    ...MODULES.map((text) => [text, 'module'] as const),
  ]
    .map(([text, goal]) =>
      difference(
        text,
        () => readWithMeriyah(text, goal),
        () => readWithBabel(text, 'flow', goal),
      ),
    )
    .filter((each) => each !== undefined);
  assert.deepEqual(differences, []);
});

test('a difference is seen', () => {
  const tree = readWithMeriyah('a = b', 'script');
  assert.equal(firstDifference(tree, readWithMeriyah('a = b', 'script')), undefined);
  for (const other of ['a = c', 'a == b', 'a = b;', 'a = b.c', ' a = b']) {
    assert.notEqual(firstDifference(tree, readWithMeriyah(other, 'script')), undefined, other);
  }
});

function agreeAll(
  texts: readonly string[],
  goal: ScriptTree['goal'],
  language: 'js' | 'ts' | 'tsx',
): void {
  const differences = texts
    .map((text) =>
      difference(
        text,
        () => readWithOxc(text, language, goal),
        () =>
          language === 'js' ? readWithMeriyah(text, goal) : readWithBabel(text, language, goal),
      ),
    )
    .filter((each) => each !== undefined);
  assert.deepEqual(differences, []);
}

function difference(text: string, ours: () => ScriptTree, theirs: () => ScriptTree): unknown {
  const trees: ScriptTree[] = [];
  for (const [who, read] of [
    ['first', ours],
    ['second', theirs],
  ] as const) {
    try {
      trees.push(read());
    } catch (error) {
      return `${who}: ${(error as Error).message}: ${text}`;
    }
  }
  const found = firstDifference(trees[0]!, trees[1]!);
  return found === undefined ? undefined : { text, ...found };
}
