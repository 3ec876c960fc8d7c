import { Refused } from '@avow/bytes';
import { consistencySpans, proofSpans } from '../proof/generate.ts';
import { isConsistent, isSubtreeProven, type ProofPath, type TreeHead } from '../proof/verify.ts';
import { EMPTY_ROOT, HASH_SIZE, isSameHash, nodeHash } from '../tree/hash.ts';
import { CompactRange } from '../tree/range.ts';
import { bitLength, type Span } from '../tree/subtree.ts';
import { entriesOf } from './bundle.ts';
import { TileEdge } from './edge.ts';
import { TILE_WIDTH, type TileKind, tilePath, widthOf } from './path.ts';

/** Where tiles come from: a folder, a server, a mirror. */
export interface TileSource {
  /** The bytes at a path under the log's prefix, or undefined when nothing is there. */
  read(path: string): Promise<Uint8Array | undefined>;
}

/**
 * Reads one tree, of a checkpoint whose signatures the caller has verified.
 *
 * Tiles are never trusted: each proof is verified against the tree's root
 * before it is given out (trap: parents alone do not show a forged tile).
 * Only tiles that the tree's size implies are asked for.
 *
 * Refuses `tile.absent` and `tile.size` for what is not there or has the wrong
 * length, `proof.mismatch` when the tiles do not lead to the root.
 */
export class TreeReader {
  readonly head: TreeHead;
  readonly #source: TileSource;
  readonly #read = new Map<string, Promise<Uint8Array>>();

  constructor(source: TileSource, head: TreeHead) {
    this.#source = source;
    this.head = head;
  }

  /** The proof that `span` is part of this tree, and the root of the span. */
  async subtree(span: Span): Promise<{ readonly hash: Uint8Array; readonly proof: ProofPath }> {
    const proof = await this.#rootsOf(proofSpans(span, this.head.size));
    const hash = await this.#rootOf(span);
    if (!isSubtreeProven(span, this.head.size, proof, hash, this.head.root)) {
      throw mismatch(`[${span.start}, ${span.end})`, this.head);
    }
    return { hash, proof };
  }

  /** The proof that entry `index` is in this tree, and its leaf hash. */
  async inclusion(
    index: bigint,
  ): Promise<{ readonly hash: Uint8Array; readonly proof: ProofPath }> {
    return this.subtree({ start: index, end: index + 1n });
  }

  /** The proof that this tree continues `older`. Refuses `proof.mismatch` when it does not. */
  async consistency(older: TreeHead): Promise<ProofPath> {
    const proof = await this.#rootsOf(consistencySpans(older.size, this.head.size));
    if (!isConsistent(older, this.head, proof)) {
      throw mismatch(`the tree of ${older.size} entries`, this.head);
    }
    return proof;
  }

  /**
   * The proof that of two earlier trees of this log the one continues the other,
   * with the roots of both, each proven to be part of this tree.
   */
  async between(
    older: bigint,
    newer: bigint,
  ): Promise<{ readonly older: TreeHead; readonly newer: TreeHead; readonly proof: ProofPath }> {
    const [from, to] = [await this.#headAt(older), await this.#headAt(newer)];
    const proof = await this.#rootsOf(consistencySpans(older, newer));
    if (!isConsistent(from, to, proof)) throw mismatch(`the tree of ${older} entries`, this.head);
    return { older: from, newer: to, proof };
  }

  async #headAt(size: bigint): Promise<TreeHead> {
    if (size === this.head.size) return this.head;
    if (size === 0n) return { size, root: EMPTY_ROOT };
    return { size, root: (await this.subtree({ start: 0n, end: size })).hash };
  }

  /** The hashes that should prove a continuation, not verified: evidence when they do not. */
  async consistencyClaimed(olderSize: bigint): Promise<ProofPath> {
    return this.#rootsOf(consistencySpans(olderSize, this.head.size));
  }

  /** The entries of bundle `index`, as the source has them; the caller holds them against proofs. */
  async bundle(index: bigint): Promise<readonly Uint8Array[]> {
    const width = widthOf('entries', index, this.head.size);
    const bytes = await this.#file('entries', index, width);
    return entriesOf(bytes, width);
  }

  /** Entry `index`, held against its leaf hash in this tree. */
  async entry(index: bigint): Promise<Uint8Array> {
    const entries = await this.bundle(index / BigInt(TILE_WIDTH));
    return entries[Number(index % BigInt(TILE_WIDTH))]!;
  }

