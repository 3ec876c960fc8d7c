import type { ImageMemory } from '../code/memory.ts';

/** Shorter texts are taken for chance. */
export const MIN_TEXT = 4;

/** A text that is not over by then is none. */
const MAX_TEXT = 4_096;

/** Printable ASCII and tab, line feed, carriage return. */
function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** The text that stands at an RVA, zero-terminated, in 8 or 16-bit characters. */
export function referredText(memory: ImageMemory, rva: number): string | undefined {
  const bytes = memory.bytes(rva, MAX_TEXT * 2);
  if (bytes === undefined || bytes.length < MIN_TEXT || !isPrintable(bytes[0]!)) return undefined;
  return bytes[1] === 0 ? wideText(bytes) : narrowText(bytes);
}

function narrowText(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  if (end < MIN_TEXT || end > MAX_TEXT) return undefined;
  for (let at = 0; at < end; at += 1) if (!isPrintable(bytes[at]!)) return undefined;
  return latin1(bytes.subarray(0, end));
}

function wideText(bytes: Uint8Array): string | undefined {
  const units: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const unit = bytes[at]! | (bytes[at + 1]! << 8);
    if (unit === 0) return units.length < MIN_TEXT ? undefined : String.fromCharCode(...units);
    if (!isPrintable(unit)) return undefined;
    units.push(unit);
  }
  return undefined;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** Every text of at least four characters in a file, in 8 and in 16 bits, with its offset. */
export function* fileTexts(bytes: Uint8Array): Generator<{ at: number; text: string }> {
  yield* runsOf(bytes, 1);
  yield* runsOf(bytes, 2);
}

/** Characters of one run: what is longer is cut, and is data. */
const MAX_RUN = 16_384;

function* runsOf(bytes: Uint8Array, step: 1 | 2): Generator<{ at: number; text: string }> {
  let start = -1;
  for (let at = 0; at <= bytes.length; ) {
    const isText = at < bytes.length && isLine(bytes[at]!) && (step === 1 || bytes[at + 1] === 0);
    if (isText && start < 0) start = at;
    const length = start < 0 ? 0 : (at - start) / step;
    if (start >= 0 && (!isText || length === MAX_RUN)) {
      if (length >= MIN_TEXT) yield { at: start, text: textOf(bytes, start, length, step) };
      start = -1;
    }
    at += isText ? step : 1;
  }
}

/** As printable, without line ends: that is how tools list the texts of a file. */
function isLine(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09;
}

function textOf(bytes: Uint8Array, start: number, length: number, step: 1 | 2): string {
  if (step === 1) return latin1(bytes.subarray(start, start + length));
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text += String.fromCharCode(bytes[start + index * 2]!);
  }
  return text;
}
