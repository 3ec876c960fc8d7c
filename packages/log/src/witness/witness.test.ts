import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8Bytes, utf8Text } from '@avow/bytes';
import {
  addCheckpoint,
  answerSignSubtree,
  consistencySpans,
  EMPTY_ROOT,
  isSubtreeSigned,
  leafHash,
  nodeHash,
  noteSigner,
  noteVerifier,
  parseAddCheckpoint,
  parseSignatureLine,
  printAddCheckpoint,
  printCheckpoint,
  printNote,
  printSignSubtree,
  proofSpans,
  requestCosignature,
  type SignerKey,
  signNote,
  splitCosignature,
  verifierKeyOf,
  type WitnessSettings,
  type WitnessStore,
} from '../index.ts';

const LEAVES = Array.from({ length: 40 }, (_, number) => leafHash(utf8Bytes(`${number}`)));
const LOG: SignerKey = { name: 'log.example', type: 'ed25519', seed: new Uint8Array(32).fill(1) };
const WITNESS: SignerKey = {
  name: 'witness.example',
  type: 'cosignature',
  seed: new Uint8Array(32).fill(2),
};
const WITNESS_PQ: SignerKey = { ...WITNESS, type: 'subtree' };

function rootOf(start: number, end: number): Uint8Array {
  if (end === start) return EMPTY_ROOT;
  if (end - start === 1) return LEAVES[start]!;
  let k = 1;
  while (k * 2 < end - start) k *= 2;
  return nodeHash(rootOf(start, start + k), rootOf(start + k, end));
}

function noteOf(size: number, root = rootOf(0, size), key = LOG): Uint8Array {
  const text = printCheckpoint({ origin: LOG.name, size: BigInt(size), root, extensions: [] });
  return printNote(signNote(text, [noteSigner(key, () => 1n)]));
}

function proofOf(older: number, size: number): readonly Uint8Array[] {
  return consistencySpans(BigInt(older), BigInt(size)).map(({ start, end }) =>
    rootOf(Number(start), Number(end)),
  );
}

function memory(): WitnessStore & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    read: async (origin) => kept.get(origin),
    replace: async (origin, old, next) => {
      if (kept.get(origin) !== old) return false;
      kept.set(origin, next);
      return true;
    },
  };
}

function witnessOf(now = () => 1000n, store = memory()): WitnessSettings {
  const logKeys = (origin: string) => (origin === LOG.name ? [verifierKeyOf(LOG)] : []);
  return { keys: [WITNESS, WITNESS_PQ], logKeys, store, now };
}

async function add(
  witness: WitnessSettings,
  old: number,
  size: number,
  proof = proofOf(old, size),
) {
  const body = printAddCheckpoint({ old: BigInt(old), proof, checkpoint: noteOf(size) });
  return addCheckpoint(witness, body);
}

test('a log that grows is cosigned at each size, by both keys, in the bytes of the protocol', async () => {
  const witness = witnessOf();
  for (const [old, size] of [
    [0, 0],
    [0, 3],
    [3, 3],
    [3, 8],
    [8, 40],
  ] as const) {
    const answer = await add(witness, old, size);
    assert.equal(answer.status, 200, utf8Text(answer.body));
    const lines = utf8Text(answer.body)!.split('\n').filter(Boolean);
    assert.deepEqual(
      lines.map((line) => parseSignatureLine(line).signature.length),
      [8 + 64, 8 + 2420],
    );
  }
});

interface BadRequest {
  readonly what: string;
  readonly status: number;
  readonly body: Uint8Array;
}

const STRANGER: SignerKey = { ...LOG, seed: new Uint8Array(32).fill(9) };
const OTHER: SignerKey = { ...LOG, name: 'other.example' };
const otherNote = printNote(
  signNote(printCheckpoint({ origin: OTHER.name, size: 1n, root: EMPTY_ROOT, extensions: [] }), [
    noteSigner(OTHER, () => 1n),
  ]),
);
const request = (old: bigint, proof: readonly Uint8Array[], checkpoint: Uint8Array) =>
  printAddCheckpoint({ old, proof, checkpoint });

