import { Refused } from '@avow/bytes';
import type { WasmReader } from '@avow/formats/wasm';
import { ATOMIC, BULK, COLLECTED, PLAIN, VECTOR } from './opcodes.ts';
import { blockType, heapType, signed, valueType } from './types.ts';

/** One instruction as the text format writes it (Core 3.0, 6.5), unfolded. */
export interface WasmInstruction {
  readonly text: string;
  /** Index of the function that it calls or refers to. */
  readonly func?: number;
  /** Value of an integer constant of 32 bits: it may be an address of data. */
  readonly constant?: number;
}

/** Labels of one branch table that are written out. */
const MAX_LABELS = 64;

/** Reads the instruction at the reader's place. Refuses `wasm.opcode`, `wasm.truncated`, `wasm.leb`. */
export function readInstruction(code: WasmReader): WasmInstruction {
  const at = code.at;
  const opcode = code.u8();
  if (opcode >= 0xfb && opcode <= 0xfe) return { text: prefixed(code, at, opcode) };
  const name = PLAIN[opcode];
  if (name === undefined) throw unknown(at, `0x${opcode.toString(16)}`);
  switch (opcode) {
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x06:
      return { text: `${name}${blockType(code)}` };
    case 0x0e:
      return { text: `${name} ${labels(code)}` };
    case 0x10:
    case 0x12:
    case 0xd2: {
      const func = code.u32();
      return { text: `${name} ${func}`, func };
    }
    case 0x11:
    case 0x13: {
      const type = code.u32();
      const table = code.u32();
      return { text: `${name}${table === 0 ? '' : ` ${table}`} (type ${type})` };
    }
    case 0x1c:
      return { text: `${name} (result${repeated(code, valueType)})` };
    case 0x1f:
      return { text: `${name}${blockType(code)}${repeated(code, catchClause)}` };
    case 0x41: {
      const constant = Number(signed(code));
      return { text: `${name} ${constant}`, constant };
    }
    case 0x42:
      return { text: `${name} ${signed(code)}` };
    case 0x43:
      return { text: `${name} ${float(code, 4)}` };
    case 0x44:
      return { text: `${name} ${float(code, 8)}` };
    case 0xd0:
      return { text: `${name} ${heapType(code)}` };
    case 0x3f:
    case 0x40:
      return { text: `${name}${index(code)}` };
    default:
      if (opcode >= 0x28 && opcode <= 0x3e) return { text: `${name}${memory(code, name)}` };
      return takesIndex(opcode) ? { text: `${name} ${code.u32()}` } : { text: name };
  }
}

/** Branches, variables, tables, exceptions: one number follows. */
function takesIndex(opcode: number): boolean {
  return (
    (opcode >= 0x07 && opcode <= 0x09) ||
    opcode === 0x0c ||
    opcode === 0x0d ||
    opcode === 0x14 ||
    opcode === 0x15 ||
    opcode === 0x18 ||
    (opcode >= 0x20 && opcode <= 0x26) ||
    opcode === 0xd5 ||
    opcode === 0xd6
  );
}

function prefixed(code: WasmReader, at: number, prefix: number): string {
  const operation = code.u32();
  const names = { 251: COLLECTED, 252: BULK, 253: VECTOR, 254: ATOMIC }[prefix]!;
  const name = names[operation];
  if (name === undefined) throw unknown(at, `0x${prefix.toString(16)} ${operation}`);
  switch (prefix) {
    case 0xfb:
      return `${name}${collected(code, operation)}`;
    case 0xfc:
      return `${name}${bulk(code, operation)}`;
    case 0xfd:
      return `${name}${vector(code, operation, name)}`;
    default:
      if (operation !== 3) return `${name}${memory(code, name)}`;
      code.u8();
      return name;
  }
}

function collected(code: WasmReader, operation: number): string {
  if (operation === 24 || operation === 25) {
    const flags = code.u8();
    const label = code.u32();
    const [from, to] = [heapType(code), heapType(code)];
    const isNull = (bit: number) => ((flags & bit) !== 0 ? 'null ' : '');
    return ` ${label} (ref ${isNull(1)}${from}) (ref ${isNull(2)}${to})`;
  }
  if (operation >= 20 && operation <= 23) return ` ${heapType(code)}`;
  if (operation === 15 || operation >= 26) return '';
  const hasTwo =
    (operation >= 2 && operation <= 5) ||
    (operation >= 8 && operation <= 10) ||
    (operation >= 17 && operation <= 19);
  return hasTwo ? ` ${code.u32()} ${code.u32()}` : ` ${code.u32()}`;
}

