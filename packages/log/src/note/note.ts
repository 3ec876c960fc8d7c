import { base64Of, bytesOfBase64, Refused, utf8Bytes, utf8Text } from '@avow/bytes';

/** A line under a note: who says to have signed, and the bytes after the key's id. */
export interface NoteSignature {
  readonly name: string;
  /** The first four bytes of the key's hash, most significant first. */
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/** A signed note (C2SP signed-note 1.0.0): a text that ends in a line feed, and signatures. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A key that can check a signature of a note's text. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  isSigned(text: Uint8Array, signature: Uint8Array): boolean;
}

/** A key that can sign a note's text. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  sign(text: Uint8Array): Uint8Array;
}

/** No checkpoint comes near; a larger note is made to cost memory. */
const MAX_NOTE_SIZE = 1_000_000;
/** As Go's reader: above it, a note is made to cost time. The spec asks for at least 16. */
const MAX_SIGNATURES = 100;
const DASH = '— ';
/** Of a name: Unicode white space and the plus sign, which would end it. */
const NOT_IN_NAME = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;

const LONE_SURROGATE = /[\ud800-\udfff]/u;

export function isNoteName(name: string): boolean {
  return name !== '' && !LONE_SURROGATE.test(name) && !NOT_IN_NAME.test(name);
}

/**
 * Reads a note without verifying anything.
 *
 * The text ends at the last blank line, which is not part of it; the first one
 * may lie in the text. Refuses `note.malformed` and `note.signature-line`.
 */
export function parseNote(bytes: Uint8Array): Note {
  if (bytes.length > MAX_NOTE_SIZE) throw malformed(`${bytes.length} bytes`);
  const all = utf8Text(bytes);
  if (all === undefined) throw malformed('not UTF-8');
  if (/[\0-\x09\x0b-\x1f]/.test(all)) throw malformed('a control character');
  const split = all.lastIndexOf('\n\n');
  if (split === -1) throw malformed('no blank line before signatures');
  const lines = all.slice(split + 2);
  if (!lines.endsWith('\n')) throw malformed('no signature, or its line does not end');
  const signatures = lines.slice(0, -1).split('\n').map(parseSignatureLine);
  if (signatures.length > MAX_SIGNATURES) throw malformed(`${signatures.length} signatures`);
  return { text: all.slice(0, split + 1), signatures };
}

/** Reads one line `— name base64`, without its line feed. Refuses `note.signature-line`. */
export function parseSignatureLine(line: string): NoteSignature {
  const [name = '', encoded = '', ...more] = line.startsWith(DASH)
    ? line.slice(DASH.length).split(' ')
    : [];
  const bytes = bytesOfBase64(encoded);
  if (more.length > 0 || !isNoteName(name) || bytes === undefined || bytes.length < 5) {
    throw new Refused('note.signature-line', undefined, JSON.stringify(line.slice(0, 120)));
  }
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return { name, keyId, signature: bytes.subarray(4) };
}

/** The line of a signature, with its line feed. */
export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  const bytes = new Uint8Array(4 + signature.length);
  new DataView(bytes.buffer).setUint32(0, keyId);
  bytes.set(signature, 4);
  return `${DASH}${name} ${base64Of(bytes)}\n`;
}

export function printNote(note: Note): Uint8Array {
  return utf8Bytes(`${note.text}\n${note.signatures.map(signatureLine).join('')}`);
}

/** Signs a text, which must end in a line feed. Refuses `note.malformed`. */
export function signNote(text: string, signers: readonly NoteSigner[]): Note {
  if (!text.endsWith('\n')) throw malformed('the text does not end in a line feed');
  const bytes = utf8Bytes(text);
  return {
    text,
    signatures: signers.map((signer) => ({
      name: signer.name,
      keyId: signer.keyId,
      signature: signer.sign(bytes),
    })),
  };
}

/**
 * The verifiers whose signature is under the note, each once.
 *
 * Unknown keys are passed over. One known key with a bad signature condemns
 * the whole note: `note.bad-signature`. No good one at all: `note.unverified`.
 */
export function verifyNote<V extends NoteVerifier>(
  note: Note,
  verifiers: readonly V[],
): readonly V[] {
  const signed = signersOf(note, verifiers);
  if (signed.length > 0) return signed;
  const names = [...new Set(note.signatures.map(({ name }) => name))].join(', ');
  throw new Refused('note.unverified', undefined, `signed by ${names}, none of them known`);
}

/** As `verifyNote`, for keys that may be missing, such as witnesses: none is an answer too. */
export function signersOf<V extends NoteVerifier>(
  note: Note,
  verifiers: readonly V[],
): readonly V[] {
  const text = utf8Bytes(note.text);
  const signed = new Set<V>();
  for (const { name, keyId, signature } of note.signatures) {
    const verifier = verifiers.find((known) => known.name === name && known.keyId === keyId);
    if (verifier === undefined || signed.has(verifier)) continue;
    if (!verifier.isSigned(text, signature)) {
      throw new Refused('note.bad-signature', undefined, `the signature of ${name}`);
    }
    signed.add(verifier);
  }
  return [...signed];
}

function malformed(found: string): Refused {
  return new Refused('note.malformed', undefined, found);
}
