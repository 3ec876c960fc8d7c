import { createHash } from 'node:crypto';

export interface Work {
  readonly challenge: string;
  readonly nonce: string;
}

/** Zero bits at the beginning of SHA-256 of challenge and nonce. */
export function zeroBits({ challenge, nonce }: Work): number {
  const digest = createHash('sha256').update(`${challenge}${nonce}`).digest();
  const word = digest.readUInt32BE(0);
  return Math.clz32(word);
}

/** A nonce with enough zero bits. */
export function nonceFor(challenge: string, bits: number): string {
  for (let count = 0; ; count += 1) {
    const nonce = count.toString(36);
    if (zeroBits({ challenge, nonce }) >= bits) return nonce;
  }
}
