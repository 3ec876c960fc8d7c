import { hash } from 'node:crypto';

/** `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`;

/** SHA-256 (FIPS 180-4) of bytes, or of a text's UTF-8. */
export function digestOf(data: Uint8Array | string): Digest {
  return `sha256:${hash('sha256', data)}`;
}
