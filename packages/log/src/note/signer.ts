import { type RawSigner, Refused, signerFromSeed, verifierOf } from '@avow/bytes';
import type { Span } from '../tree/subtree.ts';
import {
  type CosignedAt,
  checkpointIn,
  cosignedText,
  joinCosignature,
  splitCosignature,
  subtreeMessage,
} from './cosignature.ts';
import { type KeyType, SCHEMES, type SignerKey, type VerifierKey, verifierKeyOf } from './key.ts';
import type { NoteSigner, NoteVerifier } from './note.ts';

/** Gives the time of signing, in seconds since 1970. */
export type Now = () => CosignedAt;

/** A verifier for a key of any type. Refuses `key.unavailable` where this Node lacks its scheme. */
export function noteVerifier(key: VerifierKey): NoteVerifier {
  const isRaw = verifierOf(SCHEMES[key.type], key.publicKey);
  if (isRaw === undefined) {
    throw new Refused('key.unavailable', undefined, `${key.name}: no ${SCHEMES[key.type]} here`);
  }
  const checks: Record<KeyType, NoteVerifier['isSigned']> = {
    ed25519: isRaw,
    cosignature: (text, bytes) => {
      const { time, signature } = splitCosignature(bytes);
      return time !== 0n && isRaw(cosignedText(time, text), signature);
    },
    subtree: (text, bytes) => {
      const { time, signature } = splitCosignature(bytes);
      const checkpoint = checkpointIn(text);
      if (checkpoint === undefined || time === 0n) return false;
      const { origin, size, root } = checkpoint;
      const span = { start: 0n, end: size };
      return isRaw(
        subtreeMessage({ cosigner: key.name, time, origin, span, hash: root }),
        signature,
      );
    },
  };
  const isSigned = checks[key.type];
  return {
    name: key.name,
    keyId: key.keyId,
    isSigned: (text, signature) => isSignedOrMalformed(() => isSigned(text, signature)),
  };
}

/** A signer for a key of any type; `now` dates cosignatures. */
export function noteSigner(key: SignerKey, now: Now): NoteSigner {
  const { name, type } = key;
  const { keyId } = verifierKeyOf(key);
  const raw = rawSigner(key);
  const makes: Record<KeyType, NoteSigner['sign']> = {
    ed25519: (text) => raw.sign(text),
    cosignature: (text) => {
      const time = timeOf(now);
      return joinCosignature(time, raw.sign(cosignedText(time, text)));
    },
    subtree: (text) => {
      const time = timeOf(now);
      const checkpoint = checkpointIn(text);
      if (checkpoint === undefined) {
        throw new Refused('checkpoint.malformed', undefined, 'nothing that ML-DSA could cosign');
      }
      const { origin, size, root } = checkpoint;
      const span = { start: 0n, end: size };
      const message = subtreeMessage({ cosigner: name, time, origin, span, hash: root });
      return joinCosignature(time, raw.sign(message));
    },
  };
  return { name, keyId, sign: makes[type] };
}

/** Signs an inner subtree, without a time. The caller has verified that it is part of the log. */
export function signSubtree(
  key: SignerKey,
  origin: string,
  span: Span,
  hash: Uint8Array,
): Uint8Array {
  const message = subtreeMessage({ cosigner: key.name, time: 0n, origin, span, hash });
  return joinCosignature(0n, rawSigner(key).sign(message));
}

/** True when `signature` is the key's over an inner subtree, without a time. */
export function isSubtreeSigned(
  key: VerifierKey,
  origin: string,
  span: Span,
  hash: Uint8Array,
  bytes: Uint8Array,
): boolean {
  const isRaw = verifierOf(SCHEMES[key.type], key.publicKey);
  return isSignedOrMalformed(() => {
    const { time, signature } = splitCosignature(bytes);
    if (time !== 0n || isRaw === undefined) return false;
    return isRaw(subtreeMessage({ cosigner: key.name, time, origin, span, hash }), signature);
  });
}

function rawSigner(key: SignerKey): RawSigner {
  const raw = signerFromSeed(SCHEMES[key.type], key.seed);
  if (raw === undefined) {
    throw new Refused('key.unavailable', undefined, `${key.name}: no ${SCHEMES[key.type]} here`);
  }
  return raw;
}

/** A clock before 1970 or at 0 must not date a cosignature: 0 means "not dated". */
function timeOf(now: Now): CosignedAt {
  const time = now();
  if (time <= 0n) throw new Refused('cosignature.time', undefined, `the clock says ${time}`);
  return time;
}

/** A malformed signature of a known key is a bad one. */
function isSignedOrMalformed(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
