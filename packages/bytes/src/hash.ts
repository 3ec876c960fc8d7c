import { hash } from 'node:crypto';

/** Hash functions that outside formats name; for our own statements only SHA-256 is used. */
export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** The hash of bytes by a function that a format prescribes. */
export function hashOf(name: HashName, data: Uint8Array): Uint8Array {
  return hash(name, data, 'buffer');
}