  /** The right edge to append at. Refuses `proof.mismatch` unless it has this tree's root. */
  async edge(): Promise<TileEdge> {
    const { size } = this.head;
    const openTiles: Uint8Array[][] = [];
    for (let level = 0; size >> BigInt(8 * level) > 0n; level++) {
      const index = size >> BigInt(8 * level + 8);
      openTiles.push(await this.#hashes(level, index, widthOf(level, index, size)));
    }
    const openIndex = size / BigInt(TILE_WIDTH);
    const isBundleOpen = size % BigInt(TILE_WIDTH) !== 0n;
    const openEntries = isBundleOpen ? await this.bundle(openIndex) : [];
    const roots = await this.#rootsOf(fullSubtrees({ start: 0n, end: size }));
    const edge = new TileEdge(new CompactRange(size, roots), openTiles, openEntries);
    if (!isSameHash(edge.root(), this.head.root)) throw mismatch('the right edge', this.head);
    return edge;
  }

  async #rootsOf(spans: readonly Span[]): Promise<Uint8Array[]> {
    return Promise.all(spans.map((span) => this.#rootOf(span)));
  }

  async #rootOf(span: Span): Promise<Uint8Array> {
    const parts = await Promise.all(fullSubtrees(span).map((full) => this.#fullRoot(full)));
    return parts.reduceRight((right, left) => nodeHash(left, right));
  }

  /** Root of a full subtree: of the hashes in its tile that lie under it. */
  async #fullRoot({ start, end }: Span): Promise<Uint8Array> {
    const height = bitLength(end - start) - 1;
    const level = Math.floor(height / 8);
    const first = start >> BigInt(8 * level);
    const count = 1 << (height % 8);
    const index = first / BigInt(TILE_WIDTH);
    const width = widthOf(level, index, this.head.size);
    const hashes = await this.#hashes(level, index, width);
    const at = Number(first % BigInt(TILE_WIDTH));
    return rootOfFull(hashes.slice(at, at + count));
  }

  async #hashes(level: number, index: bigint, width: number): Promise<Uint8Array[]> {
    if (width === 0) return [];
    const bytes = await this.#file(level, index, width);
    return Array.from({ length: width }, (_, at) =>
      bytes.slice(at * HASH_SIZE, (at + 1) * HASH_SIZE),
    );
  }

  /** The tile at the width the tree implies, else the full one, which may have replaced it. */
  #file(kind: TileKind, index: bigint, width: number): Promise<Uint8Array> {
    const path = tilePath({ kind, index, width });
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const reading = this.#fileAt(kind, index, width, path);
    if (this.#read.size >= MAX_KEPT_TILES) this.#read.clear();
    this.#read.set(path, reading);
    reading.catch(() => this.#read.delete(path));
    return reading;
  }

  async #fileAt(kind: TileKind, index: bigint, width: number, path: string): Promise<Uint8Array> {
    const full = tilePath({ kind, index, width: TILE_WIDTH });
    const bytes = (await this.#source.read(path)) ?? (await this.#source.read(full));
    if (bytes === undefined) {
      throw new Refused('tile.absent', undefined, `neither ${path} nor ${full} is there`);
    }
    if (
      kind !== 'entries' &&
      (bytes.length < width * HASH_SIZE || bytes.length % HASH_SIZE !== 0)
    ) {
      throw new Refused('tile.size', bytes.length, `${path} has ${bytes.length} bytes`);
    }
    return bytes;
  }
}

/** Tiles of 8 KiB kept between reads of one tree: 8 MiB, enough for the top of any tree. */
const MAX_KEPT_TILES = 1024;

function mismatch(what: string, head: TreeHead): Refused {
  return new Refused(
    'proof.mismatch',
    undefined,
    `the tiles of ${what} do not lead to the signed root of ${head.size} entries`,
  );
}

/** The full subtrees, widest first, that a span is made of. The span is a subtree. */
function fullSubtrees({ start, end }: Span): readonly Span[] {
  const spans: Span[] = [];
  for (let at = start; at < end; ) {
    const width = 1n << BigInt(bitLength(end - at) - 1);
    spans.push({ start: at, end: at + width });
    at += width;
  }
  return spans;
}

/** Root over 2^n hashes. */
function rootOfFull(hashes: readonly Uint8Array[]): Uint8Array {
  let level = [...hashes];
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, at) =>
      nodeHash(level[2 * at]!, level[2 * at + 1]!),
    );
  }
  return level[0]!;
}
