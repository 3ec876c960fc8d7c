import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { elfOf } from '../../../../formats/src/module/native/testdata/elf.ts';
import { readRules } from '../../rules/compile.ts';
import { observeNative } from '../index.ts';
import { ADDON_FUNCTIONS, addonOf } from '../testdata/addon.ts';
import { addonCallOf, isPropertyName } from './interface.ts';

const rules = readRules(
  readFileSync(new URL('../../../../../rules/update.json', import.meta.url), 'utf8'),
);

for (const isNameFirst of [true, false]) {
  const order = isNameFirst ? 'before' : 'after';
  test(`a property has the function that is made ${order} its name, and what that reaches`, () => {
    const { native } = observeNative(addonOf(isNameFirst), 'elf', rules);
    assert.deepEqual(
      native.features.map(({ feature, recipient }) => [feature, recipient]),
      [['env.named', 'HOME']],
    );
    assert.deepEqual(
      native.exports.map(({ name, place, reaches }) => [name, place.address, reaches]),
      [
        ['readHome', `0x${ADDON_FUNCTIONS[0].toString(16)}`, [0]],
        ['readNothing', `0x${ADDON_FUNCTIONS[1].toString(16)}`, []],
      ],
    );
  });
}

test('a module that asks nothing of Node gives it nothing', () => {
  assert.deepEqual(observeNative(elfOf(), 'elf', rules).native.exports, []);
});

test("calls of Node's interfaces are known by the names that each format imports", () => {
  const rows: [name: string, does: string | undefined][] = [
    ['napi_create_function', 'makes'],
    ['_napi_define_class', 'class'],
    ['napi_get_cb_info', undefined],
    ['_ZN2v816FunctionTemplate3NewEPNS_7IsolateE', 'makes'],
    ['?New@FunctionTemplate@v8@@SA?AV?$Local@VFunctionTemplate@v8@@@2@PEAVIsolate@2@@Z', 'makes'],
    ['__ZN2v86Object3SetENS_5LocalINS_7ContextEEE', 'puts'],
    ['getenv', undefined],
  ];
  for (const [name, does] of rows) assert.equal(addonCallOf(name), does, name);
});

test("what errors tell of the interface is no property's name", () => {
  assert.equal(isPropertyName('getPassword'), true);
  assert.equal(isPropertyName('napi_close_handle_scope'), false);
  assert.equal(isPropertyName('1 argument expected'), false);
});
