import { type Bytes, bytesOf, leafHash, nodeHash } from './bytes.ts';

/** Hashes of a tile, and entries of a bundle (C2SP tlog-tiles). */
export const WIDTH = 256;
const HASH = 32;

/** `x001/234` of tlog-tiles: groups of three digits, all but the last with an x. */
function pathOf(level: number | 'entries', index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `/log/tile/${level}/${path}${width === WIDTH ? '' : `.p/${width}`}`;
}

/** Entries of a bundle, each with its length before it, big-endian, of two bytes. */
export async function entriesOf(bundle: number, size: number): Promise<Bytes[]> {
  const first = bundle * WIDTH;
  const bytes = await bytesOf(pathOf('entries', bundle, Math.min(WIDTH, size - first)));
  const view = new DataView(bytes.buffer);
  const entries: Bytes[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint16(at);
    entries.push(bytes.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

/** Reads hashes of the tree of `size` entries, each tile once. */
export class Tiles {
  readonly #size: number;
  readonly #tiles = new Map<string, Promise<Bytes>>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Root over the entries [from, to), as RFC 6962, 2.1 splits them. */
  async over(from: number, to: number): Promise<Bytes> {
    const length = to - from;
    const split = splitOf(length);
    if (length === 1 || split * 2 === length) return this.#whole(from, length);
    return nodeHash(await this.over(from, from + split), await this.over(from + split, to));
  }

  /** Hashes beside the way from an entry to the root, the entry's sibling first (RFC 6962, 2.1.1). */
  async path(index: number, from = 0, to = this.#size): Promise<Side[]> {
    if (to - from === 1) return [];
    const split = from + splitOf(to - from);
    if (index < split) {
      const below = await this.path(index, from, split);
      return [...below, { side: 'right', hash: await this.over(split, to) }];
    }
    const below = await this.path(index, split, to);
    return [...below, { side: 'left', hash: await this.over(from, split) }];
  }

  /** A subtree of a power of two of entries: within one tile, or a hash of a tile above. */
  async #whole(from: number, length: number): Promise<Bytes> {
    let level = 0;
    let [first, count] = [from, length];
    while (count >= WIDTH) {
      level++;
      first /= WIDTH;
      count /= WIDTH;
    }
    const tile = await this.#tile(level, Math.floor(first / WIDTH));
    const at = (first % WIDTH) * HASH;
    let hashes = Array.from({ length: count }, (_, index) =>
      tile.slice(at + index * HASH, at + (index + 1) * HASH),
    );
    while (hashes.length > 1) {
      hashes = await Promise.all(
        hashes.flatMap((left, index) =>
          index % 2 === 0 ? [nodeHash(left, hashes[index + 1]!)] : [],
        ),
      );
    }
    return hashes[0]!;
  }

  #tile(level: number, index: number): Promise<Bytes> {
    const width = Math.min(WIDTH, Math.floor(this.#size / WIDTH ** level) - index * WIDTH);
    const path = pathOf(level, index, width);
    const tile = this.#tiles.get(path) ?? bytesOf(path);
    this.#tiles.set(path, tile);
    return tile;
  }
}

export interface Side {
  readonly side: 'left' | 'right';
  readonly hash: Bytes;
}

/** The root to which an entry's bytes lead beside these hashes. */
export async function rootFrom(entry: Bytes, path: readonly Side[]): Promise<Bytes> {
  let hash = await leafHash(entry);
  for (const { side, hash: other } of path) {
    hash = side === 'left' ? await nodeHash(other, hash) : await nodeHash(hash, other);
  }
  return hash;
}

/** The largest power of two below a length; of one it is one. */
function splitOf(length: number): number {
  let split = 1;
  while (split * 2 < length) split *= 2;
  return split;
}