/** The witness has cosigned 8 entries. */
const BAD: readonly BadRequest[] = [
  { what: 'of a log that is not known', status: 404, body: request(0n, [], otherNote) },
  {
    what: 'that a stranger signed',
    status: 403,
    body: request(8n, proofOf(8, 9), noteOf(9, rootOf(0, 9), STRANGER)),
  },
  { what: 'of less than the old size', status: 400, body: request(9n, [], noteOf(8)) },
  { what: 'that is no request', status: 400, body: utf8Bytes('hello') },
  {
    what: 'with 64 hashes',
    status: 400,
    body: request(
      8n,
      Array.from({ length: 64 }, () => EMPTY_ROOT),
      noteOf(9),
    ),
  },
  { what: 'above 16 KiB', status: 400, body: new Uint8Array(16_385) },
  { what: 'from another size', status: 409, body: request(7n, proofOf(7, 9), noteOf(9)) },
  { what: 'from nothing, as if new', status: 409, body: request(0n, [], noteOf(9)) },
  { what: 'with a proof that fails', status: 422, body: request(8n, [EMPTY_ROOT], noteOf(9)) },
  {
    what: 'of the same size with another root',
    status: 422,
    body: request(8n, [], noteOf(8, EMPTY_ROOT)),
  },
];
for (const { what, status, body } of BAD) {
  test(`a checkpoint ${what} is answered ${status}, and what is kept stays`, async () => {
    const store = memory();
    const witness = witnessOf(undefined, store);
    assert.equal((await add(witness, 0, 8)).status, 200);
    const before = store.kept.get(LOG.name);
    const answer = await addCheckpoint(witness, body);
    assert.equal(answer.status, status, utf8Text(answer.body));
    assert.equal(store.kept.get(LOG.name), before);
    if (status === 409) {
      assert.equal(answer.contentType, 'text/x.tlog.size');
      assert.equal(utf8Text(answer.body), '8\n');
    }
  });
}

test('an empty tree with another root is refused', async () => {
  const body = request(0n, [], noteOf(0, LEAVES[0]));
  assert.equal((await addCheckpoint(witnessOf(), body)).status, 422);
});

test('a clock that steps back does not date a cosignature before the last one', async () => {
  let now = 5000n;
  const witness = witnessOf(() => now);
  const timeOf = (body: Uint8Array) =>
    splitCosignature(parseSignatureLine(utf8Text(body)!.split('\n')[0]!).signature).time;
  assert.equal(timeOf((await add(witness, 0, 3)).body), 5000n);
  now = 10n;
  assert.equal(timeOf((await add(witness, 3, 3)).body), 5000n);
});

test('a log whose key is changed goes on from what was cosigned, and a key not yet known does not', async () => {
  const next: SignerKey = { ...LOG, seed: new Uint8Array(32).fill(7) };
  const store = memory();
  const before = witnessOf(undefined, store);
  assert.equal((await add(before, 0, 3)).status, 200);
  const body = request(3n, proofOf(3, 8), noteOf(8, rootOf(0, 8), next));
  assert.equal((await addCheckpoint(before, body)).status, 403);
  const both = { ...before, logKeys: () => [next, LOG].map(verifierKeyOf) };
  assert.equal((await addCheckpoint(both, body)).status, 200);
  const fork = request(8n, [], noteOf(8, LEAVES[5]!, next));
  assert.equal((await addCheckpoint(both, fork)).status, 422);
});

