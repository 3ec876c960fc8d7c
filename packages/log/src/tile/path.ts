/** Hashes of a full tile, entries of a full bundle (tlog-tiles 0.1.0). */
export const TILE_WIDTH = 256;

/** The highest level a tile can have: 64 bits of size, 8 levels a tile, and the spec's own bound. */
const MAX_LEVEL = 63;

/** A tile of hashes (`level` 0 to 63) or a bundle of entries. */
export type TileKind = number | 'entries';

export interface TileId {
  readonly kind: TileKind;
  readonly index: bigint;
  /** 1 to 256; less than 256 is a partial tile. */
  readonly width: number;
}

/** Where a tile is served, under the log's prefix: `tile/0/x001/234.p/5`. */
export function tilePath({ kind, index, width }: TileId): string {
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${kind}/${groupedIndex(index)}${partial}`;
}

/** Groups of three digits; all but the last begin with `x`. */
function groupedIndex(index: bigint): string {
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g)!;
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
}

const PATH = /^tile\/(?:(\d{1,2})|(entries))\/((?:x\d{3}\/){0,6}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The tile that a path names, or undefined: only the one spelling that `tilePath` prints is taken. */
export function parseTilePath(path: string): TileId | undefined {
  const match = PATH.exec(path);
  if (match === null) return undefined;
  const kind: TileKind = match[1] === undefined ? 'entries' : Number(match[1]);
  const index = BigInt(match[3]!.replaceAll(/[x/]/g, ''));
  const width = match[4] === undefined ? TILE_WIDTH : Number(match[4]);
  if (kind !== 'entries' && kind > MAX_LEVEL) return undefined;
  const tile = { kind, index, width };
  return tilePath(tile) === path ? tile : undefined;
}

/** Hashes (or entries) that tile `index` holds in a tree of `size` entries: 0 to 256. */
export function widthOf(kind: TileKind, index: bigint, size: bigint): number {
  const nodes = size >> BigInt(8 * (kind === 'entries' ? 0 : kind));
  const rest = nodes - index * BigInt(TILE_WIDTH);
  if (rest <= 0n) return 0;
  return rest >= BigInt(TILE_WIDTH) ? TILE_WIDTH : Number(rest);
}
