import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64Of, bytesOfBase64, hexOf, sha256, utf8Bytes, utf8Text } from '@avow/bytes';
import {
  type KeyType,
  noteSigner,
  noteVerifier,
  openCheckpoint,
  originPath,
  parseCheckpoint,
  parseNote,
  parseSignerKey,
  parseVerifierKey,
  printCheckpoint,
  printNote,
  printSignerKey,
  printVerifierKey,
  signersOf,
  signNote,
  subtreeMessage,
  tilePath,
  verifierKeyOf,
  verifyNote,
  widthOf,
} from '../index.ts';

/** The self-contained log of tessera's testdata: a key made for tests. */
const SKEY =
  'PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg';
const VKEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';
const CHECKPOINT = `example.com/log/testdata
15
rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=

— example.com/log/testdata M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=
`;
const NOW = () => 1_679_315_147n;

test('keys and a signed checkpoint come out as Go makes them, byte for byte', () => {
  const key = parseSignerKey(SKEY);
  assert.equal(printSignerKey(key), SKEY);
  assert.equal(printVerifierKey(verifierKeyOf(key)), VKEY);
  const note = parseNote(utf8Bytes(CHECKPOINT));
  assert.equal(utf8Text(printNote(signNote(note.text, [noteSigner(key, NOW)]))), CHECKPOINT);
  const verifier = noteVerifier(parseVerifierKey(VKEY));
  const { checkpoint } = openCheckpoint(utf8Bytes(CHECKPOINT), verifier.name, [verifier]);
  assert.equal(checkpoint.size, 15n);
  assert.equal(printCheckpoint(checkpoint), note.text);
});

test('the message of an ML-DSA cosignature has the bytes of the specification', () => {
  const message = subtreeMessage({
    cosigner: 'witness.example/w1',
    time: 1_679_315_147n,
    origin: 'example.com/behind-the-sofa',
    span: { start: 0n, end: 20_852_163n },
    hash: bytesOfBase64('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=')!,
  });
  assert.equal(message.length, 115);
  const digest = '2579186054122e76601fad0c5fd13a804be662d95f6cecfd2974172e5e37a452';
  assert.equal(hexOf(sha256(message)), digest);
});

test('a log has the monitoring path of the specification', () => {
  const expected = '5fd2dc0beb4ce54da5050cf6d5c75248b023abad441c3cecde3976fbe9da4fe4';
  assert.equal(originPath('example.com/behind-the-sofa'), expected);
});

test('tiles have the paths and widths of the specification', () => {
  assert.equal(tilePath({ kind: 0, index: 5n, width: 256 }), 'tile/0/005');
  assert.equal(tilePath({ kind: 1, index: 1_234_067n, width: 8 }), 'tile/1/x001/x234/067.p/8');
  assert.equal(widthOf(0, 273n, 70_000n), 112);
  assert.equal(widthOf(1, 1n, 70_000n), 17);
  assert.equal(widthOf(2, 0n, 70_000n), 1);
  assert.equal(widthOf(0, 1n, 256n), 0);
  assert.equal(widthOf(1, 0n, 256n), 1);
});

test('a key whose printed id is not its own is refused, as one in circulation is', () => {
  const wrong = VKEY.replace('33d7b496', '33d7b497');
  assert.throws(() => parseVerifierKey(wrong), { code: 'key.id' });
  assert.throws(() => parseSignerKey(SKEY.replace('33d7b496', '33d7b497')), { code: 'key.id' });
});

test('no refusal of a private key shows any of it', () => {
  for (const broken of [SKEY.slice(0, -6), SKEY.replace('Ae', 'ae'), `${SKEY}x`]) {
    try {
      parseSignerKey(broken);
      assert.fail('a broken key was read');
    } catch (error) {
      assert.doesNotMatch(`${error}`, /ymY\/SZAX/);
    }
  }
});

const TYPES: readonly KeyType[] = ['ed25519', 'cosignature', 'subtree'];
for (const type of TYPES) {
  test(`a ${type} signature holds, and not for another text, name or time`, () => {
    const key = { name: 'signer.example', type, seed: new Uint8Array(32).fill(7) };
    const verifier = noteVerifier(verifierKeyOf(key));
    const note = signNote(parseNote(utf8Bytes(CHECKPOINT)).text, [noteSigner(key, NOW)]);
    assert.deepEqual(verifyNote(note, [verifier]), [verifier]);
    const text = note.text.replace('\n15\n', '\n16\n');
    assert.throws(() => verifyNote({ ...note, text }, [verifier]), { code: 'note.bad-signature' });
    const [line] = note.signatures;
    const signature = line!.signature.slice();
    signature[7]! ^= 1;
    const other = { ...note, signatures: [{ ...line!, signature }] };
    assert.throws(() => verifyNote(other, [verifier]), { code: 'note.bad-signature' });
    const elsewhere = noteVerifier(verifierKeyOf({ ...key, name: 'other.example' }));
    assert.throws(() => verifyNote(note, [elsewhere]), { code: 'note.unverified' });
  });
}

