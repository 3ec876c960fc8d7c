import { type Digest, hexOf, sha256 } from '@avow/bytes';

/** Bytes of a SHA-256. */
export const HASH_SIZE = 32;

/** The root of a tree without entries (RFC 6962, 2.1): SHA-256 of nothing. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/** Hash of an entry (RFC 6962, 2.1): SHA-256 of a zero byte and the entry. */
export function leafHash(entry: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(entry.length + 1);
  prefixed.set(entry, 1);
  return sha256(prefixed);
}

/** Hash of a node (RFC 6962, 2.1): SHA-256 of a one byte and its two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + 2 * HASH_SIZE);
  prefixed[0] = 1;
  prefixed.set(left, 1);
  prefixed.set(right, 1 + HASH_SIZE);
  return sha256(prefixed);
}

export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  return one.every((byte, index) => byte === other[index]);
}

/** A hash of the tree in the form of a digest: `sha256:` and hex. */
export function hashDigest(hash: Uint8Array): Digest {
  return `sha256:${hexOf(hash)}`;
}
