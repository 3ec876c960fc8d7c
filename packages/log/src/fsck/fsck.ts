import { type Why, why } from '@avow/bytes';
import { ChainHeads } from '../entry/chain.ts';
import type { TreeHead } from '../proof/verify.ts';
import { TileEdge, type TileFile } from '../tile/edge.ts';
import { TILE_WIDTH, tilePath } from '../tile/path.ts';
import { type TileSource, TreeReader } from '../tile/reader.ts';
import { isSameHash } from '../tree/hash.ts';

/** What re-deriving a log from its entries found. */
export interface FsckReport {
  readonly entries: bigint;
  readonly tiles: bigint;
  /** Tiles or bundles that are missing or are not what the entries make of them. */
  readonly faults: readonly FsckFault[];
  /** Entries that stand wrong in their chain: they are in the log, and its maker must answer. */
  readonly chainFaults: readonly { readonly index: bigint; readonly message: string }[];
  readonly heads: ChainHeads;
}

export interface FsckFault extends Why {
  /** Under the log's prefix. */
  readonly path: string;
}

/** Faults kept: the first ones show where to look; a log that is all wrong needs no list. */
const MAX_FAULTS = 100;

/**
 * Re-derives a log from its entries alone and holds every tile, bundle and the
 * root of its checkpoint against it. Time is linear, memory one tile a level.
 *
 * `whenRead` is told of progress, in entries; `whenEntry` of each entry.
 */
export async function fsckLog(
  source: TileSource,
  head: TreeHead,
  whenRead: (entries: bigint) => void = () => {},
  whenEntry: (index: bigint, entry: Uint8Array) => void = () => {},
): Promise<FsckReport> {
  const run = new Fsck(source, whenEntry);
  for (let index = 0n; index * BigInt(TILE_WIDTH) < head.size; index++) {
    const isRead = await run.readBundle(new TreeReader(source, head), index);
    if (!isRead) break;
    whenRead(run.size);
  }
  await run.finish(head);
  return run.report();
}

class Fsck {
  readonly #source: TileSource;
  readonly #whenEntry: (index: bigint, entry: Uint8Array) => void;
  readonly #edge = new TileEdge();
  readonly #heads = new ChainHeads();
  readonly #faults: FsckFault[] = [];
  readonly #chainFaults: { index: bigint; message: string }[] = [];
  #tiles = 0n;

  constructor(source: TileSource, whenEntry: (index: bigint, entry: Uint8Array) => void) {
    this.#source = source;
    this.#whenEntry = whenEntry;
  }

  get size(): bigint {
    return this.#edge.size;
  }

  /** False when the bundle cannot be read: nothing after it can be derived. */
  async readBundle(tree: TreeReader, index: bigint): Promise<boolean> {
    let entries: readonly Uint8Array[];
    try {
      entries = await tree.bundle(index);
    } catch (error) {
      this.#fault({ path: tilePath({ kind: 'entries', index, width: TILE_WIDTH }), ...why(error) });
      return false;
    }
    for (const entry of entries) this.#append(entry);
    for (const file of this.#edge.takeFull()) await this.#compare(file);
    return true;
  }

  async finish(head: TreeHead): Promise<void> {
    for (const file of this.#edge.takeFiles()) await this.#compare(file);
    if (this.#edge.size !== head.size) return;
    if (!isSameHash(this.#edge.root(), head.root)) {
      const message = `the entries lead to another root than the signed one`;
      this.#fault({ path: 'checkpoint', code: 'fsck.root', message });
    }
  }

  report(): FsckReport {
    return {
      entries: this.#edge.size,
      tiles: this.#tiles,
      faults: this.#faults,
      chainFaults: this.#chainFaults,
      heads: this.#heads,
    };
  }

  #append(entry: Uint8Array): void {
    const index = this.#edge.size;
    this.#edge.append(entry);
    this.#whenEntry(index, entry);
    for (const { message } of this.#heads.follow(entry)) {
      if (this.#chainFaults.length < MAX_FAULTS) this.#chainFaults.push({ index, message });
    }
  }

  /** A partial file may have been replaced by the full one, which then begins with it. */
  async #compare({ path, bytes }: TileFile): Promise<void> {
    this.#tiles++;
    const full = path.replace(/\.p\/\d+$/, '');
    const kept = (await this.#source.read(path)) ?? (await this.#source.read(full));
    if (kept === undefined) {
      this.#fault({ path, code: 'tile.absent', message: 'is not there' });
      return;
    }
    const isSame = bytes.every((byte, at) => byte === kept[at]);
    if (!isSame || (full === path && kept.length !== bytes.length)) {
      this.#fault({ path, code: 'fsck.tile', message: 'is not what the entries make of it' });
    }
  }

  #fault(fault: FsckFault): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(fault);
  }
}