test('a request of sizes beyond 2^53 keeps every digit, and 2^64 is no size', () => {
  const old = (1n << 63n) + 1n;
  const body = printAddCheckpoint({ old, proof: [], checkpoint: noteOf(3) });
  assert.equal(parseAddCheckpoint(body).old, old);
  const beyond = utf8Text(body)!.replace(`${old}`, `${1n << 64n}`);
  assert.throws(() => parseAddCheckpoint(utf8Bytes(beyond)), { code: 'witness.request' });
});

test('of two forks sent at once one is cosigned, and the other never', async () => {
  const witness = witnessOf();
  assert.equal((await add(witness, 0, 3)).status, 200);
  const fork = request(3n, [], noteOf(3, LEAVES[5]!));
  const answers = await Promise.all([
    add(witness, 3, 5),
    addCheckpoint(witness, fork),
    add(witness, 3, 8),
  ]);
  const good = answers.filter(({ status }) => status === 200);
  assert.equal(good.length, 1);
  assert.ok(answers.every(({ status }) => [200, 409, 422].includes(status)));
});

test('a part of a cosigned log is signed without a time, an unproven one is not', async () => {
  const witness = witnessOf();
  await add(witness, 0, 40);
  const checkpoint = (await witness.store.read(LOG.name))!;
  const span = { start: 8n, end: 16n };
  const proof = proofSpans(span, 40n).map(({ start, end }) => rootOf(Number(start), Number(end)));
  const hash = rootOf(8, 16);
  const good = await answerSignSubtree(
    witness,
    printSignSubtree({ span, hash, proof, checkpoint }),
  );
  assert.equal(good.status, 200, utf8Text(good.body));
  const { signature } = parseSignatureLine(utf8Text(good.body)!.trimEnd());
  const key = verifierKeyOf(WITNESS_PQ);
  assert.ok(isSubtreeSigned(key, LOG.name, span, hash, signature));
  assert.ok(!isSubtreeSigned(key, LOG.name, { start: 0n, end: 8n }, hash, signature));
  const bad = printSignSubtree({ span, hash: EMPTY_ROOT, proof, checkpoint });
  assert.equal((await answerSignSubtree(witness, bad)).status, 422);
  const uncosigned = printSignSubtree({ span, hash, proof, checkpoint: noteOf(40) });
  assert.equal((await answerSignSubtree(witness, uncosigned)).status, 403);
});

test('a log learns the size from a witness that it does not remember', async () => {
  const witness = witnessOf();
  await add(witness, 0, 8);
  const signatures = await requestCosignature(
    {
      name: 'w',
      keys: [noteVerifier(verifierKeyOf(WITNESS))],
      addCheckpoint: (body) => addCheckpoint(witness, body),
    },
    {
      checkpoint: noteOf(20),
      knownSize: 0n,
      consistency: async (older) => proofOf(Number(older), 20),
    },
  );
  assert.equal(signatures.length, 1);
});

test('a log that is behind its witness is told so, and one with another tree', async () => {
  const witness = witnessOf();
  await add(witness, 0, 20);
  const ask = (checkpoint: Uint8Array, size: number) =>
    requestCosignature(
      {
        name: 'w',
        keys: [noteVerifier(verifierKeyOf(WITNESS))],
        addCheckpoint: (body) => addCheckpoint(witness, body),
      },
      {
        checkpoint,
        knownSize: 0n,
        consistency: async (older) => (Number(older) <= size ? proofOf(Number(older), size) : []),
      },
    );
  await assert.rejects(ask(noteOf(8), 8), { code: 'witness.ahead' });
  await assert.rejects(ask(noteOf(20, EMPTY_ROOT), 20), { code: 'witness.refused' });
});

test('requests are read as they were printed', () => {
  const printed = printAddCheckpoint({ old: 3n, proof: proofOf(3, 9), checkpoint: noteOf(9) });
  const { old, proof, checkpoint } = parseAddCheckpoint(printed);
  assert.deepEqual(
    { old, proof, checkpoint },
    { old: 3n, proof: proofOf(3, 9), checkpoint: noteOf(9) },
  );
});
