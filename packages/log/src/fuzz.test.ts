import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64Of, Refused, utf8Bytes } from '@avow/bytes';
import {
  bundleOf,
  entriesOf,
  entryBytes,
  journalFrame,
  leafHash,
  manifestBytes,
  noteSigner,
  parseAddCheckpoint,
  parseCheckpoint,
  parseEntry,
  parseManifest,
  parseNote,
  parsePolicy,
  parseProofFile,
  parseSignSubtree,
  parseTilePath,
  parseVerifierKey,
  printAddCheckpoint,
  printNote,
  printProofFile,
  printSignSubtree,
  printVerifierKey,
  readJournalFrames,
  signNote,
  tilePath,
  verifierKeyOf,
} from './index.ts';

/** mulberry32: the same cases each time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes changed, cut, doubled or moved in a few places. */
function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  let out = [...bytes];
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
    const at = Math.floor(random() * out.length);
    const kind = random();
    if (kind < 0.4) out[at] = Math.floor(random() * 256);
    else if (kind < 0.6) out = out.slice(0, at);
    else if (kind < 0.8) out.splice(at, 0, ...out.slice(at, at + 8));
    else out.splice(at, Math.floor(random() * 8));
  }
  return new Uint8Array(out);
}

const KEY = { name: 'log.example', type: 'ed25519', seed: new Uint8Array(32).fill(1) } as const;
const HASH = leafHash(utf8Bytes('x'));
const CHECKPOINT = printNote(
  signNote(`log.example\n7\n${base64Of(HASH)}\n`, [noteSigner(KEY, () => 1n)]),
);
const VKEY = printVerifierKey(verifierKeyOf(KEY));
const DIGEST = `sha256:${'ab'.repeat(32)}` as const;
const MEMBER = { path: 'a', digest: DIGEST, size: 1 };

/** A good input of each reader. */
const READERS: Readonly<Record<string, readonly [Uint8Array, (bytes: Uint8Array) => unknown]>> = {
  note: [CHECKPOINT, parseNote],
  'verifier key': [utf8Bytes(VKEY), (bytes) => parseVerifierKey(new TextDecoder().decode(bytes))],
  'proof file': [
    printProofFile({ index: 3n, path: [HASH, HASH], checkpoint: CHECKPOINT, extra: HASH }),
    parseProofFile,
  ],
  checkpoint: [
    utf8Bytes(`log.example\n7\n${base64Of(HASH)}\n`),
    (bytes) => parseCheckpoint(new TextDecoder().decode(bytes)),
  ],
  policy: [utf8Bytes(`log ${VKEY}\nquorum none\n`), parsePolicy],
  bundle: [bundleOf([HASH, HASH, new Uint8Array(0)]), (bytes) => entriesOf(bytes, 3)],
  journal: [journalFrame({ first: 5n, entries: [HASH, HASH] }), readJournalFrames],
  'add-checkpoint': [
    printAddCheckpoint({ old: 3n, proof: [HASH], checkpoint: CHECKPOINT }),
    parseAddCheckpoint,
  ],
  'sign-subtree': [
    printSignSubtree({
      span: { start: 0n, end: 4n },
      hash: HASH,
      proof: [HASH],
      checkpoint: CHECKPOINT,
    }),
    parseSignSubtree,
  ],
  entry: [entryBytes({ type: 'claim', digest: DIGEST }), parseEntry],
  manifest: [manifestBytes({ schema: 'avow.release/1', members: [MEMBER] }), parseManifest],
};

for (const [name, [good, read]] of Object.entries(READERS)) {
  test(`3,000 broken inputs of the reader of a ${name}: read or refused, never a fault`, () => {
    read(good);
    const random = randomFrom(name.length);
    for (let round = 0; round < 3000; round++) {
      const bytes = mutated(good, random);
      try {
        read(bytes);
      } catch (error) {
        assert.ok(error instanceof Refused, `${error} on ${Buffer.from(bytes).toString('hex')}`);
      }
    }
  });
}

test('a proof at an index beyond 2^53 keeps every digit, and at 2^64 it is refused', () => {
  const index = (1n << 60n) + 1n;
  const bytes = printProofFile({ index, path: [HASH], checkpoint: CHECKPOINT });
  assert.equal(parseProofFile(bytes).index, index);
  const beyond = new TextDecoder().decode(bytes).replace(`${index}`, `${1n << 64n}`);
  assert.throws(() => parseProofFile(utf8Bytes(beyond)), { code: 'tlog-proof.malformed' });
});

test('each tile has one path, and only that path names it', () => {
  const random = randomFrom(3);
  for (let round = 0; round < 3000; round++) {
    const tile = {
      kind: random() < 0.3 ? ('entries' as const) : Math.floor(random() * 64),
      index: BigInt(Math.floor(random() * 2 ** (random() * 52))),
      width: 1 + Math.floor(random() * 256),
    };
    const path = tilePath(tile);
    assert.deepEqual(parseTilePath(path), tile);
    const other = new TextDecoder('latin1').decode(mutated(utf8Bytes(path), random));
    const parsed = parseTilePath(other);
    if (parsed !== undefined) assert.equal(tilePath(parsed), other);
  }
  for (const path of [
    'tile/0/../000',
    'tile/64/000',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/x000/000',
  ]) {
    assert.equal(parseTilePath(path), undefined, path);
  }
});

test('a journal whose middle is broken is corrupt, one whose end is torn is not', () => {
  const frames = [0n, 1n, 2n].map((first) => journalFrame({ first, entries: [HASH] }));
  const whole = new Uint8Array(Buffer.concat(frames));
  assert.equal(readJournalFrames(whole).batches.length, 3);
  for (let cut = frames[0]!.length * 2; cut < whole.length; cut++) {
    const { batches, wholeSize } = readJournalFrames(whole.subarray(0, cut));
    assert.equal(batches.length, 2);
    assert.equal(wholeSize, frames[0]!.length * 2);
  }
  const broken = whole.slice();
  broken[frames[0]!.length + 30]! ^= 1;
  assert.throws(() => readJournalFrames(broken), { code: 'journal.corrupt' });
});
