import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRules, type Rule } from '@avow/examine';
import { symbolsOfUse } from '@avow/examine/native';
import { featuresIn } from '../tools/rules/cases.ts';
import { readUse } from '../tools/rules/native-cases.ts';
import { snippetOf } from '../tools/rules/snippet.ts';
import { alternativesOf, isNativeSymbol, symbolFault, symbolsOf } from '../tools/rules/symbols.ts';
import { makeUpdate, readHistory, readSources } from '../tools/rules/update.ts';

const source = readSources();

/** Engine: a bare name that nothing declares is not yet a global when it is assigned to. */
const KNOWN_LOSSES = new Set(
  ['location', 'onkeydown', 'onkeyup', 'onkeypress'].map((name) => `global:${name}`),
);

test('every symbol of every rule is followed to its use', () => {
  const bare = source.rules.map((one) => ({ ...one, record: withoutConditions(one.record) }));
  const rules = compileRules(makeUpdate({ ...source, rules: bare }, readHistory(), ''));
  const lost: string[] = [];
  for (const { record } of bare) {
    for (const use of ['call', 'read', 'write', 'import'] as const) {
      for (const symbol of record[use] ?? []) {
        if (KNOWN_LOSSES.has(symbol) || isNativeSymbol(symbol)) continue;
        const code = snippetOf(symbol, use);
        const found = featuresIn({ code }, rules);
        if (!found.some(({ feature }) => feature === record.feature)) lost.push(code);
      }
    }
  }
  assert.deepEqual(lost, []);
});

/** A name that an import table would hold for each symbol of native code. */
function useOf(symbol: string): string {
  const [space, ...rest] = symbol.split(':');
  const name = rest.join(':');
  switch (space) {
    case 'win':
      return `pe some.dll!${name}`;
    case 'mac':
      return `macho _${name}`;
    case 'objc':
      return `macho _OBJC_CLASS_$_${name}`;
    case 'napi':
      return `elf napi_${name}`;
    case 'wasi':
      return `wasm wasi_snapshot_preview1!${name}`;
    case 'emscripten':
      return `wasm env!emscripten_${name}`;
    case 'swift':
      return `macho _$s${name
        .split('.')
        .map((part, at) => `${part.length}${part}${at === 1 ? 'V' : ''}`)
        .join('')}`;
    case 'rust':
      return `own _ZN${name
        .split('.')
        .map((part) => `${part.length}${part}`)
        .join('')}17h0123456789abcdefE`;
    case 'sel':
      return `sel ${name}`;
    case 'net': {
      const dot = name.lastIndexOf('.');
      const last = name.slice(dot + 1);
      return `il ${name.slice(0, dot)}!${last === 'new' ? '.ctor' : last}`;
    }
    case 'go':
      return `own ${name}(…)`;
    default:
      return `elf ${name}`;
  }
}

test('every symbol of native code is one that some import can go by', () => {
  const calls = source.rules.flatMap(({ record }) => record.call ?? []).filter(isNativeSymbol);
  const lost = calls.filter((symbol) => {
    if (symbol.startsWith('sys:linux.')) {
      const numbers = Array.from({ length: 512 }, (_, number) => number);
      return !numbers.some((number) =>
        symbolsOfUse(readUse(`linux x86-64 ${number}`)).includes(symbol),
      );
    }
    return !symbolsOfUse(readUse(useOf(symbol))).includes(symbol);
  });
  assert.deepEqual(lost, []);
});

/** So that a made-up use matches whatever its arguments are. */
function withoutConditions({ where: _, refine: __, ...rule }: Rule): Rule {
  return rule;
}

test('alternatives in braces are written out, nested and empty ones too', () => {
  assert.deepEqual(alternativesOf('a{b,c{d,e}}f'), ['abf', 'acdf', 'acef']);
  assert.deepEqual(symbolsOf('x{,y} z{a,\n b}'), ['x', 'xy', 'za', 'zb']);
  assert.throws(() => symbolsOf('x{y'), /brace is not closed/);
});

test('what no name can resolve to is no symbol', () => {
  for (const symbol of ['fs.read', 'global:window.x', 'npm:a.default.b', 'node:fs.*', 'npm:']) {
    assert.notEqual(symbolFault(symbol, false), undefined, symbol);
  }
  assert.equal(symbolFault('global:localStorage.*', true), undefined);
});
