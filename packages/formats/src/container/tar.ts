import { type ByteFlow, Refused, type Why, why } from '@avow/bytes';
import type { Entry, FileEntry } from './entry.ts';
import { decodeName } from './names.ts';
import { MAX_PAX_BYTES, type PaxFields, readPax } from './pax.ts';
import { isZeroBlock, readTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts';

/**
 * Reads a tar archive: v7, ustar, pax and GNU (POSIX.1-2017, pax utility; GNU
 * tar 1.35 manual, "Tar Internals"). docs/formats/tar.md says which reading is
 * taken where these differ.
 *
 * Yields files and links in archive order; directories are left out. A header
 * that cannot be read is told with an empty path (`tar.checksum`, `tar.number`,
 * `tar.pax`, `tar.long-name`, `tar.link-size`), and the reading goes on at the
 * next one. Refuses `tar.truncated`, and what the flow does.
 */
export async function* readTar(flow: ByteFlow): AsyncGenerator<Entry> {
  const state: TarState = { global: {}, next: {}, isAfterEnd: false, isLost: false };
  for (let zeros = 0; ; ) {
    const at = flow.offset;
    const block = await flow.take(TAR_BLOCK);
    if (block.length === 0) return;
    if (isZeroBlock(block)) {
      if (block.length === TAR_BLOCK && ++zeros >= 2) state.isAfterEnd = true;
      continue;
    }
    if (state.isAfterEnd && !isHeader(block)) {
      yield trailing(at);
      return;
    }
    if (state.isLost && !isHeader(block)) continue;
    if (block.length < TAR_BLOCK) throw truncated(at, TAR_BLOCK, block.length);
    zeros = 0;
    try {
      const header = readTarHeader(block, at);
      state.isLost = false;
      if (await readExtension(flow, header, at, state)) continue;
      yield* readMember(flow, header, at, state);
    } catch (error) {
      if (!isOfHeader(error)) throw error;
      yield { path: '', size: undefined, offset: at, why: why(error) };
      await flow.skip(padding(flow.offset));
      state.isLost = true;
    }
    state.next = {};
  }
}

/** Refusals that cost a header, and leave the headers after it to be read. */
const OF_HEADER: ReadonlySet<string> = new Set([
  'tar.checksum',
  'tar.number',
  'tar.pax',
  'tar.long-name',
  'tar.link-size',
]);

function isOfHeader(error: unknown): boolean {
  return error instanceof Refused && OF_HEADER.has(error.code);
}

/** What headers before a member say of it. */
interface TarState {
  global: PaxFields;
  next: PaxFields;
  /** Two zero blocks were read: most programs stop there. */
  isAfterEnd: boolean;
  /** A header could not be read: what comes before the next one is nobody's. */
  isLost: boolean;
}

/** Takes in the headers that speak of the next member; true where `header` is one. */
async function readExtension(
  flow: ByteFlow,
  header: TarHeader,
  at: number,
  state: TarState,
): Promise<boolean> {
  switch (header.type) {
    case 'x':
      state.next = readPax(await extension(flow, header, at), at + TAR_BLOCK, state.next);
      return true;
    case 'g':
      state.global = readPax(await extension(flow, header, at), at + TAR_BLOCK, state.global);
      return true;
    case 'L':
      state.next = { ...state.next, path: longName(await extension(flow, header, at)) };
      return true;
    case 'K':
      state.next = { ...state.next, linkpath: longName(await extension(flow, header, at)) };
      return true;
    default:
      return false;
  }
}

async function extension(flow: ByteFlow, header: TarHeader, at: number): Promise<Uint8Array> {
  if (header.size > MAX_PAX_BYTES) {
    throw new Refused('tar.long-name', at, `an extended header of ${header.size} bytes`);
  }
  const bytes = await flow.take(header.size);
  if (bytes.length < header.size) throw truncated(at, header.size, bytes.length);
  await flow.skip(padding(header.size));
  return bytes;
}

/** A name of GNU's `L` and `K` headers, ended by NUL. */
function longName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeName(end < 0 ? bytes : bytes.subarray(0, end), 'latin-1').name;
}

async function* readMember(
  flow: ByteFlow,
  header: TarHeader,
  at: number,
  state: TarState,
): AsyncGenerator<Entry> {
  const pax = { ...state.global, ...state.next };
  const size = pax.size ?? header.size;
  const stored = decodeName(header.name, 'latin-1');
  const name = pax.path ?? stored.name;
  const oddities: Why[] = pax.path === undefined ? [...stored.oddities] : [];
  if (state.isAfterEnd) {
    oddities.push({
      code: 'tar.after-end',
      message: 'it stands after the end of the archive; many programs do not see it',
      at: `0x${at.toString(16)}`,
    });
  }
  const isFile = !'123456'.includes(header.type);
  if (!isFile && size !== 0) {
    throw new Refused(
      'tar.link-size',
      at,
      `a link, folder or device of ${size} bytes: programs disagree on whether data follows`,
    );
  }
  if (header.type === '5' || (header.type === '0' && name.endsWith('/') && size === 0)) return;
  if (!isFile) {
    yield linkEntry(header, pax, name, oddities);
    return;
  }
  const end = flow.offset + size;
  if (header.type === 'S' || pax.isSparse === true) {
    const message = 'a sparse file, which is not stored as the bytes it has';
    yield { path: name, size, offset: flow.offset, why: { code: 'tar.sparse', message } };
  } else {
    yield fileEntry(flow, name, size, oddities);
  }
  await skipTo(flow, end, at);
  await flow.skip(padding(size));
}

function fileEntry(flow: ByteFlow, name: string, size: number, oddities: Why[]): FileEntry {
  const offset = flow.offset;
  return {
    name,
    size,
    offset,
    oddities,
    async read() {
      const bytes = await flow.take(size);
      if (bytes.length < size) throw truncated(offset, size, bytes.length);
      return bytes;
    },
  };
}

function linkEntry(header: TarHeader, pax: PaxFields, name: string, oddities: Why[]): FileEntry {
  const link = pax.linkpath ?? decodeName(header.linkName, 'latin-1').name;
  const isLink = header.type === '1' || header.type === '2';
  if (!isLink) {
    oddities.push({ code: 'tar.device', message: `a device or pipe, of type ${header.type}` });
  }
  return {
    name,
    size: 0,
    offset: undefined,
    ...(isLink ? { link } : {}),
    oddities,
    read: () => new Uint8Array(0),
  };
}

async function skipTo(flow: ByteFlow, end: number, at: number): Promise<void> {
  const left = end - flow.offset;
  const skipped = await flow.skip(left);
  if (skipped < left) throw truncated(at, left, skipped);
}

function padding(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

function isHeader(block: Uint8Array): boolean {
  try {
    readTarHeader(block, 0);
    return true;
  } catch {
    return false;
  }
}

function trailing(at: number): Entry {
  return {
    path: '',
    size: undefined,
    offset: at,
    why: {
      code: 'tar.trailing',
      message: 'data that is no archive follows the end of the archive',
      at: `0x${at.toString(16)}`,
    },
  };
}

function truncated(at: number, wanted: number, found: number): Refused {
  return new Refused('tar.truncated', at, `${wanted} bytes wanted, ${found} are there`);
}
