import { HASH_SIZE, leafHash } from '../tree/hash.ts';
import { CompactRange } from '../tree/range.ts';
import { bundleOf } from './bundle.ts';
import { TILE_WIDTH, tilePath } from './path.ts';

/** A file of the log: its path under the prefix, and all of its bytes. */
export interface TileFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The unfinished tile of one level. */
interface OpenTile {
  readonly hashes: Uint8Array[];
  /** More hashes than when its partial tile was last handed out. */
  isChanged: boolean;
}

/**
 * The right edge of a log: the tree's, and every tile and bundle still open.
 *
 * Its memory is one tile a level and one bundle, whatever the log's size.
 */
export class TileEdge {
  readonly #range: CompactRange;
  readonly #tiles: OpenTile[];
  #entries: Uint8Array[];
  #finished: TileFile[] = [];

  /** An edge at `range`, with the hashes of each level's open tile and the open bundle's entries. */
  constructor(
    range = new CompactRange(),
    openTiles: readonly (readonly Uint8Array[])[] = [],
    openEntries: readonly Uint8Array[] = [],
  ) {
    this.#range = range.copy();
    this.#tiles = openTiles.map((hashes) => ({ hashes: [...hashes], isChanged: false }));
    this.#entries = [...openEntries];
  }

  get size(): bigint {
    return this.#range.size;
  }

  root(): Uint8Array {
    return this.#range.root();
  }

  append(entry: Uint8Array): void {
    const number = this.#range.size;
    this.#entries.push(entry);
    this.#range.append(leafHash(entry), (level, index, hash) => {
      if (level % 8 === 0) this.#keep(level / 8, index, hash);
    });
    if (this.#entries.length === TILE_WIDTH) {
      const index = number / BigInt(TILE_WIDTH);
      const path = tilePath({ kind: 'entries', index, width: TILE_WIDTH });
      this.#finished.push({ path, bytes: bundleOf(this.#entries) });
      this.#entries = [];
    }
  }

  /**
   * Every file that a checkpoint of this size implies and that was not handed
   * out before: tiles and bundles that became full, and changed partial ones.
   */
  takeFiles(): readonly TileFile[] {
    const files = [...this.takeFull()];
    for (const [level, tile] of this.#tiles.entries()) {
      if (!tile.isChanged || tile.hashes.length === 0) continue;
      tile.isChanged = false;
      const index = this.size >> BigInt(8 * level + 8);
      const path = tilePath({ kind: level, index, width: tile.hashes.length });
      files.push({ path, bytes: hashesJoined(tile.hashes) });
      if (level === 0) {
        const bundle = tilePath({ kind: 'entries', index, width: this.#entries.length });
        files.push({ path: bundle, bytes: bundleOf(this.#entries) });
      }
    }
    return files;
  }

  /** The tiles and bundles that became full since they were last taken. */
  takeFull(): readonly TileFile[] {
    const files = this.#finished;
    this.#finished = [];
    return files;
  }

  #keep(level: number, index: bigint, hash: Uint8Array): void {
    const tile = (this.#tiles[level] ??= { hashes: [], isChanged: false });
    tile.hashes.push(hash);
    tile.isChanged = true;
    if (tile.hashes.length < TILE_WIDTH) return;
    const path = tilePath({
      kind: level,
      index: index / BigInt(TILE_WIDTH),
      width: TILE_WIDTH,
    });
    this.#finished.push({ path, bytes: hashesJoined(tile.hashes) });
    tile.hashes.length = 0;
  }
}

function hashesJoined(hashes: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(hashes.length * HASH_SIZE);
  for (const [at, hash] of hashes.entries()) joined.set(hash, at * HASH_SIZE);
  return joined;
}
