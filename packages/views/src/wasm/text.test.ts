import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wasmText } from './text.ts';

function linesOf(hex: string): string[] {
  const bytes = Uint8Array.from(hex.split(' ').map((pair) => Number.parseInt(pair, 16)));
  const { lines, unread } = wasmText(
    { bytes, base: 0x100, end: 0x100 + bytes.length },
    { at: 0x100, depth: 0 },
    99,
  );
  const told = lines.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`);
  return unread === undefined ? told : [...told, `${unread.code} at 0x${unread.at.toString(16)}`];
}

/** Bytes of code, and their text. */
const CODE: Readonly<Record<string, readonly string[]>> = {
  '02 40 03 7f 0c 01 0b 0b': ['block', '  loop (result i32)', '    br 1', '  end', 'end'],
  '04 02 41 7f 05 41 80 01 0b': ['if (type 2)', '  i32.const -1', 'else', '  i32.const 128', 'end'],
  '0e 02 00 01 02': ['br_table 0 1 2'],
  '10 07 11 03 00 13 03 01': [
    'call 7',
    'call_indirect (type 3)',
    'return_call_indirect 1 (type 3)',
  ],
  '42 ff ff ff ff ff ff ff ff 7f 42 80 80 80 80 80 80 80 80 80 7f': [
    'i64.const -1',
    'i64.const -9223372036854775808',
  ],
  '43 00 00 c0 7f 44 00 00 00 00 00 00 f0 bf 43 cd cc cc 3d': [
    'f32.const nan (; 0x7fc00000 ;)',
    'f64.const -1',
    'f32.const 0.1',
  ],
  '28 02 04 2d 00 00 37 02 90 01': [
    'i32.load offset=4',
    'i32.load8_u',
    'i64.store offset=144 align=4',
  ],
  '1c 01 7b d0 70 d0 6f d2 05': [
    'select (result v128)',
    'ref.null func',
    'ref.null extern',
    'ref.func 5',
  ],
  'fc 0a 00 00 fc 08 03 00 fc 0c 02 01': ['memory.copy', 'memory.init 3', 'table.init 1 2'],
  'fd 0c 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 fd 1b 03 fd 54 00 10 07': [
    'v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004',
    'i32x4.extract_lane 3',
    'v128.load8_lane offset=16 7',
  ],
  'fe 10 02 00 fe 03 00 fe 4e 02 08': [
    'i32.atomic.load',
    'atomic.fence',
    'i64.atomic.rmw32.cmpxchg_u offset=8',
  ],
  'fb 00 03 fb 02 03 01 fb 18 03 00 6e 6b': [
    'struct.new 3',
    'struct.get 3 1',
    'br_on_cast 0 (ref null any) (ref null struct)',
  ],
  '1f 40 02 00 05 01 02 00 0b': ['try_table (catch 5 1) (catch_all 0)', 'end'],
  '41 05 ff 41 06': ['i32.const 5', 'wasm.opcode at 0x102'],
  '41 05 42 80': ['i32.const 5', 'wasm.truncated at 0x102'],
};

for (const [hex, expected] of Object.entries(CODE)) {
  test(`${expected[0]} is written as the text format has it`, () => {
    assert.deepEqual(linesOf(hex), expected);
  });
}

test('a branch table of thousands is cut, and says how much of it', () => {
  const bytes = Uint8Array.from([0x0e, 0x80 | (300 & 0x7f), 300 >> 7, ...Array(301).fill(1)]);
  const { lines } = wasmText({ bytes, base: 0, end: bytes.length }, { at: 0, depth: 0 }, 9);
  assert.match(lines[0]!.text, /^br_table 1 1 .* \(; 236 more ;\) 1$/);
});

test('a text that ends within what was given goes on from its last instruction', () => {
  const all = Uint8Array.from([0x02, 0x40, 0x41, 0xe4, 0x00, 0x1a, 0x0b]);
  const code = { bytes: all.subarray(0, 4), base: 0x40, end: 0x40 + all.length };
  const first = wasmText(code, { at: 0x40, depth: 0 }, 9);
  assert.deepEqual(first.next, { at: 0x42, depth: 1 });
  const rest = wasmText({ bytes: all.subarray(2), base: 0x42, end: code.end }, first.next!, 9);
  assert.deepEqual(
    [...first.lines, ...rest.lines].map(({ text }) => text),
    ['block', 'i32.const 100', 'drop', 'end'],
  );
});
