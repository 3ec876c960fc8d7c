import { utf8Text } from './text.ts';

/**
 * Text in which each character is one byte (ISO 8859-1), as bytes again: what
 * `latin1Text` gave. Characters from U+0100 have no such byte; their low eight
 * bits are taken.
 */
export function latin1Bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** True where every character is below U+0080. */
export function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/**
 * The text of which `latin1Text` gave the bytes: as UTF-8 where they are
 * well-formed, as Latin-1 where they are not.
 */
export function textOfLatin1(text: string): string {
  return isAscii(text) ? text : (utf8Text(latin1Bytes(text)) ?? text);
}
