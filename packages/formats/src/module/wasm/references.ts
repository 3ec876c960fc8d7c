import { Refused } from '@avow/bytes';
import type { WasmModule } from './module.ts';
import { WasmReader } from './reader.ts';
import { skipValueType } from './types.ts';

const SECTION = { table: 4, global: 6, element: 9 } as const;

export const REF_FUNC = 0xd2;

/**
 * Functions whose references stand in element segments, globals and tables, in
 * order of their first: what a table can hold unless its host puts more there,
 * since a body may refer to these and to exported functions alone (Core 3.0,
 * 3.4.12). Refuses `wasm.opcode` for an expression that it does not know, and
 * as `WasmReader` does.
 */
export function referredFunctions(module: Pick<WasmModule, 'bytes' | 'sections'>): Set<number> {
  const referred = new Set<number>();
  for (const { id, offset, size } of module.sections) {
    const section = new WasmReader(module.bytes, offset, offset + size);
    if (id === SECTION.table) readTables(section, referred);
    if (id === SECTION.global) readGlobals(section, referred);
    if (id === SECTION.element) readElements(section, referred);
  }
  return referred;
}

/** A table may be filled by an expression (0x40 0x00, Core 3.0, 5.5.7). */
function readTables(section: WasmReader, referred: Set<number>): void {
  const count = section.count(3);
  for (let index = 0; index < count; index += 1) {
    const isFilled = section.bytes[section.at] === 0x40;
    if (isFilled) section.skip(2);
    skipValueType(section);
    const flags = section.u8();
    section.skipLeb();
    if ((flags & 1) !== 0) section.skipLeb();
    if (isFilled) readExpression(section, referred);
  }
}

function readGlobals(section: WasmReader, referred: Set<number>): void {
  const count = section.count(3);
  for (let index = 0; index < count; index += 1) {
    skipValueType(section);
    section.u8();
    readExpression(section, referred);
  }
}

/** Core 3.0, 5.5.12: bit 0 passive or declared, bit 1 a table or declared, bit 2 expressions. */
function readElements(section: WasmReader, referred: Set<number>): void {
  const count = section.count(2);
  for (let index = 0; index < count; index += 1) {
    const flags = section.u32();
    const [isPassive, isExplicit, hasExpressions] = [flags & 1, flags & 2, flags & 4];
    if (!isPassive) {
      if (isExplicit) section.u32();
      readExpression(section, referred);
    }
    if (isPassive || isExplicit) {
      if (hasExpressions) skipValueType(section);
      else section.u8();
    }
    const items = section.count(1);
    for (let item = 0; item < items; item += 1) {
      if (hasExpressions) readExpression(section, referred);
      else referred.add(section.u32());
    }
  }
}

/** A constant expression up to its end (Core 3.0, 3.4.15); `ref.func` is what is looked for. */
function readExpression(section: WasmReader, referred: Set<number>): void {
  for (;;) {
    const at = section.at;
    const opcode = section.u8();
    switch (opcode) {
      case 0x0b:
        return;
      case REF_FUNC:
        referred.add(section.u32());
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
