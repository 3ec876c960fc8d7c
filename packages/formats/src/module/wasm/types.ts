import { Refused } from '@avow/bytes';
import type { WasmReader } from './reader.ts';

/** A function's type, as a call by type names it. */
export interface WasmType {
  /** How many values it takes. */
  readonly parameters: number;
  /** `(i32 i64) -> (i32)`: types of one text are one type, whatever their indices. */
  readonly text: string;
}

const FORM = { group: 0x4e, final: 0x4f, open: 0x50, array: 0x5e, structure: 0x5f, function: 0x60 };

const VALUES: Readonly<Record<number, string>> = {
  127: 'i32',
  126: 'i64',
  125: 'f32',
  124: 'f64',
  123: 'v128',
  112: 'funcref',
  111: 'externref',
};

/**
 * The type section (Core 3.0, 5.3 and 5.5.4), by type index: function types,
 * and undefined for structures and arrays. Refuses `wasm.type` for another form.
 */
export function readTypes(section: WasmReader): (WasmType | undefined)[] {
  const types: (WasmType | undefined)[] = [];
  const count = section.count(1);
  for (let index = 0; index < count; index += 1) {
    if (section.bytes[section.at] !== FORM.group) {
      types.push(readSubtype(section));
      continue;
    }
    section.skip(1);
    const group = section.count(1);
    for (let one = 0; one < group; one += 1) types.push(readSubtype(section));
  }
  return types;
}

function readSubtype(section: WasmReader): WasmType | undefined {
  const form = section.bytes[section.at];
  if (form === FORM.open || form === FORM.final) {
    section.skip(1);
    const count = section.count(1);
    for (let index = 0; index < count; index += 1) section.skipLeb();
  }
  const at = section.at;
  switch (section.u8()) {
    case FORM.function: {
      const taken = values(section);
      return {
        parameters: taken.length,
        text: `(${taken.join(' ')}) -> (${values(section).join(' ')})`,
      };
    }
    case FORM.array:
      skipField(section);
      return undefined;
    case FORM.structure: {
      const count = section.count(2);
      for (let index = 0; index < count; index += 1) skipField(section);
      return undefined;
    }
    default:
      throw new Refused('wasm.type', at, `form 0x${section.bytes[at]!.toString(16)}`);
  }
}

function values(section: WasmReader): string[] {
  return Array.from({ length: section.count(1) }, () => {
    const at = section.at;
    skipValueType(section);
    const byte = section.bytes[at]!;
    return VALUES[byte] ?? Array.from(section.bytes.subarray(at, section.at), hex).join('');
  });
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** A storage type, and whether it may be changed. */
function skipField(section: WasmReader): void {
  skipValueType(section);
  section.u8();
}

/** A value type: one byte, or `ref` and its heap type. */
export function skipValueType(section: WasmReader): void {
  const byte = section.u8();
  if (byte === 0x63 || byte === 0x64) section.skipLeb();
}
