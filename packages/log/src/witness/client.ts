import { Refused, utf8Text } from '@avow/bytes';
import { parseCheckpoint } from '../note/checkpoint.ts';
import {
  type NoteSignature,
  type NoteVerifier,
  parseNote,
  parseSignatureLine,
  signersOf,
} from '../note/note.ts';
import type { ProofPath } from '../proof/verify.ts';
import { parseDecimal } from '../tree/decimal.ts';
import { printAddCheckpoint } from './request.ts';

/** A witness as the log reaches it: keys to expect, and a way to send it bodies. */
export interface Witness {
  /** For messages. */
  readonly name: string;
  /** The keys that this witness may cosign with; at least one must. */
  readonly keys: readonly NoteVerifier[];
  /** Posts to `add-checkpoint`. Rejects when the witness cannot be reached in time. */
  addCheckpoint(body: Uint8Array): Promise<WitnessReply>;
}

export interface WitnessReply {
  readonly status: number;
  readonly body: Uint8Array;
}

/** What to have cosigned, and how to prove that it continues a smaller tree. */
export interface CosignRequest {
  readonly checkpoint: Uint8Array;
  /** The last size this witness is known to have cosigned; 0 when nothing is known. */
  readonly knownSize: bigint;
  consistency(olderSize: bigint): Promise<ProofPath>;
}

/** Enough to learn a size and to lose once against another sender. */
const MAX_ATTEMPTS = 3;

/**
 * Has a checkpoint cosigned by one witness.
 *
 * Refuses `witness.ahead` when the witness has cosigned a larger tree of this
 * log than ours: the log was restored from an old copy, or forked. Refuses
 * `witness.refused` for any other answer than a good cosignature.
 */
export async function requestCosignature(
  witness: Witness,
  request: CosignRequest,
): Promise<readonly NoteSignature[]> {
  const note = parseNote(request.checkpoint);
  const { size } = parseCheckpoint(note.text);
  let old = request.knownSize;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const proof = await request.consistency(old);
    const body = printAddCheckpoint({ old, proof, checkpoint: request.checkpoint });
    const reply = await witness.addCheckpoint(body);
    if (reply.status === 200) return cosignaturesIn(reply.body, witness, note.text);
    if (reply.status !== 409) throw refused(witness, reply);
    const theirs = parseDecimal((utf8Text(reply.body) ?? '').trimEnd());
    // A 409 for the size that was sent is how one witness in use reports another root.
    if (theirs === undefined || theirs === old) throw refused(witness, reply);
    if (theirs > size) {
      throw new Refused(
        'witness.ahead',
        undefined,
        `${witness.name} has cosigned ${theirs} entries of this log, which has ${size}`,
      );
    }
    old = theirs;
  }
  throw new Refused(
    'witness.refused',
    undefined,
    `${witness.name} changes its size at each request`,
  );
}

function cosignaturesIn(
  body: Uint8Array,
  witness: Witness,
  text: string,
): readonly NoteSignature[] {
  const lines = (utf8Text(body) ?? '').split('\n').filter((line) => line !== '');
  const signatures = lines.map(parseSignatureLine);
  const signed = signersOf({ text, signatures }, witness.keys);
  if (signed.length === 0) {
    throw new Refused(
      'witness.refused',
      undefined,
      `${witness.name} signed with no key of its own`,
    );
  }
  return signatures.filter(({ name, keyId }) =>
    signed.some((key) => key.name === name && key.keyId === keyId),
  );
}

function refused({ name }: Witness, { status, body }: WitnessReply): Refused {
  const text = (utf8Text(body) ?? '').slice(0, 200).trim();
  return new Refused('witness.refused', undefined, `${name} answers ${status}: ${text}`);
}
