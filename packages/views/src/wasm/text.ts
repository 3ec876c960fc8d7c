import { why } from '@avow/bytes';
import { WasmReader } from '@avow/formats/wasm';
import { readInstruction } from './instruction.ts';

/** One line of a function's text. */
export interface WasmLine {
  /** Offset of the instruction in the module, in bytes. */
  readonly at: number;
  readonly length: number;
  /** Blocks around it; hostile ones nest deeper than anybody indents. */
  readonly depth: number;
  readonly text: string;
  /** Index of the function that it calls or refers to. */
  readonly func?: number;
  /** Value of an integer constant of 32 bits: it may be an address of data. */
  readonly constant?: number;
}

/** Where a text goes on. */
export interface TextAt {
  readonly at: number;
  readonly depth: number;
}

export interface WasmText {
  readonly lines: readonly WasmLine[];
  /** Undefined at the end of the code. */
  readonly next: TextAt | undefined;
  /** What could not be read, and ended the text. */
  readonly unread?: { readonly code: string; readonly message: string; readonly at: number };
}

/** Code that is read: `bytes` stand at offset `base` of the module; its end is `end`. */
export interface WasmCode {
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly end: number;
}

/** Instructions from a place on, `limit` of them at most. Linear in what it reads. */
export function wasmText({ bytes, base, end }: WasmCode, from: TextAt, limit: number): WasmText {
  const last = Math.min(end, base + bytes.length);
  const code = new WasmReader(bytes, from.at - base, last - base);
  const lines: WasmLine[] = [];
  let { depth } = from;
  while (!code.isDone && lines.length < limit) {
    const at = code.at;
    const opcode = bytes[at]!;
    try {
      const one = readInstruction(code);
      if (isEnd(opcode)) depth = Math.max(0, depth - 1);
      const own = isElse(opcode) ? Math.max(0, depth - 1) : depth;
      lines.push({ at: base + at, length: code.at - at, depth: own, ...one });
      if (isBegin(opcode)) depth += 1;
    } catch (error) {
      // The bytes that were given end within it: whoever asks goes on with more.
      if (last < end && lines.length > 0) return { lines, next: { at: base + at, depth } };
      const { code: refusal, message } = why(error);
      return { lines, next: undefined, unread: { code: refusal, message, at: base + at } };
    }
  }
  const at = base + code.at;
  return { lines, next: at < end ? { at, depth } : undefined };
}

/** block, loop, if, try, try_table. */
function isBegin(opcode: number): boolean {
  return (opcode >= 0x02 && opcode <= 0x04) || opcode === 0x06 || opcode === 0x1f;
}

/** else, catch, catch_all: of the block that they stand in. */
function isElse(opcode: number): boolean {
  return opcode === 0x05 || opcode === 0x07 || opcode === 0x19;
}

/** end and delegate. */
function isEnd(opcode: number): boolean {
  return opcode === 0x0b || opcode === 0x18;
}
