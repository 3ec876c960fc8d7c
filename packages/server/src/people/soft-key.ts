import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const SITE = 'localhost';
const ORIGIN = 'http://localhost';

/** An authenticator in software: what a browser would give (WebAuthn Level 3, 6.1, 6.5). */
export class SoftKey {
  readonly id: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  #count = 0;

  constructor(id = randomBytes(32).toString('base64url')) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.id = id;
    this.#private = pair.privateKey;
    this.#public = pair.publicKey;
  }

  create(challenge: string) {
    const { x, y } = this.#public.export({ format: 'jwk' });
    const cose = isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x!, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y!, 'base64url'))],
      ]),
    );
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const authData = Buffer.concat([this.#data(0x45), Buffer.alloc(16), length, id, cose]);
    const attestationObject = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ]) as never,
    );
    return this.#credential({
      clientDataJSON: clientData('webauthn.create', challenge, ORIGIN).toString('base64url'),
      attestationObject: Buffer.from(attestationObject).toString('base64url'),
      transports: ['internal'],
    });
  }

  get(challenge: string, origin = ORIGIN) {
    const authData = this.#data(0x05);
    const client = clientData('webauthn.get', challenge, origin);
    const signed = Buffer.concat([authData, createHash('sha256').update(client).digest()]);
    return this.#credential({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', signed, this.#private).toString('base64url'),
    });
  }

  #data(flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(++this.#count);
    const site = createHash('sha256').update(SITE).digest();
    return Buffer.concat([site, Buffer.from([flags]), counter]);
  }

  #credential(response: object) {
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response,
    };
  }
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
