import { openCheckpoint, type SignedCheckpoint } from '../note/checkpoint.ts';
import { laterOf, splitCosignature } from '../note/cosignature.ts';
import { type NoteVerifier, signersOf } from '../note/note.ts';
import { noteVerifier } from '../note/signer.ts';
import { isQuorumMet, type Policy } from './policy.ts';

/** A checkpoint that one of the policy's logs signed, and what its witnesses say. */
export interface HeldCheckpoint extends SignedCheckpoint {
  /** The policy's names of the witnesses that cosigned. */
  readonly witnesses: readonly string[];
  readonly isQuorumMet: boolean;
  /** The latest time that a witness put on it, in seconds since 1970; undefined without witness. */
  readonly witnessedAt: bigint | undefined;
}

/**
 * Verifies a checkpoint note against a policy, for one log.
 *
 * An unmet quorum is an answer, not a refusal. Refuses what `openCheckpoint`
 * does; a bad signature of a known witness condemns the note.
 */
export function holdCheckpoint(policy: Policy, origin: string, bytes: Uint8Array): HeldCheckpoint {
  const logKeys = policy.logs
    .filter(({ key }) => key.name === origin)
    .map(({ key }) => noteVerifier(key));
  const signed = openCheckpoint(bytes, origin, logKeys);
  const cosigners = policy.witnesses.map(({ name, key }) => ({
    ...noteVerifier(key),
    witness: name,
  }));
  const agreed = signersOf(signed.note, cosigners);
  const witnesses = agreed.map(({ witness }) => witness);
  return {
    ...signed,
    witnesses,
    isQuorumMet: isQuorumMet(policy, new Set(witnesses)),
    witnessedAt: latestTime(signed, agreed),
  };
}

function latestTime(
  { note }: SignedCheckpoint,
  agreed: readonly NoteVerifier[],
): bigint | undefined {
  const times = note.signatures
    .filter(({ name, keyId }) => agreed.some((key) => key.name === name && key.keyId === keyId))
    .map(({ signature }) => splitCosignature(signature).time);
  return times.length === 0 ? undefined : times.reduce(laterOf);
}
