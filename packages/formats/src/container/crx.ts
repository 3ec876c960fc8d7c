import { Cursor, Refused, sha256 } from '@avow/bytes';
import type { Entry } from './entry.ts';
import { fieldsOf } from './protobuf.ts';
import { readZip } from './zip.ts';
import { endsAsZip } from './zip-end.ts';

/** What a Chrome extension package says before its archive. */
export interface CrxFacts {
  readonly version: 2 | 3;
  /** Extension id: 32 letters from a to p. */
  readonly id: string;
  /** Where the ZIP archive starts. */
  readonly zipAt: number;
}

/** Bytes of a header; real ones have some thousand, with several keys and Google's own contents list. */
const MAX_CRX_HEADER = 1024 * 1024;
/** Field numbers of CrxFileHeader and its parts (Chromium, components/crx_file/crx3.proto). */
const PROOFS: ReadonlySet<number> = new Set([2, 3]);
const SIGNED_HEADER_DATA = 10000;
const PUBLIC_KEY = 1;
const CRX_ID = 1;

/**
 * Reads the header of a CRX file, version 2 or 3 (Chromium, components/crx_file).
 *
 * The id is the first 16 bytes of the SHA-256 of the developer's public key;
 * in version 3 the signed header names it, and one of the keys must yield it.
 * No signature is verified here. Refuses `crx.version`, `crx.header`,
 * `crx.no-key` and `crx.truncated`.
 */
export function readCrxFacts(bytes: Uint8Array): CrxFacts {
  const cursor = new Cursor(bytes, 'crx');
  const version = cursor.u32(4);
  if (version === 2) return readVersion2(cursor);
  if (version === 3) return readVersion3(cursor);
  throw new Refused('crx.version', 4, `version ${version}; 2 and 3 are read`);
}

/**
 * The members of the extension; offsets are from the start of the CRX file.
 * Refuses as `readCrxFacts`, after the members of the archive that is there all
 * the same, and as `readZip`.
 */
export function* readCrx(bytes: Uint8Array): Generator<Entry> {
  let zipAt: number;
  try {
    ({ zipAt } = readCrxFacts(bytes));
  } catch (error) {
    // What stands before the archive is the header, and no member.
    if (endsAsZip(bytes)) yield* readZip(bytes, bytes.length);
    throw error;
  }
  yield* readZip(bytes, zipAt);
}

function readVersion2(cursor: Cursor): CrxFacts {
  const keyLength = bounded(cursor, 8);
  const signatureLength = bounded(cursor, 12);
  const key = cursor.piece(16, keyLength);
  const zipAt = 16 + keyLength + signatureLength;
  cursor.need(zipAt, 0);
  return { version: 2, id: idText(sha256(key).subarray(0, 16)), zipAt };
}

function readVersion3(cursor: Cursor): CrxFacts {
  const length = bounded(cursor, 8);
  const keys: Uint8Array[] = [];
  let id: Uint8Array | undefined;
  for (const field of fieldsOf(cursor.piece(12, length), 12)) {
    if (PROOFS.has(field.number)) {
      for (const part of fieldsOf(field.bytes, field.at)) {
        if (part.number === PUBLIC_KEY) keys.push(part.bytes);
      }
    } else if (field.number === SIGNED_HEADER_DATA) {
      for (const part of fieldsOf(field.bytes, field.at)) {
        if (part.number === CRX_ID) id = part.bytes;
      }
    }
  }
  if (id?.length !== 16) {
    throw new Refused('crx.header', 12, 'the signed header has no id of 16 bytes');
  }
  const text = idText(id);
  if (!keys.some((key) => idText(sha256(key).subarray(0, 16)) === text)) {
    throw new Refused('crx.no-key', 12, `none of its keys is that of extension ${text}`);
  }
  return { version: 3, id: text, zipAt: 12 + length };
}

function bounded(cursor: Cursor, at: number): number {
  const length = cursor.u32(at);
  if (length > MAX_CRX_HEADER) throw new Refused('crx.header', at, `${length} bytes of header`);
  return length;
}

/** Hexadecimal with the letters a to p for its digits. */
function idText(id: Uint8Array): string {
  let text = '';
  for (const byte of id) text += letter(byte >> 4) + letter(byte & 15);
  return text;
}

function letter(digit: number): string {
  return String.fromCharCode(0x61 + digit);
}
