import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normaliseLocator } from '@avow/locator';
import { ELF, elfOf } from '../../../../formats/src/module/native/testdata/elf.ts';
import { fatOf, machoOf } from '../../../../formats/src/module/native/testdata/macho.ts';
import { wasmOf } from '../../../../formats/src/module/wasm/testdata/module.ts';
import { PLAIN } from '../terminal.ts';
import { nativeLines } from './native.ts';
import { wasmLines } from './wasm.ts';

const TERMINAL = { ...PLAIN, columns: 80 };

function view(place: string, bytes: Uint8Array, path = 'a.node'): Promise<string[]> {
  return nativeLines(normaliseLocator(`pkg:npm/a@1.0.0#${path} ${place}`), bytes, 1, TERMINAL);
}

test('a call is shown with its import and the text before it', async () => {
  const lines = await view('@va:0x400807', elfOf({ base: 0x400000 }));
  const code = lines.filter((line) => line.includes(' 0x4008'));
  assert.match(code[0]!, /^ {2}0x400800 {2}lea rdi.*; "HOME"$/);
  assert.match(code[1]!, /^> 0x400807 {2}call.*; getenv$/);
});

test('every form of an address shows the same place', async () => {
  const bytes = elfOf({ base: 0x400000 });
  const shown = await view('@va:0x400807', bytes);
  for (const form of [
    `@rva:0x${(ELF.code + 7).toString(16)}`,
    `@off:0x${(ELF.code + 7).toString(16)}`,
    `@sec:.text+0x${(ELF.code + 7 - ELF.stub).toString(16)}`,
  ]) {
    assert.deepEqual(await view(form, bytes), shown, form);
  }
});

test('a slice is shown in AArch64, and asked for where the path names none', async () => {
  const fat = fatOf(machoOf(), machoOf('_open'));
  const lines = await view('@va:0x100000404', fat, 'a.node!/arm64');
  assert.ok(lines.some((line) => /^> 0x100000404 {2}bl .*; _getenv$/.test(line)));
  await assert.rejects(view('@va:0x100000404', fat), { code: 'locate.slice' });
});

test('an address that the module does not have is refused', async () => {
  await assert.rejects(view('@va:0x1', elfOf({ base: 0x400000 })), { code: 'locate.outside' });
});

test('a call of WebAssembly is shown with its import, at its offset', () => {
  const lines = wasmLines({ kind: 'wasm', func: 1, offset: 0x48n }, wasmOf(), 1);
  assert.ok(lines.includes('> 0x48  call env.emscripten_run_script'));
  assert.throws(() => wasmLines({ kind: 'wasm', func: 0 }, wasmOf(), 1), {
    code: 'locate.outside',
  });
});
