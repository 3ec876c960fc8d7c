import { latin1Text, utf8Text } from '@avow/bytes';
import type { PeFile } from './file.ts';
import { DIRECTORY } from './header.ts';

const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03];
/** A PKCS #7 of a signed file; larger is not looked through. */
const MAX_BYTES = 1 << 20;

/**
 * The common name of the first subject that is not a certificate authority's
 * issuer, from the Authenticode signature (PE format, "The Attribute
 * Certificate Table"). It is shown, never trusted: the signature is not
 * verified here.
 */
export function signerOf(file: PeFile): string | undefined {
  const table = file.header.directories[DIRECTORY.certificates];
  if (table === undefined || table.rva === 0 || table.size < 8) return undefined;
  // This directory alone holds a file offset, not an RVA.
  const bytes = file.cursor.piece(table.rva, Math.min(table.size, MAX_BYTES));
  const names = commonNames(bytes);
  const issuers = new Set(names.filter((_, index) => index % 2 === 0));
  return names.find((name) => !issuers.has(name)) ?? names[1];
}

/** Common names in order of appearance: issuer and subject of each certificate by turns. */
function commonNames(bytes: Uint8Array): string[] {
  const names: string[] = [];
  for (let at = bytes.indexOf(0x06); at >= 0; at = bytes.indexOf(0x06, at + 1)) {
    if (!COMMON_NAME.every((byte, index) => bytes[at + index] === byte)) continue;
    const length = bytes[at + 6] ?? 0;
    if (length >= 0x80) continue;
    const value = bytes.subarray(at + 7, at + 7 + length);
    names.push(bytes[at + 5] === 0x0c ? (utf8Text(value) ?? latin1Text(value)) : latin1Text(value));
  }
  return names;
}
