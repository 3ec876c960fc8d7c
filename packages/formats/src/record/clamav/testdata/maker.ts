import { createHash, generateKeyPairSync, type KeyObject, constants, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../../../container/testdata/archives.ts';
import type { ClamKeys } from '../keys.ts';
import { numberOf, type RsaKey } from '../rsa.ts';

const DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/';

/** A maker of ClamAV databases with keys of its own, as `sigtool` with its own signing server. */
export class Maker {
  readonly keys: ClamKeys;
  readonly #cvd: Pair;
  readonly #info: Pair;
  readonly #cdiff: Pair;

  constructor() {
    this.#cvd = pair(1024);
    this.#info = pair(2048);
    this.#cdiff = pair(2048);
    this.keys = { cvd: this.#cvd.key, info: this.#info.key, cdiff: this.#cdiff.key };
  }

  /** A signed CVD with an `.info` member. */
  cvd(version: number, signatures: number, files: Readonly<Record<string, string>>): Uint8Array {
    const listed = Object.entries(files).map(
      ([name, data]) => `${name}:${Buffer.byteLength(data)}:${sha256(data)}\n`,
    );
    const head = `ClamAV-VDB:23 Nov 2026 10-00 +0000:${version}:${signatures}:90:X:X:maker:1\n${listed.join('')}`;
    const info = `${head}DSIG:${this.#signPss(head, this.#info)}\n`;
    const members = [
      { name: 'COPYING', data: 'free' },
      { name: 'x.info', data: info },
      ...Object.entries(files).map(([name, data]) => ({ name, data })),
    ];
    const body = gzipSync(tarOf(...members));
    const md5 = createHash('md5').update(body).digest();
    const header = `ClamAV-VDB:23 Nov 2026 10-00 +0000:${version}:${signatures}:90:${md5.toString('hex')}:${encoded(power(numberOf(md5), this.#cvd.d, this.#cvd.key.n))}:maker:1`;
    return Buffer.concat([Buffer.from(header.padEnd(512)), body]);
  }

  cdiff(version: number, script: string): Uint8Array {
    const head = Buffer.concat([
      Buffer.from(`ClamAV-Diff:${version}:${Buffer.byteLength(script)}:`),
      gzipSync(script),
    ]);
    return Buffer.concat([head, Buffer.from(`:${this.#signPss(head, this.#cdiff)}`)]);
  }

  #signPss(data: string | Uint8Array, { secret }: Pair): string {
    const signature = sign('sha256', Buffer.from(data), {
      key: secret,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    });
    return encoded(numberOf(signature));
  }
}

interface Pair {
  readonly key: RsaKey;
  readonly d: bigint;
  readonly secret: KeyObject;
}

function pair(modulusLength: number): Pair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const { n, e, d } = privateKey.export({ format: 'jwk' });
  const number = (text: string | undefined) => numberOf(Buffer.from(text!, 'base64url'));
  return { key: { n: number(n), e: number(e) }, d: number(d), secret: privateKey };
}

function power(value: bigint, exponent: bigint, n: bigint): bigint {
  let result = 1n;
  let base = value % n;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * base) % n;
    base = (base * base) % n;
  }
  return result;
}

function encoded(value: bigint): string {
  let text = '';
  for (let left = value; left > 0n; left >>= 6n) text += DIGITS[Number(left & 63n)];
  return text;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
