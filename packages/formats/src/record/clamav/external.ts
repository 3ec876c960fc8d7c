import { bytesOfBase64, type HashName, hashOf, latin1Text, Refused } from '@avow/bytes';
import { childrenOf, type DerNode, derAt, oidOf } from './der.ts';
import { isPkcs1Signed, numberOf, type RsaKey } from './rsa.ts';

/**
 * Verifies a ClamAV 1.5 external signature: `#clamsign-1.0`, then lines
 * `<minimum level>:<maximum level>:pkcs7-pem:<base64 of DER>`; each a detached
 * CMS SignedData (RFC 5652) over the file, certificates within, RSA.
 *
 * The chain must end at one of `roots` (DER certificates). Validity dates are
 * not held against a clock: a result must not change with the day.
 * Refuses `clamav.external` for what is no such file.
 */
export function externalState(
  file: Uint8Array,
  sign: Uint8Array,
  roots: readonly Uint8Array[],
): ExternalState {
  const lines = latin1Text(sign).split(/\r?\n/);
  if (lines[0] !== '#clamsign-1.0')
    throw new Refused('clamav.external', 0, 'the first line is not #clamsign-1.0');
  const trusted = roots.map((root) => certificateOf(derAt(root, 0)));
  const states = lines.slice(1).map((line) => {
    const base64 = /^\d*:\d*:pkcs7-pem:([A-Za-z0-9+/=]+)$/.exec(line)?.[1];
    const der = base64 === undefined ? undefined : bytesOfBase64(base64);
    return der === undefined ? 'bad' : signedDataState(file, der, trusted);
  });
  return best(states);
}

/** `bad`: not over these bytes; `unknown-key`: over them, by someone whom no root vouches for. */
export type ExternalState = 'good' | 'bad' | 'unknown-key';

/** One signature that holds is enough: lines are for engines of other levels. */
function best(states: readonly ExternalState[]): ExternalState {
  if (states.includes('good')) return 'good';
  return states.includes('unknown-key') ? 'unknown-key' : 'bad';
}

/** Whether `externalState` is `good`. */
export function isExternallySigned(
  file: Uint8Array,
  sign: Uint8Array,
  roots: readonly Uint8Array[],
): boolean {
  return externalState(file, sign, roots) === 'good';
}

/** Parts that are not there are met as `undefined`: the structure is not the one of RFC 5652. */
function signedDataState(
  file: Uint8Array,
  der: Uint8Array,
  roots: readonly Certificate[],
): ExternalState {
  try {
    return signersState(file, der, roots);
  } catch (error) {
    if (error instanceof TypeError)
      throw new Refused('clamav.external', undefined, 'not the parts of a CMS SignedData');
    throw error;
  }
}

interface Certificate {
  readonly body: Uint8Array;
  readonly issuer: string;
  readonly subject: string;
  readonly serial: bigint;
  readonly key: RsaKey;
  readonly algorithm: HashName | undefined;
  readonly signature: Uint8Array;
  readonly isAuthority: boolean;
}

const RSA_HASH: Readonly<Record<string, HashName>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};
const HASH: Readonly<Record<string, HashName>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** X.509 (RFC 5280, 4.1). */
function certificateOf(node: DerNode): Certificate {
  const [body, algorithm, signature] = childrenOf(node);
  const fields = childrenOf(body!);
  const at = fields[0]!.tag === 0xa0 ? 1 : 0;
  const [serial, , issuer, , subject, keyInfo] = fields.slice(at);
  const bits = childrenOf(keyInfo!)[1]!.content;
  const [n, e] = childrenOf(derAt(bits, 1));
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  return {
    body: body!.whole,
    issuer: latin1Text(issuer!.content),
    subject: latin1Text(subject!.content),
    serial: numberOf(serial!.content),
    key: { n: numberOf(n!.content), e: numberOf(e!.content) },
    algorithm: RSA_HASH[oidOf(childrenOf(algorithm!)[0]!)],
    signature: signature!.content.subarray(1),
    isAuthority: extensions !== undefined && hasAuthority(extensions),
  };
}

/** Basic constraints (2.5.29.19) with `cA` true. */
function hasAuthority(extensions: DerNode): boolean {
  return childrenOf(childrenOf(extensions)[0]!).some((extension) => {
    const parts = childrenOf(extension);
    if (oidOf(parts[0]!) !== '2.5.29.19') return false;
    const [first] = childrenOf(derAt(parts.at(-1)!.content, 0));
    return first?.tag === 0x01 && first.content[0] === 0xff;
  });
}

/** More certificates than a chain has. */
const MAX_CERTIFICATES = 16;

function signersState(
  file: Uint8Array,
  der: Uint8Array,
  roots: readonly Certificate[],
): ExternalState {
  const signedData = childrenOf(childrenOf(childrenOf(derAt(der, 0))[1]!)[0]!);
  const stored = signedData.find(({ tag }) => tag === 0xa0);
  const signers = childrenOf(signedData.at(-1)!);
  if (stored === undefined) return 'bad';
  const certificates = childrenOf(stored).slice(0, MAX_CERTIFICATES).map(certificateOf);
  const states = signers.map((signer): ExternalState => {
    const fields = childrenOf(signer);
    const [issuer, serial] = childrenOf(fields[1]!);
    const name = latin1Text(issuer!.content);
    const number = numberOf(serial!.content);
    const by = certificates.find((one) => one.issuer === name && one.serial === number);
    if (by === undefined || !isSignedBy(file, fields, by)) return 'bad';
    return leadsTo(by, certificates, roots) ? 'good' : 'unknown-key';
  });
  return best(states);
}

/** The signature is over the signed attributes as a SET; they hold the file's digest (RFC 5652, 5.4). */
function isSignedBy(file: Uint8Array, fields: readonly DerNode[], by: Certificate): boolean {
  const hash = HASH[oidOf(childrenOf(fields[2]!)[0]!)];
  const attributes = fields[3]!;
  const signature = fields.find(({ tag }) => tag === 0x04);
  if (hash === undefined || attributes.tag !== 0xa0 || signature === undefined) return false;
  const digest = childrenOf(attributes).find(
    (attribute) => oidOf(childrenOf(attribute)[0]!) === '1.2.840.113549.1.9.4',
  );
  if (digest === undefined) return false;
  const stated = childrenOf(childrenOf(digest)[1]!)[0]!.content;
  const found = hashOf(hash, file);
  if (stated.length !== found.length || !stated.every((byte, at) => byte === found[at]))
    return false;
  const set = Uint8Array.from(attributes.whole);
  set[0] = 0x31;
  return isPkcs1Signed(set, signature.content, by.key, hash);
}

function leadsTo(
  from: Certificate,
  certificates: readonly Certificate[],
  roots: readonly Certificate[],
): boolean {
  let current = from;
  for (let step = 0; step < MAX_CERTIFICATES; step++) {
    const root = roots.find((one) => one.subject === current.issuer);
    if (root !== undefined && isIssuedBy(current, root)) return true;
    const next = certificates.find(
      (one) => one.subject === current.issuer && one.isAuthority && one !== current,
    );
    if (next === undefined || !isIssuedBy(current, next)) return false;
    current = next;
  }
  return false;
}

function isIssuedBy(certificate: Certificate, by: Certificate): boolean {
  return (
    certificate.algorithm !== undefined &&
    isPkcs1Signed(certificate.body, certificate.signature, by.key, certificate.algorithm)
  );
}
