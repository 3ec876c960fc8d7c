import { crc32 } from './checksum.ts';
import { Cursor } from './cursor.ts';
import { Refused } from './refused.ts';

/** One stream of an xz file, in bytes from the file's start. */
export interface XzStream {
  readonly start: number;
  readonly end: number;
  /** Bytes unpacked, as its index says. */
  readonly size: number;
}

const HEADER_BYTES = 12;
const LZMA2_FILTER = 0x21;
/** Streams of one file; real ones have one, parallel packers one block each in one stream. */
const MAX_STREAMS = 1000;
/** The dictionary of `xz -9`. More is memory that a few bytes of header would take. */
const MAX_DICTIONARY = 64 * 1024 * 1024;

/**
 * Finds the streams of an xz file by their footers and indexes, and holds each
 * block's dictionary against the limit, before anything is unpacked (The .xz
 * File Format 1.2.1, 2 to 4).
 *
 * Refuses `xz.truncated`, `xz.footer`, `xz.index`, `xz.header`, `xz.filter`
 * (other than LZMA2 alone), `xz.dictionary` and `xz.streams`.
 */
export function findXzStreams(bytes: Uint8Array): readonly XzStream[] {
  const cursor = new Cursor(bytes, 'xz');
  const streams: XzStream[] = [];
  let end = withoutPadding(cursor, bytes.length);
  while (end > 0) {
    if (streams.length >= MAX_STREAMS) throw new Refused('xz.streams', end, 'too many streams');
    const stream = streamEndingAt(cursor, end);
    streams.unshift(stream);
    end = withoutPadding(cursor, stream.start);
  }
  if (streams.length === 0) throw new Refused('xz.truncated', 0, 'no stream is there');
  return streams;
}

/** Stream padding (2.2): zeros, in fours. */
function withoutPadding(cursor: Cursor, end: number): number {
  let at = end;
  while (at >= 4 && cursor.u32(at - 4) === 0) at -= 4;
  return at;
}

function streamEndingAt(cursor: Cursor, end: number): XzStream {
  const footer = end - HEADER_BYTES;
  const isFooter =
    footer >= HEADER_BYTES &&
    cursor.u8(end - 2) === 0x59 &&
    cursor.u8(end - 1) === 0x5a &&
    cursor.u32(footer) === crc32(cursor.piece(footer + 4, 6));
  if (!isFooter) {
    throw new Refused('xz.footer', Math.max(footer, 0), 'no stream ends here; it may be cut off');
  }
  const indexAt = footer - (cursor.u32(footer + 4) + 1) * 4;
  if (indexAt < HEADER_BYTES) throw new Refused('xz.index', footer, 'its index lies outside');
  const blocks = readIndex(cursor, indexAt, footer);
  const packed = blocks.reduce((sum, block) => sum + roundUp(block.packedSize), 0);
  const start = indexAt - packed - HEADER_BYTES;
  if (start < 0 || latin(cursor, start) !== '\xfd7zXZ\0') {
    throw new Refused('xz.header', Math.max(start, 0), 'no stream header where its index says');
  }
  let at = start + HEADER_BYTES;
  for (const block of blocks) {
    checkBlock(cursor, at);
    at += roundUp(block.packedSize);
  }
  return { start, end, size: blocks.reduce((sum, block) => sum + block.size, 0) };
}

interface XzBlock {
  readonly packedSize: number;
  readonly size: number;
}

/** The index (4): for each block its packed and its unpacked size. */
function readIndex(cursor: Cursor, at: number, end: number): readonly XzBlock[] {
  const isIntact = cursor.u32(end - 4) === crc32(cursor.piece(at, end - 4 - at));
  if (cursor.u8(at) !== 0 || !isIntact) throw new Refused('xz.index', at, 'the index is damaged');
  const count = numberAt(cursor, at + 1, end);
  if (count.value > (end - at) / 2) throw new Refused('xz.index', at, 'more blocks than fit');
  const blocks: XzBlock[] = [];
  let next = count.end;
  for (let i = 0; i < count.value; i++) {
    const packed = numberAt(cursor, next, end);
    const size = numberAt(cursor, packed.end, end);
    blocks.push({ packedSize: packed.value, size: size.value });
    next = size.end;
  }
  return blocks;
}

/** Holds a block header (3.1) to one LZMA2 filter with a dictionary within the limit. */
function checkBlock(cursor: Cursor, at: number): void {
  const flags = cursor.u8(at + 1);
  if (cursor.u8(at) === 0 || (flags & 0x3f) !== 0) {
    throw new Refused('xz.filter', at, 'a block is packed with other filters than LZMA2 alone');
  }
  const end = at + (cursor.u8(at) + 1) * 4;
  let next = at + 2;
  if ((flags & 0x40) !== 0) next = numberAt(cursor, next, end).end;
  if ((flags & 0x80) !== 0) next = numberAt(cursor, next, end).end;
  if (cursor.u8(next) !== LZMA2_FILTER || cursor.u8(next + 1) !== 1) {
    throw new Refused('xz.filter', next, `filter 0x${cursor.u8(next).toString(16)}`);
  }
  const dictionary = dictionarySize(cursor.u8(next + 2));
  if (dictionary > MAX_DICTIONARY) {
    throw new Refused('xz.dictionary', next + 2, `a dictionary of ${dictionary} bytes`);
  }
}

/** LZMA2's one byte of properties (5.3.1). */
function dictionarySize(bits: number): number {
  return (2 | (bits & 1)) * 2 ** (Math.floor(bits / 2) + 11);
}

/** A number in groups of seven bits, lowest first (1.2); refused from 2^53. */
function numberAt(cursor: Cursor, at: number, end: number): { value: number; end: number } {
  let value = 0;
  let scale = 1;
  for (let next = at; next < Math.min(at + 9, end); next++) {
    const byte = cursor.u8(next);
    value += (byte & 0x7f) * scale;
    if (!Number.isSafeInteger(value)) break;
    if (byte < 0x80) return { value, end: next + 1 };
    scale *= 128;
  }
  throw new Refused('xz.index', at, 'no number below 2^53');
}

function roundUp(size: number): number {
  return Math.ceil(size / 4) * 4;
}

function latin(cursor: Cursor, at: number): string {
  return String.fromCharCode(...cursor.piece(at, 6));
}
