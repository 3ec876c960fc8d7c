/**
 * Writers of small archives for the readers' tests and fuzzers. They write what
 * they are told, right or wrong: every header field can be overridden.
 */
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';

export interface File {
  readonly name: string | Uint8Array;
  readonly data?: string | Uint8Array;
}

export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data;
}

export function concat(...pieces: readonly (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces.map(bytesOf)));
}

export function u16(value: number): Uint8Array {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export function u64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

// tar

export interface TarFile extends File {
  readonly type?: string;
  readonly link?: string;
  readonly prefix?: string;
  readonly magic?: string;
  /** The size field as it is to stand there, 12 bytes. */
  readonly sizeField?: Uint8Array;
  readonly checksum?: number;
}

export function tarHeader(file: TarFile): Uint8Array {
  const block = Buffer.alloc(512);
  Buffer.from(bytesOf(file.name)).copy(block, 0, 0, 100);
  block.write('0000644\0', 100);
  const size = bytesOf(file.data ?? '').length;
  Buffer.from(file.sizeField ?? Buffer.from(`${size.toString(8).padStart(11, '0')}\0`)).copy(
    block,
    124,
  );
  block.write('        ', 148);
  block.write(file.type ?? '0', 156, 'latin1');
  block.write(file.link ?? '', 157, 100);
  block.write(file.magic ?? 'ustar\x0000', 257, 'latin1');
  block.write(file.prefix ?? '', 345, 155);
  const sum = file.checksum ?? block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

export function tarMember(file: TarFile): Uint8Array {
  const data = bytesOf(file.data ?? '');
  return concat(tarHeader(file), data, new Uint8Array((512 - (data.length % 512)) % 512));
}

export function tarOf(...files: readonly TarFile[]): Uint8Array {
  return concat(...files.map(tarMember), new Uint8Array(1024));
}

export function paxRecord(key: string, value: string): string {
  const body = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(body);
  let length = bytes + 1;
  while (String(length).length + bytes !== length) length++;
  return `${length}${body}`;
}

// ZIP

export interface ZipFile extends File {
  readonly method?: number;
  readonly flags?: number;
  readonly packed?: Uint8Array;
  readonly size?: number;
  readonly packedSize?: number;
  readonly checksum?: number;
  readonly extra?: Uint8Array;
  readonly mode?: number;
  /** Offset of the local header, as the directory is to state it. */
  readonly headerAt?: number;
  readonly local?: { name?: string; method?: number; size?: number; signature?: number };
}

export interface ZipShape {
  readonly comment?: string | Uint8Array;
  readonly prefix?: Uint8Array;
  /** Offsets count from the archive's own start, not the file's. */
  readonly isPrefixUncounted?: boolean;
  readonly isZip64?: boolean;
  readonly count?: number;
  readonly directorySize?: number;
  readonly directoryAt?: number;
}

export function zipOf(files: readonly ZipFile[], shape: ZipShape = {}): Uint8Array {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  const base = shape.isPrefixUncounted ? 0 : (shape.prefix?.length ?? 0);
  let at = base;
  for (const file of files) {
    const local = zipLocal(file);
    directory.push(zipEntry(file, file.headerAt ?? at));
    pieces.push(local);
    at += local.length;
  }
  const listed = concat(...directory);
  const end = zipEnd(shape, files.length, listed.length, at);
  return concat(shape.prefix ?? '', ...pieces, listed, end);
}

function zipFields(file: ZipFile) {
  const data = bytesOf(file.data ?? '');
  const method = file.method ?? 0;
  const packed = file.packed ?? (method === 8 ? deflateRawSync(data) : data);
  return {
    method,
    packed,
    size: file.size ?? data.length,
    packedSize: file.packedSize ?? packed.length,
    checksum: file.checksum ?? crc32(data),
    flags: file.flags ?? 0x800,
    name: bytesOf(file.name),
  };
}

function zipLocal(file: ZipFile): Uint8Array {
  const { method, packed, size, packedSize, checksum, flags, name } = zipFields(file);
  const localName = file.local?.name === undefined ? name : bytesOf(file.local.name);
  return concat(
    u32(file.local?.signature ?? 0x04034b50),
    u16(20),
    u16(flags),
    u16(file.local?.method ?? method),
    u32(0),
    u32(checksum),
    u32(packedSize),
    u32(file.local?.size ?? size),
    u16(localName.length),
    u16(0),
    localName,
    packed,
  );
}

function zipEntry(file: ZipFile, headerAt: number): Uint8Array {
  const { method, size, packedSize, checksum, flags, name } = zipFields(file);
  const extra = file.extra ?? new Uint8Array(0);
  return concat(
    u32(0x02014b50),
    u16(file.mode === undefined ? 20 : 0x0314),
    u16(20),
    u16(flags),
    u16(method),
    u32(0),
    u32(checksum),
    u32(packedSize),
    u32(size),
    u16(name.length),
    u16(extra.length),
    u16(0),
    u16(0),
    u16(0),
    u32((file.mode ?? 0) * 65536),
    u32(headerAt),
    name,
    extra,
  );
}

function zipEnd(shape: ZipShape, count: number, size: number, at: number): Uint8Array {
  const comment = bytesOf(shape.comment ?? '');
  const [stated, start] = [shape.count ?? count, shape.directoryAt ?? at];
  const length = shape.directorySize ?? size;
  const end = (n: number, bytes: number, offset: number) =>
    concat(u32(0x06054b50), u32(0), u16(n), u16(n), u32(bytes), u32(offset), u16(comment.length), comment);
  if (!shape.isZip64) return end(stated, length, start);
  const end64 = concat(
    u32(0x06064b50),
    u64(44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    u64(stated),
    u64(stated),
    u64(length),
    u64(start),
  );
  const locator = concat(u32(0x07064b50), u32(0), u64(at + size), u32(1));
  return concat(end64, locator, end(0xffff, 0xffffffff, 0xffffffff));
}

// CRX

function field(number: number, bytes: Uint8Array): Uint8Array {
  return concat(varint(number * 8 + 2), varint(bytes.length), bytes);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

export function crx3Of(key: Uint8Array, zip: Uint8Array, id?: Uint8Array): Uint8Array {
  const crxId = id ?? createHash('sha256').update(key).digest().subarray(0, 16);
  const proof = concat(field(1, key), field(2, bytesOf('signature')));
  const header = concat(field(2, proof), field(10000, field(1, crxId)));
  return concat('Cr24', u32(3), u32(header.length), header, zip);
}

export function crx2Of(key: Uint8Array, zip: Uint8Array): Uint8Array {
  return concat('Cr24', u32(2), u32(key.length), u32(4), key, 'sign', zip);
}

// ASAR

export function asarOf(header: unknown, data: string | Uint8Array = ''): Uint8Array {
  const json = bytesOf(typeof header === 'string' ? header : JSON.stringify(header));
  const padded = Math.ceil(json.length / 4) * 4;
  const padding = new Uint8Array(padded - json.length);
  return concat(u32(4), u32(padded + 8), u32(padded + 4), u32(json.length), json, padding, data);
}

export function asarFile(offset: number, data: string, blockSize = 4): Record<string, unknown> {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const blocks: string[] = [];
  for (let i = 0; i < data.length; i += blockSize) blocks.push(digest(data.slice(i, i + blockSize)));
  const integrity = { algorithm: 'SHA256', hash: digest(data), blockSize, blocks };
  return { size: data.length, offset: String(offset), integrity };
}

// ar

export function arMember(name: string, data: string | Uint8Array, size?: string): Uint8Array {
  const bytes = bytesOf(data);
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'644'.padEnd(8)}`;
  return concat(
    header,
    (size ?? String(bytes.length)).padEnd(10),
    '`\n',
    bytes,
    bytes.length % 2 === 0 ? '' : '\n',
  );
}

export function arOf(...members: readonly Uint8Array[]): Uint8Array {
  return concat('!<arch>\n', ...members);
}

export function debOf(control: Uint8Array, data: Uint8Array, ending = ''): Uint8Array {
  return arOf(
    arMember('debian-binary', '2.0\n'),
    arMember(`control.tar${ending}`, control),
    arMember(`data.tar${ending}`, data),
  );
}
