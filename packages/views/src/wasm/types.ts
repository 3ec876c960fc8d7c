import { Refused } from '@avow/bytes';
import type { WasmReader } from '@avow/formats/wasm';

/** Value types and abstract heap types of one byte (Core 3.0, 5.3). */
const TYPES: Readonly<Record<number, string>> = {
  127: 'i32',
  126: 'i64',
  125: 'f32',
  124: 'f64',
  123: 'v128',
  116: 'nullexnref',
  115: 'nullfuncref',
  114: 'nullexternref',
  113: 'nullref',
  112: 'funcref',
  111: 'externref',
  110: 'anyref',
  109: 'eqref',
  108: 'i31ref',
  107: 'structref',
  106: 'arrayref',
  105: 'exnref',
};

const FUNCTION = 0x60;
const EMPTY = 0x40;

/** One value type. */
export function valueType(code: WasmReader): string {
  const byte = code.u8();
  if (byte === 0x63) return `(ref null ${heapType(code)})`;
  if (byte === 0x64) return `(ref ${heapType(code)})`;
  return TYPES[byte] ?? `0x${byte.toString(16)}`;
}

/** An abstract heap type by its name, another by its index. */
export function heapType(code: WasmReader): string {
  const value = signed(code);
  if (value >= 0n) return String(value);
  const name = TYPES[Number(value & 0x7fn)] ?? String(value);
  return name.replace(/ref$/, '');
}

/** What a block takes and gives, with a space before it; nothing for one that does neither. */
export function blockType(code: WasmReader): string {
  const byte = code.bytes[code.at];
  if (byte === EMPTY) {
    code.skip(1);
    return '';
  }
  if (byte === 0x63 || byte === 0x64 || (byte !== undefined && TYPES[byte] !== undefined)) {
    return ` (result ${valueType(code)})`;
  }
  return ` (type ${signed(code)})`;
}

/**
 * Function types as the text format writes them, by type index; undefined for
 * other types. Structures, arrays and recursive groups end the reading: the
 * types behind them are named by their index alone.
 */
export function readSignatures(section: WasmReader): (string | undefined)[] {
  const signatures: (string | undefined)[] = [];
  const count = section.count(1);
  for (let index = 0; index < count; index += 1) {
    if (section.u8() !== FUNCTION) return signatures;
    const taken = types(section);
    const given = types(section);
    const parts = [
      ...(taken === '' ? [] : [`(param ${taken})`]),
      ...(given === '' ? [] : [`(result ${given})`]),
    ];
    signatures.push(parts.join(' '));
  }
  return signatures;
}

function types(section: WasmReader): string {
  return Array.from({ length: section.count(1) }, () => valueType(section)).join(' ');
}

/** Groups of locals at the beginning of a body: `i32` and how many. */
export function readLocals(code: WasmReader): readonly string[] {
  return Array.from({ length: code.count(2) }, () => {
    const count = code.u32();
    const type = valueType(code);
    return count === 1 ? type : `${type} × ${count}`;
  });
}

/** A signed number of any width. Refuses `wasm.leb`. */
export function signed(code: WasmReader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = code.u8();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    return BigInt.asIntN(64, (byte & 0x40) !== 0 ? value - (1n << (shift + 7n)) : value);
  }
  throw new Refused('wasm.leb', code.at, 'a number of more than ten bytes');
}
