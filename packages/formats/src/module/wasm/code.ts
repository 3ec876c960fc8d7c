import { Refused } from '@avow/bytes';
import type { WasmBody } from './module.ts';
import { WasmReader } from './reader.ts';

/**
 * Instructions of a function body, for the few that matter: calls, indirect
 * calls, constants. Source: WebAssembly Core 3.0, 5.4 and appendix "Index of
 * Instructions"; threads and relaxed SIMD proposals.
 */
export interface WasmVisitor {
  /** `call` and `return_call`, at the opcode's offset in the module. */
  call(at: number, functionIndex: number): void;
  /** `call_indirect`, `call_ref` and their tail forms, by type index. */
  indirect(at: number, typeIndex: number): void;
  /** `i32.const` and `i64.const`, with the offset of what follows. */
  constant(at: number, value: number, next: number): void;
  /** Any other instruction, for who asks. */
  other?(at: number, opcode: number): void;
}

/** What follows an opcode of one byte; the rest are instructions without immediates. */
const NONE = 0;
const LEB = 1;
const BLOCK = 3;
const MEMORY = 4;
const SPECIAL = 5;
const UNDEFINED = 6;

const IMMEDIATES = ((): Uint8Array => {
  const table = new Uint8Array(256).fill(UNDEFINED);
  const set = (from: number, to: number, what: number): void => {
    table.fill(what, from, to + 1);
  };
  set(0x00, 0x01, NONE);
  set(0x02, 0x04, BLOCK);
  set(0x05, 0x05, NONE);
  set(0x06, 0x06, BLOCK);
  set(0x07, 0x09, LEB);
  set(0x0a, 0x0a, NONE);
  set(0x0b, 0x0b, NONE);
  set(0x0c, 0x0d, LEB);
  set(0x0e, 0x0e, SPECIAL);
  set(0x0f, 0x0f, NONE);
  set(0x10, 0x15, SPECIAL);
  set(0x18, 0x18, LEB);
  set(0x19, 0x1b, NONE);
  set(0x1c, 0x1c, SPECIAL);
  set(0x1f, 0x1f, SPECIAL);
  set(0x20, 0x26, LEB);
  set(0x28, 0x3e, MEMORY);
  set(0x3f, 0x40, LEB);
  set(0x41, 0x44, SPECIAL);
  set(0x45, 0xc4, NONE);
  set(0xd0, 0xd0, LEB);
  set(0xd1, 0xd1, NONE);
  set(0xd2, 0xd2, LEB);
  set(0xd3, 0xd4, NONE);
  set(0xd5, 0xd6, LEB);
  set(0xfb, 0xfe, SPECIAL);
  return table;
})();

/** Visits a body's instructions. Refuses `wasm.opcode` at one that no version defines. */
export function walkBody(bytes: Uint8Array, body: WasmBody, visit: WasmVisitor): void {
  const code = new WasmReader(bytes, body.codeAt, body.end);
  const { end } = body;
  const { other } = visit;
  let at = body.codeAt;
  while (at < end) {
    const opcode = bytes[at]!;
    const what = IMMEDIATES[opcode]!;
    if (what === NONE) {
      other?.(at, opcode);
      at += 1;
      continue;
    }
    // Most numbers take one byte: those are stepped over here.
    if (what === LEB && at + 1 < end && bytes[at + 1]! < 0x80) {
      other?.(at, opcode);
      at += 2;
      continue;
    }
    if (opcode === 0x41 && at + 1 < end && bytes[at + 1]! < 0x80) {
      visit.constant(at, (bytes[at + 1]! << 25) >> 25, at + 2);
      at += 2;
      continue;
    }
    const hasShortMemory =
      what === MEMORY && at + 2 < end && bytes[at + 1]! < 0x40 && bytes[at + 2]! < 0x80;
    if (hasShortMemory) {
      other?.(at, opcode);
      at += 3;
      continue;
    }
    code.at = at + 1;
    switch (what) {
      case LEB:
        code.skipLeb();
        other?.(at, opcode);
        break;
      case BLOCK:
        skipBlockType(code);
        other?.(at, opcode);
        break;
      case MEMORY:
        skipMemory(code);
        other?.(at, opcode);
        break;
      case SPECIAL:
        special(code, at, opcode, visit);
        break;
      default:
        throw new Refused('wasm.opcode', at, `opcode 0x${opcode.toString(16)}`);
    }
    at = code.at;
  }
}

