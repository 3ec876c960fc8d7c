import {
  base64Of,
  bytesOfBase64,
  Refused,
  SEED_SIZE,
  type SignatureScheme,
  sha256,
  signerFromSeed,
  utf8Bytes,
} from '@avow/bytes';
import { isNoteName } from './note.ts';

/** What a key's signatures are over; the number is the key's first byte (signed-note 1.0.0). */
export const KEY_TYPES = {
  ed25519: 0x01,
  cosignature: 0x04,
  subtree: 0x06,
} as const;

export type KeyType = keyof typeof KEY_TYPES;

/** Which scheme a type of key signs with. */
export const SCHEMES: Record<KeyType, SignatureScheme> = {
  ed25519: 'ed25519',
  cosignature: 'ed25519',
  subtree: 'ml-dsa-44',
};

const PUBLIC_SIZES: Record<SignatureScheme, number> = { ed25519: 32, 'ml-dsa-44': 1312 };

/** A public key as notes name it. */
export interface VerifierKey {
  readonly name: string;
  readonly type: KeyType;
  readonly keyId: number;
  readonly publicKey: Uint8Array;
}

/** A private key. Its seed is never printed but by `printSignerKey`. */
export interface SignerKey {
  readonly name: string;
  readonly type: KeyType;
  readonly seed: Uint8Array;
}

/** The first four bytes of SHA-256 over name, line feed, type and public key. */
export function keyIdOf(name: string, type: number, publicKey: Uint8Array): number {
  const head = utf8Bytes(`${name}\n`);
  const bytes = new Uint8Array(head.length + 1 + publicKey.length);
  bytes.set(head);
  bytes[head.length] = type;
  bytes.set(publicKey, head.length + 1);
  return new DataView(sha256(bytes).slice(0, 4).buffer).getUint32(0);
}

/**
 * Reads `name+hex8+base64(type ‖ public key)`.
 *
 * Refuses `key.malformed`, `key.type` for a type of signature unknown here, and
 * `key.id` when the printed id is not the key's.
 */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, id, bytes } = partsOf(text);
  const type = typeOf(bytes);
  const publicKey = bytes.slice(1);
  if (publicKey.length !== PUBLIC_SIZES[SCHEMES[type]]) {
    throw new Refused('key.malformed', undefined, `${publicKey.length} bytes of ${type} key`);
  }
  const keyId = keyIdOf(name, KEY_TYPES[type], publicKey);
  if (hexId(keyId) !== id) {
    throw new Refused('key.id', undefined, `${id} is printed, the key's is ${hexId(keyId)}`);
  }
  return { name, type, keyId, publicKey };
}

export function printVerifierKey(key: VerifierKey): string {
  return `${key.name}+${hexId(key.keyId)}+${base64Of(typed(key.type, key.publicKey))}`;
}

const PRIVATE = 'PRIVATE+KEY+';

/** Reads `PRIVATE+KEY+name+hex8+base64(type ‖ seed)`, as Go's note package. No refusal shows any of it. */
export function parseSignerKey(text: string): SignerKey {
  if (!text.startsWith(PRIVATE)) throw secretMalformed();
  let parts: ReturnType<typeof partsOf>;
  try {
    parts = partsOf(text.slice(PRIVATE.length));
  } catch {
    throw secretMalformed();
  }
  const type = typeOf(parts.bytes);
  const key = { name: parts.name, type, seed: parts.bytes.slice(1) };
  if (key.seed.length !== SEED_SIZE) throw secretMalformed();
  const { keyId } = verifierKeyOf(key);
  if (hexId(keyId) !== parts.id) {
    throw new Refused('key.id', undefined, `${parts.id} is printed, the key's is ${hexId(keyId)}`);
  }
  return key;
}

export function printSignerKey(key: SignerKey): string {
  const { keyId } = verifierKeyOf(key);
  return `${PRIVATE}${key.name}+${hexId(keyId)}+${base64Of(typed(key.type, key.seed))}`;
}

/** The public half. Refuses `key.unavailable` where this Node lacks the scheme. */
export function verifierKeyOf({ name, type, seed }: SignerKey): VerifierKey {
  const signer = signerFromSeed(SCHEMES[type], seed);
  if (signer === undefined) {
    throw new Refused('key.unavailable', undefined, `${SCHEMES[type]} is not in this Node`);
  }
  const { publicKey } = signer;
  return { name, type, keyId: keyIdOf(name, KEY_TYPES[type], publicKey), publicKey };
}

function partsOf(text: string): { name: string; id: string; bytes: Uint8Array } {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  const name = text.slice(0, Math.max(first, 0));
  const id = text.slice(first + 1, Math.max(second, 0));
  const bytes = second === -1 ? undefined : bytesOfBase64(text.slice(second + 1));
  if (!isNoteName(name) || !/^[0-9a-f]{8}$/.test(id) || bytes === undefined || bytes.length < 2) {
    throw new Refused('key.malformed', undefined, 'not of the form name+12345678+base64');
  }
  return { name, id, bytes };
}

function typeOf(bytes: Uint8Array): KeyType {
  for (const [type, number] of Object.entries(KEY_TYPES)) {
    if (number === bytes[0]) return type as KeyType;
  }
  throw new Refused('key.type', undefined, `a signature type ${bytes[0]}`);
}

function typed(type: KeyType, key: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + key.length);
  bytes[0] = KEY_TYPES[type];
  bytes.set(key, 1);
  return bytes;
}

function hexId(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}

function secretMalformed(): Refused {
  return new Refused(
    'key.malformed',
    undefined,
    'not of the form PRIVATE+KEY+name+12345678+base64',
  );
}
