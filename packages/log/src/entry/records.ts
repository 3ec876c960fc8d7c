import type { Digest } from '@avow/bytes';
import { inclusionSpans } from '../proof/generate.ts';
import { isIncluded, type ProofPath } from '../proof/verify.ts';
import { leafHash, nodeHash } from '../tree/hash.ts';
import { CompactRange } from '../tree/range.ts';
import { bitLength, type Span } from '../tree/subtree.ts';
import { canonicalBytes } from './canonical.ts';

/** One record of a database update: its id, and the digest of its bytes. */
export interface RecordDigest {
  readonly id: string;
  readonly digest: Digest;
}

/** The proof that a record is in an update: its number in id order, and its path to the root. */
export interface RecordProof {
  readonly index: bigint;
  readonly count: bigint;
  readonly path: ProofPath;
}

/**
 * The tree over an update's records: RFC 6962 over canonical `{digest, id}`,
 * in the order of ids (UTF-16 code units), then of digests, so that the order
 * of the file does not matter and an id that stands twice is two leaves.
 */
export class RecordTree {
  readonly records: readonly RecordDigest[];
  /** Level 0 holds the leaves; above, each full pair's hash. */
  readonly #levels: Uint8Array[][] = [];

  constructor(records: readonly RecordDigest[]) {
    this.records = [...records].sort(
      (one, other) => compare(one.id, other.id) || compare(one.digest, other.digest),
    );
    const range = new CompactRange();
    for (const record of this.records) {
      range.append(recordLeaf(record), (level, _, hash) => {
        (this.#levels[level] ??= []).push(hash);
      });
    }
    this.root = range.root();
  }

  readonly root: Uint8Array;

  /** The proofs of every record with this id; none when the update has no such record. */
  proofsOf(id: string): readonly { readonly record: RecordDigest; readonly proof: RecordProof }[] {
    return this.records.flatMap((record, index) =>
      record.id === id ? [{ record, proof: this.proofAt(BigInt(index)) }] : [],
    );
  }

  /** Refuses `proof.span` when there is no such record. */
  proofAt(index: bigint): RecordProof {
    const count = BigInt(this.records.length);
    const path = inclusionSpans(index, count).map((span) => this.#rootOf(span));
    return { index, count, path };
  }

  #rootOf({ start, end }: Span): Uint8Array {
    const height = bitLength(end - start) - 1;
    const width = 1n << BigInt(height);
    const left = this.#levels[height]![Number(start >> BigInt(height))]!;
    if (width === end - start) return left;
    return nodeHash(left, this.#rootOf({ start: start + width, end }));
  }
}

/** True when a record is in the update whose records have this root. */
export function isRecordIncluded(
  record: RecordDigest,
  proof: RecordProof,
  root: Uint8Array,
): boolean {
  return isIncluded(proof.index, recordLeaf(record), proof.count, root, proof.path);
}

function recordLeaf({ id, digest }: RecordDigest): Uint8Array {
  return leafHash(canonicalBytes({ id, digest }));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
