import { base64Of, bytesOfBase64, Refused, utf8Bytes, utf8Text } from '@avow/bytes';
import { openCheckpoint, type SignedCheckpoint } from '../note/checkpoint.ts';
import type { NoteVerifier } from '../note/note.ts';
import { parseDecimal } from '../tree/decimal.ts';
import { MAX_PROOF_HASHES, proofOfLines } from './lines.ts';
import { isIncluded, type ProofPath } from './verify.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** A `.tlog-proof` file (C2SP tlog-proof): an entry's number, its path and a cosigned checkpoint. */
export interface ProofFile {
  /** Bytes that nothing authenticates: a hint for the reader. */
  readonly extra?: Uint8Array;
  readonly index: bigint;
  readonly path: ProofPath;
  /** The checkpoint note, byte for byte. */
  readonly checkpoint: Uint8Array;
}

/** Reads a proof file without verifying it. Refuses `tlog-proof.malformed`. */
export function parseProofFile(bytes: Uint8Array): ProofFile {
  const text = utf8Text(bytes);
  if (text === undefined) throw malformed('not UTF-8');
  const split = text.indexOf('\n\n');
  if (split === -1) throw malformed('no blank line before the checkpoint');
  const lines = text.slice(0, split).split('\n');
  if (lines.shift() !== HEADER) throw malformed(`the first line is not ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()!.slice(6) : undefined;
  const extraBytes = extra === undefined ? undefined : bytesOfBase64(extra);
  if (extra !== undefined && extraBytes === undefined) throw malformed('extra is not base64');
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice(6)) : undefined;
  if (index === undefined) throw malformed('no index');
  const path = proofOfLines(lines);
  if (path === undefined) throw malformed(`not up to ${MAX_PROOF_HASHES} hashes in base64`);
  return {
    ...(extraBytes === undefined ? {} : { extra: extraBytes }),
    index,
    path,
    checkpoint: utf8Bytes(text.slice(split + 2)),
  };
}

export function printProofFile({ extra, index, path, checkpoint }: ProofFile): Uint8Array {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${base64Of(extra)}`]),
    `index ${index}`,
    ...path.map(base64Of),
    '',
    '',
  ];
  const head = utf8Bytes(lines.join('\n'));
  const bytes = new Uint8Array(head.length + checkpoint.length);
  bytes.set(head);
  bytes.set(checkpoint, head.length);
  return bytes;
}

/**
 * Verifies that the entry with `leaf` is in the log `origin`, at the proof's
 * index; the caller then holds the checkpoint's cosignatures against a policy.
 *
 * Refuses what `openCheckpoint` does, and `proof.mismatch` when the path does
 * not lead from the entry to the signed root.
 */
export function verifyProofFile(
  proof: ProofFile,
  leaf: Uint8Array,
  origin: string,
  logKeys: readonly NoteVerifier[],
): SignedCheckpoint {
  const signed = openCheckpoint(proof.checkpoint, origin, logKeys);
  const { size, root } = signed.checkpoint;
  if (!isIncluded(proof.index, leaf, size, root, proof.path)) {
    throw new Refused(
      'proof.mismatch',
      undefined,
      `this entry is not number ${proof.index} of ${size} entries`,
    );
  }
  return signed;
}

function malformed(found: string): Refused {
  return new Refused('tlog-proof.malformed', undefined, found);
}