test('signatures of unknown keys are passed over, however many there are', () => {
  const key = parseSignerKey(SKEY);
  const strangers = Array.from({ length: 20 }, (_, number) => ({
    name: `stranger.example/${number}`,
    type: 'cosignature' as const,
    seed: new Uint8Array(32).fill(number),
  }));
  const signers = [...strangers, key].map((one) => noteSigner(one, NOW));
  const note = signNote(parseNote(utf8Bytes(CHECKPOINT)).text, signers);
  const verifier = noteVerifier(parseVerifierKey(VKEY));
  assert.deepEqual(signersOf(parseNote(printNote(note)), [verifier]), [verifier]);
});

test('after a key rotation both keys open what each has signed', () => {
  const [old, next] = [1, 2].map((fill) => ({
    name: 'log.example',
    type: 'ed25519' as const,
    seed: new Uint8Array(32).fill(fill),
  }));
  const verifiers = [old!, next!].map((key) => noteVerifier(verifierKeyOf(key)));
  for (const key of [old!, next!]) {
    const note = signNote('log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n', [
      noteSigner(key, NOW),
    ]);
    assert.equal(verifyNote(note, verifiers).length, 1);
  }
});

test('a clock at zero dates no cosignature', () => {
  const key = { name: 'w.example', type: 'cosignature' as const, seed: new Uint8Array(32) };
  assert.throws(() => signNote('text\n', [noteSigner(key, () => 0n)]), {
    code: 'cosignature.time',
  });
});

test('a text with blank lines keeps them: the last one parts text and signatures', () => {
  const key = parseSignerKey(SKEY);
  const text = 'first\n\nsecond\n';
  const note = parseNote(printNote(signNote(text, [noteSigner(key, NOW)])));
  assert.equal(note.text, text);
});

const MALFORMED: readonly (readonly [string, string, string])[] = [
  ['is empty', '', 'note.malformed'],
  ['has no blank line', 'text\n— a AAAAAAA=\n', 'note.malformed'],
  ['has no signature', 'text\n\n', 'note.malformed'],
  ['has a carriage return', 'text\r\n\n— a AAAAAAA=\n', 'note.malformed'],
  ['has a name with a plus', 'text\n\n— a+b AAAAAAA=\n', 'note.signature-line'],
  ['has a hyphen for the dash', 'text\n\n- a AAAAAAA=\n', 'note.signature-line'],
  ['has base64 with slack bits', 'text\n\n— a AAAAAAB=\n', 'note.signature-line'],
  ['has a signature of a key id alone', 'text\n\n— a AAAAAA==\n', 'note.signature-line'],
  ['ends without a line feed', 'text\n\n— a AAAAAAA=', 'note.malformed'],
  ['has 101 signatures', `text\n\n${'— a AAAAAAA=\n'.repeat(101)}`, 'note.malformed'],
];
for (const [what, text, code] of MALFORMED) {
  test(`a note that ${what} is refused`, () => {
    assert.throws(() => parseNote(utf8Bytes(text)), { code });
  });
}

const ROOT = base64Of(new Uint8Array(32));
const CHECKPOINTS: readonly (readonly [string, string])[] = [
  ['has a size with a leading zero', `o\n01\n${ROOT}\n`],
  ['has a negative size', `o\n-1\n${ROOT}\n`],
  ['has a size of 2^64', `o\n18446744073709551616\n${ROOT}\n`],
  ['has a root of 31 bytes', `o\n1\n${base64Of(new Uint8Array(31))}\n`],
  ['has an empty extension line', `o\n1\n${ROOT}\n\n`],
  ['has no origin', `\n1\n${ROOT}\n`],
  ['does not end its last line', `o\n1\n${ROOT}`],
];
for (const [what, text] of CHECKPOINTS) {
  test(`a checkpoint that ${what} is refused`, () => {
    assert.throws(() => parseCheckpoint(text), { code: 'checkpoint.malformed' });
  });
}

test('a size beyond 2^53 keeps every digit', () => {
  const text = `o\n9007199254740993\n${ROOT}\next\n`;
  const checkpoint = parseCheckpoint(text);
  assert.equal(checkpoint.size, 9_007_199_254_740_993n);
  assert.deepEqual(checkpoint.extensions, ['ext']);
  assert.equal(printCheckpoint(checkpoint), text);
});
