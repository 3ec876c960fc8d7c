import { type Refused, why } from '@avow/bytes';
import type { Fact, Unread } from '../image.ts';
import { nameAt } from '../text.ts';
import { signerOf } from './authenticode.ts';
import type { PeFile } from './file.ts';
import { DIRECTORY } from './header.ts';
import { versionStrings } from './resources.ts';

/** Debug id, version resource, signer's name, overlay: facts that are not places in code. */
export function readFacts(
  file: PeFile,
  unread: Unread[],
): { facts: Fact[]; buildId: string | undefined } {
  const attempt = <Value>(what: string, fallback: Value, read: () => Value): Value => {
    try {
      return read();
    } catch (error) {
      const { code, message } = why(error);
      unread.push({ what, code, message, offset: (error as Refused).at });
      return fallback;
    }
  };
  const debug = attempt('debug directory', undefined, () => debugId(file));
  const facts: Fact[] = attempt('resources', [] as Fact[], () => versionStrings(file));
  if (debug !== undefined) facts.push({ name: 'pdb', value: debug.path });
  const signer = attempt('certificates', undefined, () => signerOf(file));
  if (signer !== undefined) facts.push({ name: 'signer', value: signer });
  if (file.header.directories[DIRECTORY.clr]?.rva) facts.push({ name: 'runtime', value: '.NET' });
  const overlay = overlaySize(file);
  if (overlay > 0) facts.push({ name: 'overlay', value: `${overlay} bytes` });
  return { facts, buildId: debug?.id };
}

const CODEVIEW = 2;
const RSDS = 0x53445352;

/** CodeView record: GUID and age as debuggers write them, and the PDB's path. */
function debugId(file: PeFile): { id: string; path: string } | undefined {
  const table = file.header.directories[DIRECTORY.debug];
  if (table === undefined || table.rva === 0) return undefined;
  const { cursor } = file;
  const at = file.offset(table.rva);
  for (let row = at; row + 28 <= at + Math.min(table.size, 28 * 64); row += 28) {
    const data = cursor.u32(row + 24);
    if (cursor.u32(row + 12) !== CODEVIEW || cursor.u32(data) !== RSDS) continue;
    const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
    const rest = Array.from(cursor.piece(data + 12, 8), (byte) => hex(byte, 2)).join('');
    const guid =
      hex(cursor.u32(data + 4), 8) + hex(cursor.u16(data + 8), 4) + hex(cursor.u16(data + 10), 4);
    return {
      id: `${guid}${rest}${cursor.u32(data + 20).toString(16)}`,
      path: nameAt(cursor.bytes, data + 24),
    };
  }
  return undefined;
}

/** Bytes after the last section that are not the certificate table: installers keep payloads there. */
function overlaySize(file: PeFile): number {
  const end = file.header.sections.reduce(
    (last, section) => Math.max(last, section.offset + section.fileSize),
    file.header.headersSize,
  );
  const certificates = file.header.directories[DIRECTORY.certificates];
  const rest = file.cursor.length - end;
  return Math.max(0, rest - (certificates?.size ?? 0));
}
