import { latin1Text, Refused, utf8Text } from '@avow/bytes';

/** Bytes of one extended header; real ones have a few hundred, and each is held in memory. */
export const MAX_PAX_BYTES = 1024 * 1024;

/** What a pax extended header overrides, as far as a reader needs it. */
export interface PaxFields {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
  /** It describes a sparse file, by any of GNU's ways. */
  readonly isSparse?: boolean;
}

/**
 * Reads extended header records, `LENGTH KEY=VALUE\n` (POSIX.1-2017, pax,
 * "pax Extended Header"). Of two with one key the later counts; an empty value
 * takes back what a global header said.
 *
 * Values that are not UTF-8 are read as Latin-1. Refuses `tar.pax` at the
 * record, in bytes from the archive's start (`at` is that of `bytes`).
 */
export function readPax(bytes: Uint8Array, at: number, before: PaxFields = {}): PaxFields {
  const fields: { -readonly [Field in keyof PaxFields]: PaxFields[Field] } = { ...before };
  let offset = 0;
  while (offset < bytes.length) {
    const record = paxRecord(bytes, offset, at);
    if (record.key === 'path' || record.key === 'linkpath') {
      if (record.value === '') delete fields[record.key];
      else fields[record.key] = record.value;
    } else if (record.key === 'size') {
      if (record.value === '') delete fields.size;
      else fields.size = paxSize(record.value, at + offset);
    } else if (record.key.startsWith('GNU.sparse.')) {
      fields.isSparse = true;
    }
    offset += record.length;
  }
  return fields;
}

interface PaxRecord {
  readonly length: number;
  readonly key: string;
  readonly value: string;
}

function paxRecord(bytes: Uint8Array, offset: number, at: number): PaxRecord {
  const space = bytes.subarray(offset, offset + 9).indexOf(0x20);
  const digits = latin1Text(bytes.subarray(offset, offset + Math.max(space, 0)));
  const length = /^[1-9][0-9]*$/.test(digits) ? Number(digits) : 0;
  const start = offset + space + 1;
  const end = offset + length - 1;
  const equals = bytes.subarray(start, Math.max(start, end)).indexOf(0x3d);
  if (length === 0 || equals < 1 || bytes[end] !== 0x0a) {
    throw new Refused('tar.pax', at + offset, 'no record of an extended header: LENGTH KEY=VALUE');
  }
  return {
    length,
    key: paxText(bytes.subarray(start, start + equals)),
    value: paxText(bytes.subarray(start + equals + 1, end)),
  };
}

function paxSize(value: string, at: number): number {
  const size = /^[0-9]{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) {
    throw new Refused('tar.pax', at, `the size is no number below 2^53: ${value.slice(0, 40)}`);
  }
  return size;
}

function paxText(bytes: Uint8Array): string {
  return utf8Text(bytes) ?? latin1Text(bytes);
}
