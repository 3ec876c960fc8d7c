import { type Digest, utf8Bytes, utf8Text } from '@avow/bytes';
import { inclusionSpans } from '../proof/generate.ts';
import { isIncluded, type ProofPath } from '../proof/verify.ts';
import { hashDigest, leafHash, nodeHash } from '../tree/hash.ts';
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

/** The records of an update as a file: one `sha256:… id` a line, the id as JSON, in the tree's order. */
export function recordListBytes({ records }: RecordTree): Uint8Array {
  return utf8Bytes(records.map(({ id, digest }) => `${digest} ${JSON.stringify(id)}\n`).join(''));
}

/** Reads such a list; undefined unless its records have this root, which is what makes it true. */
export function parseRecordList(
  bytes: Uint8Array,
  root: Digest,
): readonly RecordDigest[] | undefined {
  const lines = (utf8Text(bytes) ?? '').split('\n').slice(0, -1);
  const records: RecordDigest[] = [];
  for (const line of lines) {
    const match = /^(sha256:[0-9a-f]{64}) ("(?:[^"\\]|\\.)*")$/.exec(line);
    if (match === null) return undefined;
    try {
      records.push({ digest: match[1] as Digest, id: JSON.parse(match[2]!) as string });
    } catch {
      return undefined;
    }
  }
  return hashDigest(new RecordTree(records).root) === root ? records : undefined;
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
