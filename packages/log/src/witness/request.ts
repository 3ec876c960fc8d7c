import { base64Of, bytesOfBase64, Refused, utf8Bytes, utf8Text } from '@avow/bytes';
import { MAX_PROOF_HASHES, proofOfLines } from '../proof/lines.ts';
import type { ProofPath } from '../proof/verify.ts';
import { parseDecimal } from '../tree/decimal.ts';
import { HASH_SIZE } from '../tree/hash.ts';
import type { Span } from '../tree/subtree.ts';

/** The largest body a witness reads: the Go witness's limit, ample for 63 hashes and a note. */
export const MAX_REQUEST_SIZE = 16_384;

/** Body of `add-checkpoint` (C2SP tlog-witness 1.0.0). */
export interface AddCheckpoint {
  /** The size that the sender believes the witness has cosigned last; 0 for none. */
  readonly old: bigint;
  readonly proof: ProofPath;
  readonly checkpoint: Uint8Array;
}

/** Body of `sign-subtree`. The checkpoint is one that this witness has cosigned. */
export interface SignSubtree {
  readonly span: Span;
  readonly hash: Uint8Array;
  readonly proof: ProofPath;
  readonly checkpoint: Uint8Array;
}

/** Refuses `witness.request`. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  const { lines, checkpoint } = split(body);
  const [first = '', ...rest] = lines;
  const old = first.startsWith('old ') ? parseDecimal(first.slice(4)) : undefined;
  if (old === undefined) throw malformed('the first line is not "old" and a size');
  return { old, proof: proofOf(rest), checkpoint };
}

export function printAddCheckpoint({ old, proof, checkpoint }: AddCheckpoint): Uint8Array {
  return joined([`old ${old}`, ...proof.map(base64Of)], checkpoint);
}

/** Refuses `witness.request`. */
export function parseSignSubtree(body: Uint8Array): SignSubtree {
  const { lines, checkpoint } = split(body);
  const [first = '', hashText = '', ...rest] = lines;
  const [word, startText = '', endText = '', ...more] = first.split(' ');
  const start = parseDecimal(startText);
  const end = parseDecimal(endText);
  if (word !== 'subtree' || start === undefined || end === undefined || more.length > 0) {
    throw malformed('the first line is not "subtree", a start and an end');
  }
  const hash = bytesOfBase64(hashText);
  if (hash?.length !== HASH_SIZE) throw malformed('the second line is no hash');
  return { span: { start, end }, hash, proof: proofOf(rest), checkpoint };
}

export function printSignSubtree({ span, hash, proof, checkpoint }: SignSubtree): Uint8Array {
  const first = `subtree ${span.start} ${span.end}`;
  return joined([first, base64Of(hash), ...proof.map(base64Of)], checkpoint);
}

function split(body: Uint8Array): { lines: string[]; checkpoint: Uint8Array } {
  if (body.length > MAX_REQUEST_SIZE) throw malformed(`${body.length} bytes`);
  const text = utf8Text(body);
  const at = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || at === -1) throw malformed('no blank line before the checkpoint');
  return { lines: text.slice(0, at).split('\n'), checkpoint: utf8Bytes(text.slice(at + 2)) };
}

function joined(lines: readonly string[], checkpoint: Uint8Array): Uint8Array {
  const head = utf8Bytes(`${lines.join('\n')}\n\n`);
  const bytes = new Uint8Array(head.length + checkpoint.length);
  bytes.set(head);
  bytes.set(checkpoint, head.length);
  return bytes;
}

function proofOf(lines: readonly string[]): ProofPath {
  const proof = proofOfLines(lines);
  if (proof === undefined) throw malformed(`not up to ${MAX_PROOF_HASHES} hashes in base64`);
  return proof;
}

function malformed(found: string): Refused {
  return new Refused('witness.request', undefined, found);
}
