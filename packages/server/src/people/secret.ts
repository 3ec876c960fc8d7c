import { createHash, randomBytes } from 'node:crypto';

/** A secret that nobody guesses: 256 bits, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A name that nothing else has: 128 bits, base64url, 22 letters. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * What is kept of a secret: SHA-256, hex. A secret of 256 bits needs no salt and
 * no slowness; passwords do, and have them.
 */
export function secretDigest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
