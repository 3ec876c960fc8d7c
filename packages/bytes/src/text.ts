const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const UTF16LE = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });
const UTF16BE = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true });
const UTF8_ENCODER = new TextEncoder();

/** Bytes 0x80 to 0xff of IBM code page 437, the ZIP format's default (APPNOTE 6.3.10, D.1). */
const CP437_HIGH =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1';

export interface DecodedText {
  /** Without the byte order mark. */
  readonly text: string;
  readonly encoding: TextEncoding;
  /** A byte order mark was there. */
  readonly isMarked: boolean;
}

/** The UTF-8 of a text. */
export function utf8Bytes(text: string): Uint8Array {
  return UTF8_ENCODER.encode(text);
}

/**
 * Writes the UTF-8 of a text into `bytes` and gives its length, or undefined
 * when it does not fit (three bytes a code unit always do).
 */
export function utf8Into(text: string, bytes: Uint8Array): number | undefined {
  const { read, written } = UTF8_ENCODER.encodeInto(text, bytes);
  return read === text.length ? written : undefined;
}

/** Text of well-formed UTF-8 (RFC 3629), a byte order mark kept; undefined for anything else. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  return decoded(UTF8, bytes);
}

/** Each byte as the code point of the same number (ISO 8859-1 with its control characters). */
export function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Text in code page 437; bytes below 0x80 are ASCII. */
export function cp437Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += byte < 0x80 ? String.fromCharCode(byte) : CP437_HIGH[byte - 0x80];
  }
  return text;
}

/**
 * Text of a file: by its byte order mark, else as UTF-8, else as Latin-1.
 *
 * Every input has a reading, since Latin-1 gives each byte one; `encoding`
 * says which was taken. Malformed UTF-16 after its mark is read as Latin-1.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) {
    const text = decoded(UTF16LE, bytes.subarray(2));
    if (text !== undefined) return { text, encoding: 'utf-16le', isMarked: true };
  }
  if (first === 0xfe && second === 0xff) {
    const text = decoded(UTF16BE, bytes.subarray(2));
    if (text !== undefined) return { text, encoding: 'utf-16be', isMarked: true };
  }
  const isMarked = first === 0xef && second === 0xbb && third === 0xbf;
  const text = decoded(UTF8, isMarked ? bytes.subarray(3) : bytes);
  if (text !== undefined) return { text, encoding: 'utf-8', isMarked };
  return { text: latin1Text(bytes), encoding: 'latin-1', isMarked: false };
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
