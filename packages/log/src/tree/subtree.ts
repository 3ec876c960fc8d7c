/** Entries [start, end) of a log. */
export interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * True when the entries [start, end) hang under one node of their own tree
 * (Merkle Tree Certificates draft, 4.1): start is a multiple of the smallest
 * power of two that is not less than the number of entries.
 */
export function isSubtree({ start, end }: Span): boolean {
  if (start < 0n || end <= start) return false;
  return start % ceilPowerOfTwo(end - start) === 0n;
}

/** The smallest power of two that is not less than `n`. */
function ceilPowerOfTwo(n: bigint): bigint {
  return 1n << BigInt(bitLength(n - 1n));
}

/** The largest power of two that is less than `n`, for n of at least 2 (RFC 6962, 2.1). */
export function splitOf(n: bigint): bigint {
  return 1n << BigInt(bitLength(n - 1n) - 1);
}

/** The number of bits of a value that is not negative; 0 for 0. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}
