import { Refused } from '@avow/bytes';
import { walkBody } from './code.ts';
import type { WasmModule } from './module.ts';
import { WasmReader } from './reader.ts';

const SECTION = { table: 4, global: 6, element: 9 } as const;

/**
 * Functions that anything can come to: exported, run at the start, or one whose
 * reference is made anywhere (elements, globals, `ref.func`), so that an
 * indirect call may reach it; and all that these call. What is not among them
 * cannot run (Core 3.0, 4.2: a function is reached by its index or by a
 * reference alone). Undefined where a part that may refer to one is not read.
 */
export function reachableFunctions(module: WasmModule): ReadonlySet<number> | undefined {
  if (module.unread.length > 0) return undefined;
  try {
    const calls = new Map<number, number[]>();
    const reached = new Set(referredFunctions(module, calls));
    for (const { kind, index } of module.exports) if (kind === 'function') reached.add(index);
    if (module.start !== undefined) reached.add(module.start);
    for (const one of reached) for (const called of calls.get(one) ?? []) reached.add(called);
    return reached;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Functions whose references are made; fills in who calls whom. Refuses what it does not know. */
function referredFunctions(module: WasmModule, calls: Map<number, number[]>): number[] {
  const { bytes, bodies, importedFunctions } = module;
  const referred: number[] = [];
  for (const { id, offset, size } of module.sections) {
    const section = new WasmReader(bytes, offset, offset + size);
    if (id === SECTION.table) readTables(section, referred);
    if (id === SECTION.global) readGlobals(section, referred);
    if (id === SECTION.element) readElements(section, referred);
  }
  bodies.forEach((body, index) => {
    const called: number[] = [];
    calls.set(importedFunctions + index, called);
    walkBody(bytes, body, {
      call: (_, func) => {
        called.push(func);
      },
      indirect: () => {},
      constant: () => {},
      other: (at, opcode) => {
        if (opcode === REF_FUNC) referred.push(new WasmReader(bytes, at + 1, body.end).u32());
      },
    });
  });
  return referred;
}

const REF_FUNC = 0xd2;

/** A table may be filled by an expression (0x40 0x00, Core 3.0, 5.5.7). */
function readTables(section: WasmReader, referred: number[]): void {
  const count = section.count(3);
  for (let index = 0; index < count; index += 1) {
    const isFilled = section.bytes[section.at] === 0x40;
    if (isFilled) section.skip(2);
    skipType(section);
    const flags = section.u8();
    section.skipLeb();
    if ((flags & 1) !== 0) section.skipLeb();
    if (isFilled) readExpression(section, referred);
  }
}

function readGlobals(section: WasmReader, referred: number[]): void {
  const count = section.count(3);
  for (let index = 0; index < count; index += 1) {
    skipType(section);
    section.u8();
    readExpression(section, referred);
  }
}

/** Core 3.0, 5.5.12: bit 0 passive or declared, bit 1 a table or declared, bit 2 expressions. */
function readElements(section: WasmReader, referred: number[]): void {
  const count = section.count(2);
  for (let index = 0; index < count; index += 1) {
    const flags = section.u32();
    const [isPassive, isExplicit, hasExpressions] = [flags & 1, flags & 2, flags & 4];
    if (!isPassive) {
      if (isExplicit) section.u32();
      readExpression(section, referred);
    }
    if (isPassive || isExplicit) {
      if (hasExpressions) skipType(section);
      else section.u8();
    }
    const items = section.count(1);
    for (let item = 0; item < items; item += 1) {
      if (hasExpressions) readExpression(section, referred);
      else referred.push(section.u32());
    }
  }
}

/** A constant expression up to its end (Core 3.0, 3.4.15); `ref.func` is what is looked for. */
function readExpression(section: WasmReader, referred: number[]): void {
  for (;;) {
    const at = section.at;
    const opcode = section.u8();
    switch (opcode) {
      case 0x0b:
        return;
      case REF_FUNC:
        referred.push(section.u32());
        break;
      case 0x23:
      case 0x41:
      case 0x42:
      case 0xd0:
        section.skipLeb();
        break;
      case 0x43:
        section.skip(4);
        break;
      case 0x44:
        section.skip(8);
        break;
      default:
        if (!isArithmetic(opcode)) {
          throw new Refused('wasm.opcode', at, `0x${opcode.toString(16)} in a constant`);
        }
    }
  }
}

/** Addition, subtraction and multiplication of i32 and i64. */
function isArithmetic(opcode: number): boolean {
  return (opcode >= 0x6a && opcode <= 0x6c) || (opcode >= 0x7c && opcode <= 0x7e);
}

/** A value type: one byte, or `ref` and its heap type. */
function skipType(section: WasmReader): void {
  const byte = section.u8();
  if (byte === 0x63 || byte === 0x64) section.skipLeb();
}
