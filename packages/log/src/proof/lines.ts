import { bytesOfBase64 } from '@avow/bytes';
import { HASH_SIZE } from '../tree/hash.ts';
import type { ProofPath } from './verify.ts';

/** The most hashes a proof in a tree of less than 2^63 entries can have. */
export const MAX_PROOF_HASHES = 63;

/** Lines of base64 hashes as a proof, or undefined when one is none or there are too many. */
export function proofOfLines(lines: readonly string[]): ProofPath | undefined {
  if (lines.length > MAX_PROOF_HASHES) return undefined;
  const proof = lines.map((line) => bytesOfBase64(line));
  return proof.every((hash) => hash?.length === HASH_SIZE) ? (proof as Uint8Array[]) : undefined;
}
