import { type NativeImage, offsetOf, sectionAt } from './image.ts';

/** Text longer than this is cut: arguments worth showing are shorter. */
const MAX_TEXT = 1024;

/** How long a text must be to be believed; `getenv("HOME")` is four. */
const MIN_TEXT = 2;

/**
 * The text that an address points to, where it looks like one: printable and
 * zero-terminated, in 8-bit characters or in UTF-16LE; or that of a constant of
 * Core Foundation (`@"…"`, CFString.c: class, flags, characters, length).
 * Undefined otherwise.
 */
export function textAt(image: NativeImage, rva: number): string | undefined {
  const offset = offsetOf(image, rva);
  if (offset === undefined) return undefined;
  const text = wideTextAt(image.bytes, offset) ?? narrowTextAt(image.bytes, offset);
  return text === undefined && image.format === 'macho' ? constantAt(image, rva) : text;
}

function constantAt(image: NativeImage, rva: number): string | undefined {
  if (sectionAt(image, rva)?.name.endsWith(',__cfstring') !== true) return undefined;
  const characters = image.pointerAt(rva + (image.bits / 8) * 2);
  const offset = characters === undefined ? undefined : offsetOf(image, characters);
  if (offset === undefined) return undefined;
  return wideTextAt(image.bytes, offset) ?? narrowTextAt(image.bytes, offset);
}

/** Zero-terminated printable ASCII at a file offset. */
export function narrowTextAt(bytes: Uint8Array, offset: number): string | undefined {
  let text = '';
  const end = Math.min(bytes.length, offset + MAX_TEXT);
  for (let at = offset; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0) return text.length >= MIN_TEXT ? text : undefined;
    if (!isPrintable(byte)) return undefined;
    text += String.fromCharCode(byte);
  }
  return text.length === MAX_TEXT ? text : undefined;
}

/** Zero-terminated UTF-16LE of printable ASCII at a file offset; what Windows calls are given. */
export function wideTextAt(bytes: Uint8Array, offset: number): string | undefined {
  let text = '';
  const end = Math.min(bytes.length - 1, offset + MAX_TEXT * 2);
  for (let at = offset; at < end; at += 2) {
    if (bytes[at + 1] !== 0) return undefined;
    const byte = bytes[at]!;
    if (byte === 0) return text.length >= MIN_TEXT ? text : undefined;
    if (!isPrintable(byte)) return undefined;
    text += String.fromCharCode(byte);
  }
  return text.length === MAX_TEXT ? text : undefined;
}

/** A text without a terminator, of a length given beside it: Go and Rust slices. */
export function sliceAt(image: NativeImage, rva: number, length: number): string | undefined {
  if (!(length >= MIN_TEXT && length <= MAX_TEXT)) return undefined;
  const offset = offsetOf(image, rva);
  if (offset === undefined || offset + length > image.bytes.length) return undefined;
  let text = '';
  for (let at = offset; at < offset + length; at += 1) {
    const byte = image.bytes[at]!;
    if (!isPrintable(byte)) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
