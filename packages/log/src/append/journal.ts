import { Cursor, Refused, sha256 } from '@avow/bytes';
import { bundleOf } from '../tile/bundle.ts';
import type { Batch } from './store.ts';

/**
 * The journal's frames: length of the payload (u32), first 8 bytes of its
 * SHA-256, and the payload: number of the first entry (u64), then the entries,
 * each after its length (u16). All numbers most significant byte first.
 */
const HEAD_SIZE = 12;
const CHECK_SIZE = 8;

/** Largest payload: a batch is cut long before, so a larger length is no frame of ours. */
const MAX_PAYLOAD = 64 << 20;

export function journalFrame({ first, entries }: Batch): Uint8Array {
  const bundle = bundleOf(entries);
  const frame = new Uint8Array(HEAD_SIZE + 8 + bundle.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 8 + bundle.length);
  view.setBigUint64(HEAD_SIZE, first);
  frame.set(bundle, HEAD_SIZE + 8);
  frame.set(sha256(frame.subarray(HEAD_SIZE)).subarray(0, CHECK_SIZE), 4);
  return frame;
}

export interface JournalRead {
  readonly batches: readonly Batch[];
  /** Bytes up to the end of the last whole frame; what follows was never acknowledged. */
  readonly wholeSize: number;
}

/**
 * Reads a journal up to a torn last frame, which a crash may leave.
 *
 * Refuses `journal.corrupt` when a whole frame follows the broken one: that is
 * no crash, and entries that were acknowledged would be lost in silence.
 */
export function readJournalFrames(bytes: Uint8Array): JournalRead {
  const batches: Batch[] = [];
  let at = 0;
  while (at < bytes.length) {
    const frame = frameAt(bytes, at);
    if (frame === undefined) break;
    batches.push(frame.batch);
    at = frame.end;
  }
  if (at < bytes.length && isFrameAfter(bytes, at)) {
    throw new Refused('journal.corrupt', at, 'a broken frame before a whole one');
  }
  return { batches, wholeSize: at };
}

function frameAt(bytes: Uint8Array, at: number): { batch: Batch; end: number } | undefined {
  const end = frameEnd(bytes, at);
  if (end === undefined || end > bytes.length) return undefined;
  const payload = bytes.subarray(at + HEAD_SIZE, end);
  const check = sha256(payload);
  for (let index = 0; index < CHECK_SIZE; index++) {
    if (bytes[at + 4 + index] !== check[index]) return undefined;
  }
  const cursor = new Cursor(payload, 'journal');
  const entries: Uint8Array[] = [];
  for (let next = 8; next < payload.length; ) {
    const size = cursor.u16(next, false);
    entries.push(cursor.piece(next + 2, size));
    next += 2 + size;
  }
  return { batch: { first: cursor.u64(0, false), entries }, end };
}

/** Where a frame that begins at `at` should end, or undefined when that is no frame's head. */
function frameEnd(bytes: Uint8Array, at: number): number | undefined {
  if (at + HEAD_SIZE > bytes.length) return undefined;
  const size = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
  return size < 8 || size > MAX_PAYLOAD ? undefined : at + HEAD_SIZE + size;
}

function isFrameAfter(bytes: Uint8Array, at: number): boolean {
  const end = frameEnd(bytes, at);
  return end !== undefined && end < bytes.length && frameAt(bytes, end) !== undefined;
}
