import { Refused, utf8Bytes, utf8Text } from '@avow/bytes';
import type { Span } from '../tree/subtree.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';

/** When a cosignature was made, in seconds since 1970; below 2^63, and never 0 over a checkpoint. */
export type CosignedAt = bigint;

const TIMESTAMP_SIZE = 8;
const MAX_TIME = 1n << 63n;

/** Splits a cosignature into its time and the raw signature. Refuses `cosignature.malformed`. */
export function splitCosignature(bytes: Uint8Array): { time: CosignedAt; signature: Uint8Array } {
  if (bytes.length <= TIMESTAMP_SIZE) {
    throw new Refused('cosignature.malformed', undefined, `${bytes.length} bytes`);
  }
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (time >= MAX_TIME) throw new Refused('cosignature.malformed', undefined, `time ${time}`);
  return { time, signature: bytes.subarray(TIMESTAMP_SIZE) };
}

export function laterOf(one: CosignedAt, other: CosignedAt): CosignedAt {
  if (one > other) return one;
  return other;
}

export function joinCosignature(time: CosignedAt, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TIMESTAMP_SIZE + signature.length);
  new DataView(bytes.buffer).setBigUint64(0, time);
  bytes.set(signature, TIMESTAMP_SIZE);
  return bytes;
}

/**
 * What an Ed25519 cosignature (type 04) signs: the whole checkpoint text after
 * two lines. It does not name the cosigner, so each cosigner has its own key.
 */
export function cosignedText(time: CosignedAt, checkpointText: Uint8Array): Uint8Array {
  const head = utf8Bytes(`cosignature/v1\ntime ${time}\n`);
  const bytes = new Uint8Array(head.length + checkpointText.length);
  bytes.set(head);
  bytes.set(checkpointText, head.length);
  return bytes;
}

/** What an ML-DSA-44 cosignature (type 06) speaks of. */
export interface CosignedSubtree {
  readonly cosigner: string;
  readonly time: CosignedAt;
  readonly origin: string;
  readonly span: Span;
  readonly hash: Uint8Array;
}

/**
 * What an ML-DSA-44 cosignature (type 06) signs (tlog-cosignature 1.1.0-rc.1):
 * label, cosigner, time, origin, start, end, hash; names after a byte of length,
 * numbers in 64 bits, most significant first.
 *
 * Refuses `cosignature.malformed` for names above 255 bytes and for a time on a
 * subtree that does not start at 0.
 */
export function subtreeMessage({
  cosigner,
  time,
  origin,
  span,
  hash,
}: CosignedSubtree): Uint8Array {
  if (span.start !== 0n && time !== 0n) {
    throw new Refused('cosignature.malformed', undefined, 'a time on an inner subtree');
  }
  const label = utf8Bytes('subtree/v1\n\0');
  const parts = [
    label,
    prefixedName(cosigner),
    u64(time),
    prefixedName(origin),
    u64(span.start),
    u64(span.end),
    hash,
  ];
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The checkpoint in a note's text, or undefined when the text is something else. */
export function checkpointIn(text: Uint8Array): Checkpoint | undefined {
  try {
    return parseCheckpoint(utf8Text(text) ?? '');
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function prefixedName(name: string): Uint8Array {
  const text = utf8Bytes(name);
  if (text.length > 255) {
    throw new Refused('cosignature.malformed', undefined, `a name of ${text.length} bytes`);
  }
  const bytes = new Uint8Array(1 + text.length);
  bytes[0] = text.length;
  bytes.set(text, 1);
  return bytes;
}

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
