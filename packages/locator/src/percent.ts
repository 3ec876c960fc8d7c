/**
 * Percent-encoding as purl-spec's "Character encoding" has it: ASCII letters,
 * digits, `.`, `-`, `_`, `~` and `:` stand for themselves, everything else is
 * UTF-8 in upper-case `%XX`.
 *
 * We add `(` and `)`, which the version suffixes of some makers carry
 * (`21.3.10.391(c)`) and which packageurl-js leaves alone too: decision 0080.
 */
const PLAIN = /^[A-Za-z0-9._~:()-]*$/;
const NOT_PLAIN = /[^A-Za-z0-9._~:()-]/gu;

/** Names of places (symbols, sections, record ids) are not within a purl and stay more readable. */
const NAME_PLAIN = /^[A-Za-z0-9._~:()!$&'*,;=@/-]*$/;
const NAME_NOT_PLAIN = /[^A-Za-z0-9._~:()!$&'*,;=@/-]/gu;

const HEX = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);

/** One segment, version, or qualifier value. */
export function encodeSegment(text: string): string {
  return PLAIN.test(text) ? text : text.replace(NOT_PLAIN, utf8Percent);
}

/** A symbol, section or record id: `+` is encoded, for it starts the offset. */
export function encodeName(text: string): string {
  return NAME_PLAIN.test(text) ? text : text.replace(NAME_NOT_PLAIN, utf8Percent);
}

/** The decoded text; undefined where `%` is not followed by two hex digits or the bytes are not UTF-8. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A lone surrogate cannot be UTF-8; it is written as U+FFFD, as every encoder does. */
function utf8Percent(character: string): string {
  const code = character.codePointAt(0)!;
  const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  if (point < 0x80) return HEX[point]!;
  if (point < 0x800) return HEX[0xc0 | (point >> 6)]! + HEX[0x80 | (point & 63)]!;
  const tail = HEX[0x80 | ((point >> 6) & 63)]! + HEX[0x80 | (point & 63)]!;
  if (point < 0x10000) return HEX[0xe0 | (point >> 12)]! + tail;
  return HEX[0xf0 | (point >> 18)]! + HEX[0x80 | ((point >> 12) & 63)]! + tail;
}
