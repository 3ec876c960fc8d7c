import { Cursor, latin1Text, Refused } from '@avow/bytes';
import type { FileEntry } from './entry.ts';
import { decodeName } from './names.ts';

const GLOBAL_HEADER = '!<arch>\n';
const HEADER_BYTES = 60;

/**
 * Reads an `ar` archive, with the long names of GNU (`//` table) and BSD
 * (`#1/LENGTH`); symbol tables are left out (ar(5) of FreeBSD, bfd of binutils 2.40).
 *
 * Refuses `ar.header`, `ar.number`, `ar.name` and `ar.truncated`; the last one
 * after what is there of the member, where `isCutGiven` asks for that.
 */
export function* readAr(bytes: Uint8Array, isCutGiven = false): Generator<FileEntry> {
  const cursor = new Cursor(bytes, 'ar');
  let names = new Uint8Array(0) as Uint8Array;
  for (let at = GLOBAL_HEADER.length; at < bytes.length; ) {
    if (cursor.u8(at + 58) !== 0x60 || cursor.u8(at + 59) !== 0x0a) {
      throw new Refused('ar.header', at, 'no member header');
    }
    const size = decimal(cursor, at + 48, 10);
    const dataAt = at + HEADER_BYTES;
    const isCut = isCutGiven && dataAt + size > bytes.length;
    const data = isCut ? bytes.subarray(dataAt) : cursor.piece(dataAt, size);
    const name = latin1Text(cursor.piece(at, 16)).trimEnd();
    if (name === '//') names = data;
    else if (!isSymbolTable(name)) yield memberOf(name, data, dataAt, names);
    cursor.need(dataAt, size);
    at += HEADER_BYTES + size + (size % 2);
  }
}

/** True where the bytes are a Debian package: its first member says so (deb(5)). */
export function isDeb(bytes: Uint8Array): boolean {
  return isAr(bytes) && latin1Text(bytes.subarray(8, 21)) === 'debian-binary';
}

export function isAr(bytes: Uint8Array): boolean {
  return latin1Text(bytes.subarray(0, 8)) === GLOBAL_HEADER;
}

function isSymbolTable(name: string): boolean {
  return name === '/' || name === '/SYM64/' || name.startsWith('__.SYMDEF');
}

function memberOf(name: string, data: Uint8Array, at: number, names: Uint8Array): FileEntry {
  const bsd = /^#1\/([0-9]{1,10})$/.exec(name);
  if (bsd !== null) {
    const length = Number(bsd[1]);
    if (length > data.length) throw new Refused('ar.name', at, 'the name is longer than the data');
    return entry(untilNul(data.subarray(0, length)), data.subarray(length), at + length);
  }
  const gnu = /^\/([0-9]{1,10})$/.exec(name);
  if (gnu !== null) return entry(longName(names, Number(gnu[1]), at), data, at);
  const plain = name.endsWith('/') ? name.slice(0, -1) : name;
  return entry(
    Uint8Array.from(plain, (letter) => letter.charCodeAt(0)),
    data,
    at,
  );
}

function entry(nameBytes: Uint8Array, data: Uint8Array, offset: number): FileEntry {
  const { name, oddities } = decodeName(nameBytes, 'latin-1');
  return { name, size: data.length, offset, oddities, read: () => data };
}

/** A name in GNU's table, ended by `/` and a line feed. */
function longName(names: Uint8Array, start: number, at: number): Uint8Array {
  const end = names.indexOf(0x0a, start);
  if (start >= names.length || end < 0) {
    throw new Refused('ar.name', at, `no name at ${start} of the name table`);
  }
  return names.subarray(start, names[end - 1] === 0x2f ? end - 1 : end);
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function decimal(cursor: Cursor, at: number, length: number): number {
  const text = latin1Text(cursor.piece(at, length)).trimEnd();
  if (!/^[0-9]{1,10}$/.test(text)) throw new Refused('ar.number', at, 'the size is not decimal');
  return Number(text);
}
