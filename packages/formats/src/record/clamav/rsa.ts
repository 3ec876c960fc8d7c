import { type HashName, hashOf } from '@avow/bytes';

/** An RSA public key. */
export interface RsaKey {
  readonly n: bigint;
  readonly e: bigint;
}

/** Keys above this are refused before any arithmetic: a CPU attack. */
const MAX_KEY_BITS = 8192;

/** `value ^ e mod n`; 0 for a key or value out of bounds, which no check accepts. */
export function rsaPower(value: bigint, { n, e }: RsaKey): bigint {
  if (value >= n || n.toString(2).length > MAX_KEY_BITS || e > 0xffff_ffffn) return 0n;
  let result = 1n;
  let base = value % n;
  for (let exponent = e; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % n;
    base = (base * base) % n;
  }
  return result;
}

export function numberOf(bytes: Uint8Array): bigint {
  let hex = '0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(`0x${hex}`);
}

/** `value` as `size` bytes, big end first. */
export function bytesOfNumber(value: bigint, size: number): Uint8Array {
  const hex = value.toString(16).padStart(size * 2, '0');
  return Uint8Array.from({ length: size }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

const SALT_BYTES = 32;

/**
 * RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 8017, 8.1.2), as
 * freshclam checks it: the message is given as its hash, and of the encoded
 * message only the top bit is cleared. ClamAV's moduli have 2,047 bits, for
 * which Node's check clears one bit more and refuses 1 signature of 11.
 */
export function isPssSigned(hash: Uint8Array, signature: bigint, key: RsaKey): boolean {
  const size = 256;
  const em = bytesOfNumber(rsaPower(signature, key), size);
  if (em[size - 1] !== 0xbc) return false;
  const h = em.subarray(size - 33, size - 1);
  const mask = mgf1(h, size - 33);
  const db = em.subarray(0, size - 33).map((byte, at) => byte ^ mask[at]!);
  db[0]! &= 0x7f;
  const one = db.findIndex((byte) => byte !== 0);
  if (one === -1 || db[one] !== 1 || db.length - one - 1 !== SALT_BYTES) return false;
  return isSame(h, hashOf('sha256', concat(new Uint8Array(8), hash, db.subarray(one + 1))));
}

function mgf1(seed: Uint8Array, size: number): Uint8Array {
  const mask = new Uint8Array(Math.ceil(size / 32) * 32);
  for (let counter = 0; counter * 32 < size; counter++)
    mask.set(hashOf('sha256', concat(seed, bytesOfNumber(BigInt(counter), 4))), counter * 32);
  return mask.subarray(0, size);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** DER of `DigestInfo` up to the hash (RFC 8017, 9.2, note 1). */
const DIGEST_INFO: Readonly<Partial<Record<HashName, string>>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2): the encoded message is built and compared whole. */
export function isPkcs1Signed(
  message: Uint8Array,
  signature: Uint8Array,
  key: RsaKey,
  name: HashName,
): boolean {
  const prefix = DIGEST_INFO[name];
  if (prefix === undefined) return false;
  const size = Math.ceil(key.n.toString(16).length / 2);
  const info = concat(
    bytesOfNumber(BigInt(`0x${prefix}`), prefix.length / 2),
    hashOf(name, message),
  );
  if (size < info.length + 11) return false;
  const padding = new Uint8Array(size - info.length - 3).fill(0xff);
  const wanted = concat(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info);
  return isSame(bytesOfNumber(rsaPower(numberOf(signature), key), size), wanted);
}
