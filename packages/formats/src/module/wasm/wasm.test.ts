import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import { readWasm, referredFunctions, walkBody } from './index.ts';
import { HEADER, section, tableWasmOf, wasmOf } from './testdata/module.ts';

test('imports, exports, bodies, data and types of a module', () => {
  const module = readWasm(wasmOf());
  assert.deepEqual(module.imports, [
    { module: 'env', name: 'emscripten_run_script', kind: 'function', index: 0 },
  ]);
  assert.deepEqual(module.exports, [{ name: 'run', kind: 'function', index: 1 }]);
  assert.deepEqual(module.types, [
    { parameters: 2, text: '(i32 i32) -> ()' },
    { parameters: 0, text: '() -> ()' },
  ]);
  assert.equal(module.importedFunctions, 1);
  assert.equal(module.data[0]!.address, 16);
});

test('calls and constants are at their offsets in the module', () => {
  const bytes = wasmOf();
  const module = readWasm(bytes);
  const seen: unknown[] = [];
  walkBody(bytes, module.bodies[0]!, {
    call: (at, index) => seen.push(['call', bytes[at], index]),
    indirect: () => seen.push('indirect'),
    constant: (at, value) => seen.push(['constant', bytes[at], value]),
    other: (at, opcode) => seen.push(['other', bytes[at], opcode]),
  });
  assert.deepEqual(seen, [
    ['constant', 0x41, 16],
    ['constant', 0x41, 8],
    ['call', 0x10, 0],
    ['other', 0x0b, 0x0b],
  ]);
});

const REFUSED: readonly (readonly [what: string, bytes: readonly number[], code: string])[] = [
  ['another magic', [0, 0x61, 0x73, 0x6e, 1, 0, 0, 0], 'wasm.magic'],
  ['a component', [0, 0x61, 0x73, 0x6d, 13, 0, 1, 0], 'wasm.version'],
  ['a section beyond the end', [...HEADER, 1, 0x7f], 'wasm.truncated'],
  ['a size of more than 32 bits', [...HEADER, 1, 0xff, 0xff, 0xff, 0xff, 0xff], 'wasm.leb'],
];

for (const [what, bytes, code] of REFUSED) {
  test(`${what} is refused as ${code}`, () => {
    assert.throws(() => readWasm(Uint8Array.from(bytes)), { code });
  });
}

test('a count beyond the section is listed, and the rest is read', () => {
  const bytes = Uint8Array.from([
    ...HEADER,
    ...section(2, 0xff, 0xff, 0xff, 0x7f),
    ...section(7, 1, 1, 0x61, 0, 0),
  ]);
  const module = readWasm(bytes);
  assert.deepEqual(
    module.unread.map(({ what, code }) => [what, code]),
    [['imports', 'wasm.count']],
  );
  assert.equal(module.exports[0]!.name, 'a');
});

test('an instruction that no version defines is refused at its offset', () => {
  const bytes = wasmOf({ body: [0x27, 0x0b] });
  const module = readWasm(bytes);
  const ignore = () => {};
  assert.throws(
    () =>
      walkBody(bytes, module.bodies[0]!, {
        call: ignore,
        indirect: ignore,
        constant: ignore,
        other: ignore,
      }),
    { code: 'wasm.opcode', at: module.bodies[0]!.codeAt },
  );
});

test('cut anywhere but between sections, a module is refused', () => {
  const whole = wasmOf();
  const ends = new Set([HEADER.length]);
  for (const { offset, size } of readWasm(whole).sections) ends.add(offset + size);
  for (let length = 0; length < whole.length; length += 1) {
    if (ends.has(length)) assert.equal(readWasm(whole.slice(0, length)).unread.length, 0);
    else assert.throws(() => readWasm(whole.slice(0, length)), Refused, `${length} bytes`);
  }
});

test('functions that a table holds are those of its elements, imports too', () => {
  const module = readWasm(tableWasmOf());
  assert.deepEqual([...referredFunctions(module)], [0, 3]);
});

test('types of structures and recursive groups keep their places', () => {
  // A group of a structure and a function type, an array, then a function type that refers to the first.
  const types = [
    0x4e, 2, 0x5f, 1, 0x78, 0, 0x50, 0, 0x60, 0, 1, 0x7e, 0x5e, 0x7f, 1, 0x60, 1, 0x64, 0, 0,
  ];
  const { types: read, unread } = readWasm(
    Uint8Array.from([...HEADER, ...section(1, 3, ...types)]),
  );
  assert.deepEqual(
    read.map((type) => type?.text),
    [undefined, '() -> (i64)', undefined, '(6400) -> ()'],
  );
  assert.deepEqual(unread, []);
  const broken = readWasm(Uint8Array.from([...HEADER, ...section(1, 1, 0x5d)]));
  assert.deepEqual(
    broken.unread.map(({ code }) => code),
    ['wasm.type'],
  );
});
