import { MAX_TEXT } from '../budget.ts';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64_CODES: Readonly<Record<string, number>> = Object.fromEntries([
  ...[...BASE64].map((char, code) => [char, code]),
  ['-', 62],
  ['_', 63],
]);

/** Bytes of base64 or base64url (RFC 4648) as Node takes it: ends at `=`, skips what is no digit. */
export function bytesOfBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const char of text) {
    if (char === '=') break;
    const code = BASE64_CODES[char];
    if (code === undefined) continue;
    bits = ((bits << 6) | code) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

/** Bytes of pairs of hex digits, as far as they go. */
export function bytesOfHex(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at + 1 < text.length; at += 2) {
    const pair = text.slice(at, at + 2);
    if (!/^[0-9a-fA-F]{2}$/.test(pair)) break;
    bytes.push(Number.parseInt(pair, 16));
  }
  return Uint8Array.from(bytes);
}

export function bytesOfLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
}

export function latin1Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** UTF-8 (RFC 3629); what is malformed becomes U+FFFD. */
export function utf8Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    const size = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    let code = size === 1 ? first : first & (0xff >> (size + 1));
    for (let next = 1; next < size; next += 1) code = (code << 6) | (bytes[at + next]! & 0x3f);
    const isWhole = size > 0 && at + size <= bytes.length && code <= 0x10ffff;
    text += isWhole ? String.fromCodePoint(code) : '\ufffd';
    at += isWhole ? size : 1;
  }
  return text;
}

export function utf8Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return Uint8Array.from(bytes);
}

/** Bytes of a text in one of `Buffer`'s encodings; undefined for another. */
export function bytesIn(encoding: string, text: string): Uint8Array | undefined {
  if (text.length > MAX_TEXT) return undefined;
  switch (encoding.toLowerCase()) {
    case 'base64':
    case 'base64url':
      return bytesOfBase64(text);
    case 'hex':
      return bytesOfHex(text);
    case 'latin1':
    case 'binary':
    case 'ascii':
      return bytesOfLatin1(text);
    case 'utf8':
    case 'utf-8':
      return utf8Bytes(text);
    default:
      return undefined;
  }
}

const BASE64_PADDING = ['', '==', '='];

export function textIn(encoding: string, bytes: Uint8Array): string | undefined {
  switch (encoding.toLowerCase()) {
    case 'utf8':
    case 'utf-8':
      return utf8Of(bytes);
    case 'latin1':
    case 'binary':
    case 'ascii':
      return latin1Of(bytes);
    case 'hex':
      return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    case 'base64': {
      let text = '';
      for (let at = 0; at < bytes.length; at += 3) {
        const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
        text += BASE64[group >> 18]! + BASE64[(group >> 12) & 63]!;
        if (at + 1 < bytes.length) text += BASE64[(group >> 6) & 63]!;
        if (at + 2 < bytes.length) text += BASE64[group & 63]!;
      }
      return text + BASE64_PADDING[bytes.length % 3]!;
    }
    default:
      return undefined;
  }
}
