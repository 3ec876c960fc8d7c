import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { bytesOfHex } from './encoding.ts';

/** The signature schemes of transparency logs: RFC 8032 and FIPS 204. */
export type SignatureScheme = 'ed25519' | 'ml-dsa-44';

/** What turns raw keys into the DER that node:crypto takes. */
interface Wrapping {
  readonly publicSize: number;
  /** SubjectPublicKeyInfo before the raw public key (RFC 8410; RFC 9881). */
  readonly spki: Uint8Array;
  /** PKCS #8 before the 32-byte seed, in its seed-only form. */
  readonly pkcs8: Uint8Array;
}

const WRAPPINGS: Record<SignatureScheme, Wrapping> = {
  ed25519: {
    publicSize: 32,
    spki: bytesOfHex('302a300506032b6570032100')!,
    pkcs8: bytesOfHex('302e020100300506032b657004220420')!,
  },
  'ml-dsa-44': {
    publicSize: 1312,
    spki: bytesOfHex('30820532300b06096086480165030403110382052100')!,
    pkcs8: bytesOfHex('3034020100300b060960864801650304031104228020')!,
  },
};

/** Size of every private key here: both schemes grow their keys from a seed of 32 bytes. */
export const SEED_SIZE = 32;

export interface RawSigner {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** True when the signature is the key's over the message. Never throws on hostile bytes. */
export type RawVerifier = (message: Uint8Array, signature: Uint8Array) => boolean;

/** A signer from its 32-byte seed, or undefined where this Node lacks the scheme. */
export function signerFromSeed(scheme: SignatureScheme, seed: Uint8Array): RawSigner | undefined {
  if (seed.length !== SEED_SIZE) return undefined;
  const key = orUndefined(() =>
    createPrivateKey({
      key: wrapped(WRAPPINGS[scheme].pkcs8, seed),
      format: 'der',
      type: 'pkcs8',
    }),
  );
  if (key === undefined) return undefined;
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(spki.subarray(WRAPPINGS[scheme].spki.length)),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

/** A verifier from a raw public key, or undefined where the key or the scheme is not usable. */
export function verifierOf(
  scheme: SignatureScheme,
  publicKey: Uint8Array,
): RawVerifier | undefined {
  if (publicKey.length !== WRAPPINGS[scheme].publicSize) return undefined;
  const key = orUndefined(() =>
    createPublicKey({
      key: wrapped(WRAPPINGS[scheme].spki, publicKey),
      format: 'der',
      type: 'spki',
    }),
  );
  if (key === undefined) return undefined;
  return (message, signature) => orUndefined(() => verify(null, message, key, signature)) ?? false;
}

/** A new private seed from the system's randomness. */
export function newSeed(): Uint8Array {
  return new Uint8Array(randomBytes(SEED_SIZE));
}

function wrapped(head: Uint8Array, tail: Uint8Array): NonSharedBuffer {
  return Buffer.concat([head, tail]);
}

/** node:crypto throws for keys it cannot use; to the callers that is an answer, not a fault. */
function orUndefined<T extends KeyObject | boolean>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
