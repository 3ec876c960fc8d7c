import type { Literal } from '../record.ts';

/** Value of a hex digit by its character code; 16 for anything else. */
export const HEX_VALUE = new Uint8Array(256).fill(16);
for (let value = 0; value < 16; value++) {
  HEX_VALUE[value.toString(16).charCodeAt(0)] = value;
  HEX_VALUE[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** Wildcards, ranges and alternatives of a body signature beside its hex digits. */
const SYNTAX = new Set('?*{}-[]()|!BLW'.split('').map((char) => char.charCodeAt(0)));

/**
 * What is wrong with a body signature between `from` and `to`; undefined where
 * it keeps to the grammar (ClamAV "Body-based Signature Content Format":
 * `??`, `a?`, `*`, `{n-m}`, `[x-y]`, `(aa|bb)`, `!(…)`, `(B)`).
 */
export function hexFault(text: string, from: number, to: number): string | undefined {
  let digits = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 256 && HEX_VALUE[code]! < 16) {
      digits++;
      continue;
    }
    return wildcardFault(text, at, to, digits);
  }
  if (digits === 0) return 'no pattern';
  return digits % 2 === 0 ? undefined : 'half a byte';
}

/** The same from the first character that is no hex digit. */
function wildcardFault(text: string, from: number, to: number, before: number): string | undefined {
  let digits = before;
  let nesting = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 256 && HEX_VALUE[code]! < 16) {
      digits++;
      continue;
    }
    const char = text[at]!;
    if (!SYNTAX.has(code)) return `character ${JSON.stringify(char)}`;
    if (char === '?') {
      digits++;
    } else if (char === '{' || char === '[') {
      const close = text.indexOf(char === '{' ? '}' : ']', at);
      if (close === -1 || close >= to) return `${char} is not closed`;
      at = close;
    } else if (char === '(') {
      nesting++;
    } else if (char === ')') {
      if (--nesting < 0) return ') without (';
    }
  }
  if (nesting > 0) return '( is not closed';
  return digits > 0 || before > 0 ? undefined : 'no pattern';
}

/** Runs of printable characters in hex, at least four bytes long, also where every second byte is 0. */
export function hexLiterals(text: string): Literal[] {
  const found: Literal[] = [];
  for (const run of text.match(/(?:[0-9a-fA-F]{2}){4,}/g) ?? []) {
    let plain = '';
    let wide = '';
    for (let at = 0; at + 1 < run.length; at += 2) {
      const byte = (HEX_VALUE[run.charCodeAt(at)]! << 4) | HEX_VALUE[run.charCodeAt(at + 1)]!;
      plain += String.fromCharCode(byte);
    }
    for (const match of plain.matchAll(/(?:[\x20-\x7e]\0){4,}/g)) {
      wide = match[0].replaceAll('\0', '');
      found.push({ text: wide, written: 'hex-utf16' });
    }
    for (const match of plain.matchAll(/[\x09\x0a\x0d\x20-\x7e\x80-\xff]{4,}/g)) {
      found.push({ text: match[0], written: 'hex' });
    }
  }
  return found;
}
