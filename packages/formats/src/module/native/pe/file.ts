import { Cursor, Refused } from '@avow/bytes';
import { type MappedRange, offsetOf } from '../image.ts';
import { mappedRanges, type PeHeader, readPeHeader } from './header.ts';

/** A PE file with its headers read: what each table's reader is given. */
export class PeFile {
  readonly cursor: Cursor;
  readonly header: PeHeader;
  readonly ranges: readonly MappedRange[];

  constructor(bytes: Uint8Array) {
    this.cursor = new Cursor(bytes, 'pe');
    this.header = readPeHeader(bytes);
    this.ranges = mappedRanges(this.header, bytes.length);
  }

  /** File offset of an RVA. Refuses `pe.address` where the file has no bytes for it. */
  offset(rva: number): number {
    const offset = offsetOf(this, rva);
    if (offset === undefined) {
      throw new Refused('pe.address', undefined, `0x${rva.toString(16)} is not in the file`);
    }
    return offset;
  }
}
