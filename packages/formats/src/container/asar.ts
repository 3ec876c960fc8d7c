import { Cursor, hexOf, Refused, sha256, utf8Text, type Why } from '@avow/bytes';
import { type AsarNode, childNodes, integrityOf, parseAsarHeader } from './asar-header.ts';
import type { Entry } from './entry.ts';

/** Bytes of the header's JSON: some 200,000 files with their digests. */
const MAX_HEADER_BYTES = 64 * 1024 * 1024;
/** Objects and lists in it: a file has three. Each takes some hundred bytes once parsed. */
const MAX_NODES = 3_000_000;
/** Folders within folders; paths of 4,096 bytes have at most half as many. */
const MAX_NESTING = 2048;

/**
 * Reads an ASAR archive (electron/asar 4, "Format"): a Chromium pickle with
 * the length of a second one, which holds a JSON tree of the files; their data follows.
 *
 * Offsets are from the start of `bytes`. Members that lie beside the archive
 * (`unpacked`) are unread here (`asar.unpacked`), as are those whose data is not
 * in the archive (`asar.offset`). A digest that does not fit is an oddity
 * (`asar.integrity`). Refuses `asar.header`, `asar.tree` and `asar.truncated`.
 */
export function* readAsar(bytes: Uint8Array): Generator<Entry> {
  const cursor = new Cursor(bytes, 'asar');
  const dataAt = 8 + cursor.u32(4);
  const jsonLength = cursor.u32(12);
  if (jsonLength > MAX_HEADER_BYTES || 16 + jsonLength > dataAt) {
    throw new Refused('asar.header', 12, `${jsonLength} bytes of JSON in ${dataAt} of header`);
  }
  const json = cursor.piece(16, jsonLength);
  if (nodesOf(json) > MAX_NODES) {
    throw new Refused('asar.tree', 16, `more than ${MAX_NODES} objects and lists`);
  }
  const text = utf8Text(json);
  if (text === undefined) throw new Refused('asar.tree', 16, 'the header is not UTF-8');
  cursor.need(dataAt, 0);
  yield* readFolder(cursor, parseAsarHeader(text), dataAt);
}

/** True where the bytes start as an ASAR does: two pickles and a JSON object with `files`. */
export function isAsar(bytes: Uint8Array): boolean {
  if (bytes.length < 24) return false;
  const cursor = new Cursor(bytes, 'asar');
  const header = cursor.u32(4);
  return (
    cursor.u32(0) === 4 &&
    cursor.u32(8) === header - 4 &&
    utf8Text(cursor.piece(16, 8)) === '{"files"'
  );
}

/** Braces and brackets that open, those within names included: no fewer than there are objects and lists. */
function nodesOf(json: Uint8Array): number {
  let nodes = 0;
  for (const byte of json) if (byte === 0x7b || byte === 0x5b) nodes++;
  return nodes;
}

/** Files in the order of the header, a folder's own where the folder stands. */
function* readFolder(cursor: Cursor, root: AsarNode, dataAt: number): Generator<Entry> {
  const pending = [childrenOf(root, '')];
  for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
    const next = top.next();
    if (next.done === true) {
      pending.pop();
      continue;
    }
    const [path, node] = next.value;
    if (node.files === undefined) yield readFile(cursor, path, node, dataAt);
    else if (pending.length >= MAX_NESTING) {
      throw new Refused('asar.tree', 16, `folders are nested deeper than ${MAX_NESTING}`);
    } else pending.push(childrenOf(node, `${path}/`));
  }
}

function* childrenOf(folder: AsarNode, prefix: string): Generator<[string, AsarNode]> {
  for (const [name, node] of childNodes(folder)) {
    // A separator in one name would move the file to another folder.
    yield [prefix + name.replaceAll('/', '\u2215'), node];
  }
}

function readFile(cursor: Cursor, path: string, node: AsarNode, dataAt: number): Entry {
  if (typeof node.link === 'string') {
    const read = () => new Uint8Array(0);
    return { name: path, size: 0, offset: undefined, link: node.link, oddities: [], read };
  }
  const size = typeof node.size === 'number' && node.size >= 0 ? node.size : undefined;
  if (node.unpacked === true) {
    const message = 'it lies beside the archive, in its .unpacked folder';
    return { path, size, offset: undefined, why: { code: 'asar.unpacked', message } };
  }
  const offset = typeof node.offset === 'string' ? Number(node.offset) : Number.NaN;
  const at = dataAt + offset;
  const isInside = Number.isSafeInteger(size) && Number.isSafeInteger(at) && offset >= 0;
  if (!isInside || at + (size ?? 0) > cursor.length) {
    const message = `offset ${node.offset} and size ${node.size} are not within the archive`;
    return { path, size, offset: undefined, why: { code: 'asar.offset', message } };
  }
  const bytes = cursor.piece(at, size ?? 0);
  const read = () => bytes;
  const check = () => integrityOddity(bytes, node);
  return { name: path, size: bytes.length, offset: at, oddities: [], read, check };
}

/** Holds the bytes against the SHA-256 of the header: of the whole file, and of its blocks. */
function integrityOddity(bytes: Uint8Array, node: AsarNode): readonly Why[] {
  const integrity = integrityOf(node);
  if (integrity === undefined) return [];
  const odd = (message: string) => [{ code: 'asar.integrity', message }];
  const { algorithm, hash, blockSize, blocks } = integrity;
  if (algorithm !== 'SHA256') return odd(`its digest is of an unknown kind: ${algorithm}`);
  if (hash !== hexOf(sha256(bytes))) return odd('its bytes have another digest than stated');
  if (!Array.isArray(blocks) || !Number.isSafeInteger(blockSize) || Number(blockSize) < 1)
    return [];
  const size = Number(blockSize);
  for (let i = 0; i < blocks.length && i * size < Math.max(bytes.length, 1); i++) {
    const block = bytes.subarray(i * size, (i + 1) * size);
    if (blocks[i] !== hexOf(sha256(block))) return odd(`block ${i} has another digest than stated`);
  }
  return [];
}
