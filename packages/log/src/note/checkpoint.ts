import { base64Of, bytesOfBase64, Refused } from '@avow/bytes';
import type { TreeHead } from '../proof/verify.ts';
import { parseDecimal } from '../tree/decimal.ts';
import { HASH_SIZE } from '../tree/hash.ts';
import { type Note, type NoteVerifier, parseNote, verifyNote } from './note.ts';

/** A log's statement of its tree (C2SP tlog-checkpoint 1.0.0). */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
  /** Further lines, each without its line feed; not covered by ML-DSA cosignatures. */
  readonly extensions: readonly string[];
}

/** Reads a checkpoint's text. Refuses `checkpoint.malformed`. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin = '', sizeText = '', rootText = '', ...rest] = lines;
  const extensions = rest.slice(0, -1);
  const size = parseDecimal(sizeText);
  const root = bytesOfBase64(rootText);
  if (origin === '') throw malformed('no origin');
  if (size === undefined) throw malformed(`size ${JSON.stringify(sizeText.slice(0, 40))}`);
  if (root?.length !== HASH_SIZE) throw malformed('a root that is not 32 bytes of base64');
  if (rest.at(-1) !== '') throw malformed('the last line does not end');
  if (extensions.includes('')) throw malformed('an empty line');
  return { origin, size, root, extensions };
}

export function printCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, `${size}`, base64Of(root), ...extensions].map((line) => `${line}\n`).join('');
}

/** A checkpoint with the note it stands in, signed by the log. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: Note;
}

/**
 * Reads a checkpoint note and verifies that one of the log's keys signed it.
 *
 * Refuses what `parseNote`, `verifyNote` and `parseCheckpoint` do, and
 * `checkpoint.origin` when it is another log's.
 */
export function openCheckpoint(
  bytes: Uint8Array,
  origin: string,
  logKeys: readonly NoteVerifier[],
): SignedCheckpoint {
  const note = parseNote(bytes);
  verifyNote(note, logKeys);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin) {
    throw new Refused('checkpoint.origin', undefined, `${checkpoint.origin}, not ${origin}`);
  }
  return { checkpoint, note };
}

function malformed(found: string): Refused {
  return new Refused('checkpoint.malformed', undefined, found);
}
