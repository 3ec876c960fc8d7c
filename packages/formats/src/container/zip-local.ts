import { Cursor, inflateRawTaken, Refused, unzstd, type Why } from '@avow/bytes';
import type { Entry, FileEntry } from './entry.ts';
import { decodeName } from './names.ts';

const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;
const IS_ENCRYPTED = 1 << 0;
const HAS_DESCRIPTOR = 1 << 3;
const IN_ZIP64 = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const ZSTANDARD = 93;
/** Members whose end nobody knows and whose data is damaged: each may be unpacked to the end of the file before that shows. */
const MAX_LOST_ENDS = 16;

/**
 * The members of a ZIP archive whose central directory cannot be read, by their
 * local headers (APPNOTE 6.3.10, 4.3.7), from `from` on: what is there of an
 * archive that was cut.
 *
 * Nobody can say whether the directory would have named them, so the caller
 * tells that it could not be read. A header is looked for where the member
 * before it ends, else at the next signature. Folders are left out. A member
 * that is cut, encrypted, or of a size that only the directory has is unread.
 * After 16 whose end was not found nothing more is looked for.
 */
export function* readLocalMembers(bytes: Uint8Array, from: number): Generator<Entry> {
  const cursor = new Cursor(bytes, 'zip');
  let lostEnds = 0;
  for (let at = nextHeader(bytes, from); at >= 0 && lostEnds < MAX_LOST_ENDS; ) {
    const header = readHeader(cursor, at);
    if (header === undefined) {
      at = nextHeader(bytes, at + 4);
      continue;
    }
    const taken: Taken = { end: undefined };
    const isFolder = header.name.endsWith('/') && header.size === 0;
    if (!isFolder) yield entryOf(cursor, header, taken);
    if (header.end === undefined && taken.end === undefined) lostEnds++;
    at = nextHeader(bytes, taken.end ?? header.end ?? header.dataAt);
  }
}

/** Where a member's data was found to end, once it was read. */
interface Taken {
  end: number | undefined;
}

interface LocalHeader {
  readonly at: number;
  readonly name: string;
  readonly oddities: readonly Why[];
  readonly flags: number;
  readonly method: number;
  readonly dataAt: number;
  /** Unpacked; undefined where it stands behind the data. */
  readonly size: number | undefined;
  /** Of the packed data; undefined where nobody has said it yet. */
  readonly end: number | undefined;
}

function nextHeader(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x50, from); at >= 0; at = bytes.indexOf(0x50, at + 1)) {
    if (bytes[at + 1] === 0x4b && bytes[at + 2] === 0x03 && bytes[at + 3] === 0x04) return at;
  }
  return -1;
}

/** Undefined where the bytes end within the header: of a cut name there is nothing to tell. */
function readHeader(cursor: Cursor, at: number): LocalHeader | undefined {
  if (at + HEADER_BYTES > cursor.length || cursor.u32(at) !== LOCAL_HEADER_SIGNATURE)
    return undefined;
  const nameLength = cursor.u16(at + 26);
  const dataAt = at + HEADER_BYTES + nameLength + cursor.u16(at + 28);
  if (dataAt > cursor.length) return undefined;
  const flags = cursor.u16(at + 6);
  const packedSize = cursor.u32(at + 18);
  const size = cursor.u32(at + 22);
  const isSaid = (flags & HAS_DESCRIPTOR) === 0 && packedSize !== IN_ZIP64 && size !== IN_ZIP64;
  return {
    at,
    ...decodeName(cursor.piece(at + HEADER_BYTES, nameLength), 'cp437'),
    flags,
    method: cursor.u16(at + 8),
    dataAt,
    size: isSaid ? size : undefined,
    end: isSaid ? dataAt + packedSize : undefined,
  };
}

function entryOf(cursor: Cursor, header: LocalHeader, taken: Taken): Entry {
  const { name, size, dataAt, oddities } = header;
  const refused = refusalOf(cursor, header);
  if (refused !== undefined) {
    const { code, found: message, at } = refused;
    const place = at === undefined ? {} : { at: `0x${at.toString(16)}` };
    return { path: name, size, offset: header.at, why: { code, message, ...place } };
  }
  const read: FileEntry['read'] = (maxBytes) => {
    const { bytes, end } = unpack(cursor, header, maxBytes);
    taken.end = end;
    return bytes;
  };
  return { name, size, offset: dataAt, oddities, read };
}

function refusalOf(cursor: Cursor, header: LocalHeader): Refused | undefined {
  const { at, flags, method, end } = header;
  if ((flags & IS_ENCRYPTED) !== 0) return new Refused('zip.encrypted', at, 'it is encrypted');
  if (method !== STORED && method !== DEFLATED && method !== ZSTANDARD) {
    return new Refused('zip.method', at + 8, `packed with method ${method}`);
  }
  if (end === undefined && method !== DEFLATED) {
    return new Refused(
      'zip.size',
      at + 18,
      'only the directory, which cannot be read, has its size',
    );
  }
  if (end !== undefined && end > cursor.length) {
    return new Refused('zip.truncated', at, `it ends at ${end}, the archive at ${cursor.length}`);
  }
  return undefined;
}

/** Refuses as `inflateRaw` and `unzstd`, and `zip.size`. */
function unpack(
  cursor: Cursor,
  { at, method, size, dataAt, end }: LocalHeader,
  maxBytes: number,
): { readonly bytes: Uint8Array; readonly end: number } {
  if (end === undefined || size === undefined) {
    const { bytes, taken } = inflateRawTaken(cursor.bytes.subarray(dataAt), maxBytes);
    return { bytes, end: dataAt + taken };
  }
  const packed = cursor.piece(dataAt, end - dataAt);
  const bytes =
    method === STORED
      ? packed
      : method === DEFLATED
        ? inflateRawTaken(packed, size).bytes
        : unzstd(packed, size);
  if (bytes.length !== size) {
    throw new Refused('zip.size', at + 22, `${bytes.length} bytes unpacked, ${size} stated`);
  }
  return { bytes, end };
}