/** Indices that are zero, the only memory or table there mostly is, are left out. */
function bulk(code: WasmReader, operation: number): string {
  if (operation <= 7 || operation >= 19) return '';
  if (operation === 8 || operation === 12) {
    const segment = code.u32();
    return `${index(code)} ${segment}`;
  }
  if (operation === 9 || operation === 13) return ` ${code.u32()}`;
  if (operation === 10 || operation === 14) {
    const [to, from] = [code.u32(), code.u32()];
    return to === 0 && from === 0 ? '' : ` ${to} ${from}`;
  }
  return index(code);
}

function vector(code: WasmReader, operation: number, name: string): string {
  if (operation <= 11 || operation === 92 || operation === 93) return memory(code, name);
  if (operation === 12) {
    const words = Array.from({ length: 4 }, () => word32(code));
    return ` i32x4 ${words.map((word) => `0x${word.toString(16).padStart(8, '0')}`).join(' ')}`;
  }
  if (operation === 13) return ` ${Array.from({ length: 16 }, () => code.u8()).join(' ')}`;
  if (operation >= 21 && operation <= 34) return ` ${code.u8()}`;
  if (operation >= 84 && operation <= 91) return `${memory(code, name)} ${code.u8()}`;
  return '';
}

function index(code: WasmReader): string {
  const number = code.u32();
  return number === 0 ? '' : ` ${number}`;
}

/** Memory, offset and alignment; those that go without saying are not said. */
function memory(code: WasmReader, name: string): string {
  const flags = code.u32();
  const which = (flags & 0x40) === 0 ? '' : ` ${code.u32()}`;
  const offset = unsigned(code);
  const align = 2 ** (flags & 0x3f);
  const said = offset === 0n ? '' : ` offset=${offset}`;
  return `${which}${said}${align === naturalAlign(name) ? '' : ` align=${align}`}`;
}

/** Bytes that an instruction loads or stores. */
function naturalAlign(name: string): number {
  const lanes = /load(\d+)x(\d+)/.exec(name);
  if (lanes !== null) return (Number(lanes[1]) * Number(lanes[2])) / 8;
  const narrow = /(?:load|store|rmw|wait)(8|16|32|64)/.exec(name);
  if (narrow !== null) return Number(narrow[1]) / 8;
  if (name.startsWith('v128')) return 16;
  return name.startsWith('i64') || name.startsWith('f64') ? 8 : 4;
}

function labels(code: WasmReader): string {
  const count = code.count();
  const all: number[] = [];
  for (let one = 0; one <= count; one += 1) {
    const label = code.u32();
    if (one < MAX_LABELS || one === count) all.push(label);
  }
  const cut = count + 1 - all.length;
  return cut === 0
    ? all.join(' ')
    : `${all.slice(0, -1).join(' ')} (; ${cut} more ;) ${all.at(-1)}`;
}

function repeated(code: WasmReader, one: (code: WasmReader) => string): string {
  const count = code.count();
  return Array.from({ length: count }, () => ` ${one(code)}`).join('');
}

const CLAUSES = ['catch', 'catch_ref', 'catch_all', 'catch_all_ref'];

function catchClause(code: WasmReader): string {
  const at = code.at;
  const kind = code.u8();
  const name = CLAUSES[kind];
  if (name === undefined) throw unknown(at, `a catch of kind ${kind}`);
  const tag = kind < 2 ? ` ${code.u32()}` : '';
  return `(${name}${tag} ${code.u32()})`;
}

function float(code: WasmReader, size: 4 | 8): string {
  const view = new DataView(new ArrayBuffer(8));
  for (let at = 0; at < size; at += 1) view.setUint8(at, code.u8());
  const value = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  if (Number.isNaN(value)) {
    const digits = size === 4 ? view.getUint32(0, true) : view.getBigUint64(0, true);
    return `nan (; 0x${digits.toString(16)} ;)`;
  }
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0';
  return size === 4 ? shortest(value) : String(value);
}

/** The fewest digits that are this number of 32 bits again: nine always are. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

function word32(code: WasmReader): number {
  const [a, b, c, d] = [code.u8(), code.u8(), code.u8(), code.u8()];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

function unsigned(code: WasmReader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = code.u8();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new Refused('wasm.leb', code.at, 'a number of more than ten bytes');
}

function unknown(at: number, what: string): Refused {
  return new Refused('wasm.opcode', at, what);
}