function special(code: WasmReader, at: number, opcode: number, visit: WasmVisitor): void {
  switch (opcode) {
    case 0x10:
    case 0x12:
      visit.call(at, code.u32());
      return;
    case 0x11:
    case 0x13: {
      const type = code.u32();
      code.skipLeb();
      visit.indirect(at, type);
      return;
    }
    case 0x14:
    case 0x15:
      visit.indirect(at, code.u32());
      return;
    case 0x41:
    case 0x42:
      visit.constant(at, code.s64(), code.at);
      return;
    case 0x43:
      code.skip(4);
      break;
    case 0x44:
      code.skip(8);
      break;
    case 0x0e: {
      const count = code.count();
      for (let index = 0; index <= count; index += 1) code.skipLeb();
      break;
    }
    case 0x1c: {
      const count = code.count();
      for (let index = 0; index < count; index += 1) skipType(code);
      break;
    }
    case 0x1f: {
      skipBlockType(code);
      const count = code.count();
      for (let index = 0; index < count; index += 1) {
        const kind = code.u8();
        if (kind < 2) code.skipLeb();
        code.skipLeb();
      }
      break;
    }
    case 0xfb:
      garbageCollected(code, at);
      break;
    case 0xfc:
      miscellaneous(code, at);
      break;
    case 0xfd:
      vector(code, at);
      break;
    case 0xfe:
      if (code.u32() === 3) code.u8();
      else skipMemory(code);
      break;
    default:
      throw new Refused('wasm.opcode', at, `opcode 0x${opcode.toString(16)}`);
  }
  visit.other?.(at, opcode);
}

/** A value type: one byte, or `ref` and its heap type. */
function skipType(code: WasmReader): void {
  const byte = code.u8();
  if (byte === 0x63 || byte === 0x64) code.skipLeb();
}

/** Empty, a value type, or a type index as a signed number. */
function skipBlockType(code: WasmReader): void {
  const byte = code.bytes[code.at];
  if (byte === 0x63 || byte === 0x64) skipType(code);
  else code.skipLeb();
}

/** Alignment, with the memory's index where bit 6 says so, then the offset. */
function skipMemory(code: WasmReader): void {
  const align = code.u32();
  if ((align & 0x40) !== 0) code.skipLeb();
  code.skipLeb();
}

/** 0xfc: saturating truncation, bulk memory and table operations. */
function miscellaneous(code: WasmReader, at: number): void {
  const operation = code.u32();
  if (operation <= 7) return;
  if (operation > 22) throw new Refused('wasm.opcode', at, `0xfc ${operation}`);
  if (operation >= 18) return;
  code.skipLeb();
  if (operation === 8 || operation === 10 || operation === 12 || operation === 14) code.skipLeb();
}

/** 0xfd: SIMD. Loads and stores, lanes, constants and shuffles have immediates. */
function vector(code: WasmReader, at: number): void {
  const operation = code.u32();
  if (operation <= 11 || operation === 92 || operation === 93) skipMemory(code);
  else if (operation === 12 || operation === 13) code.skip(16);
  else if (operation >= 21 && operation <= 34) code.skip(1);
  else if (operation >= 84 && operation <= 91) {
    skipMemory(code);
    code.skip(1);
  } else if (operation > 275) throw new Refused('wasm.opcode', at, `0xfd ${operation}`);
}

/** 0xfb: structures, arrays and casts; how many numbers follow each. */
function garbageCollected(code: WasmReader, at: number): void {
  const operation = code.u32();
  const TWO = [2, 3, 4, 5, 8, 9, 10, 17, 18, 19];
  const NO = [15, 26, 27, 28, 29, 30];
  if (operation === 24 || operation === 25) {
    code.skip(1);
    code.skipLeb();
    code.skipLeb();
    code.skipLeb();
    return;
  }
  if (operation > 30) throw new Refused('wasm.opcode', at, `0xfb ${operation}`);
  if (NO.includes(operation)) return;
  code.skipLeb();
  if (TWO.includes(operation)) code.skipLeb();
}
