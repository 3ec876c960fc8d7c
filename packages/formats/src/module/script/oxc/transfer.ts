/// <reference path="./bindings.d.ts" />
import { Refused, utf8Into } from '@avow/bytes';
import { getBufferOffset, parseRawSync } from 'oxc-parser/src-js/bindings.js';
import { BUFFER, FIELDS } from './layout.ts';

/** What the native parser left behind; valid until the next script is parsed. */
export interface TransferBuffer {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly view: DataView;
  /** Places in the buffer, in bytes. */
  readonly sourceFrom: number;
  readonly data: number;
  readonly program: number;
}

export interface ParseOptions {
  readonly lang: 'js' | 'jsx' | 'ts' | 'tsx' | 'dts';
  readonly sourceType: 'script' | 'module' | 'commonjs' | 'unambiguous';
  readonly preserveParens: false;
}

/** Texts are written before the tree is known, at three bytes a code unit; the encoder takes no more at once. */
const MAX_SOURCE_BYTES = 1 << 30;

interface Block {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly view: DataView;
  readonly whole: Uint8Array<ArrayBuffer>;
}

let block: Block | undefined;

/**
 * Parses a text into the transfer buffer. The process dies on texts that
 * nest too deep: call it only where that is provided for.
 *
 * Refuses `script.too-large` for texts above 2^30 / 3 code units.
 */
export function parseIntoBuffer(text: string, options: ParseOptions): TransferBuffer {
  block ??= newBlock();
  const room = text.length * 3;
  if (room > MAX_SOURCE_BYTES) {
    throw new Refused('script.too-large', undefined, `${text.length} code units`);
  }
  const sourceFrom = BUFFER.activeSize - room;
  const length = utf8Into(text, block.bytes.subarray(sourceFrom, BUFFER.activeSize))!;
  parseRawSync('script', block.whole, sourceFrom, length, options);
  const data = block.words[BUFFER.dataPointer32]!;
  const { bytes, words, floats, view } = block;
  const program = data + FIELDS.RawTransferData.program;
  return { bytes, words, floats, view, sourceFrom, data, program };
}

/**
 * Gives the memory of the buffer back at once; there is a new one for the next
 * script. What the last one left in it is valid no more.
 */
export function releaseBuffer(): void {
  block?.whole.buffer.transfer(0);
  block = undefined;
}

/**
 * Address space for the native allocator: it wants its block aligned to 4 GiB,
 * so that the low halves of its pointers are places in it. Only pages that
 * are written take memory, and keep it until it is given back.
 */
function newBlock(): Block {
  const buffer = new ArrayBuffer(BUFFER.blockSize + BUFFER.blockAlign);
  const offset = getBufferOffset(new Uint8Array(buffer));
  return {
    bytes: new Uint8Array(buffer, offset, BUFFER.bufferSize),
    words: new Int32Array(buffer, offset, Math.floor(BUFFER.bufferSize / 4)),
    floats: new Float64Array(buffer, offset, Math.floor(BUFFER.bufferSize / 8)),
    view: new DataView(buffer, offset, BUFFER.bufferSize),
    whole: new Uint8Array(buffer, offset, BUFFER.blockSize),
  };
}
