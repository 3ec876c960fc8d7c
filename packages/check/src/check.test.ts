import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf, utf8Bytes, utf8Text } from '@avow/bytes';
import {
  CompactRange,
  consistencySpans,
  entryBytes,
  entryDigest,
  hashDigest,
  inclusionSpans,
  leafHash,
  manifestBytes,
  noteSigner,
  printCheckpoint,
  printNote,
  printProofFile,
  printVerifierKey,
  RecordTree,
  type ReleaseEntry,
  type ReleaseManifest,
  type SignerKey,
  signNote,
  verifierKeyOf,
} from '@avow/log';
import {
  alteredRecords,
  type CheckInput,
  type CheckPolicy,
  check,
  junitReport,
  lockfileFaults,
  parseCheckPolicy,
  parseLockfile,
  sarifReport,
  textReport,
} from './index.ts';

const LOG: SignerKey = { name: 'log.example', type: 'ed25519', seed: new Uint8Array(32).fill(1) };
const WITNESS: SignerKey = {
  name: 'w.example',
  type: 'cosignature',
  seed: new Uint8Array(32).fill(2),
};
const WITNESSED_AT = 1_000_000n;
const ARTIFACT = digestOf('artifact');
const MANIFEST: ReleaseManifest = {
  schema: 'avow.release/1',
  members: ['a.js', 'b.js', 'c.txt'].map((path) => ({ path, digest: digestOf(path), size: 1 })),
};
const MANIFEST_BYTES = manifestBytes(MANIFEST);
const POLICY = {
  schema: 'avow.policy/1',
  product: 'pkg:npm/thing',
  channel: 'stable',
  maxAge: 3600,
  trust: [
    `log ${printVerifierKey(verifierKeyOf(LOG))}`,
    `witness w ${printVerifierKey(verifierKeyOf(WITNESS))}`,
    'quorum w',
  ],
};

const policy = (changes: object = {}): CheckPolicy =>
  parseCheckPolicy(utf8Bytes(JSON.stringify({ ...POLICY, ...changes })));

function release(number: number, changes: Partial<ReleaseEntry> = {}): ReleaseEntry {
  return {
    type: 'release',
    maker: 'maker.example',
    product: 'pkg:npm/thing',
    channel: 'stable',
    number,
    digest: ARTIFACT,
    size: 3,
    manifest: digestOf(MANIFEST_BYTES),
    ...changes,
  };
}

function rootOf(entries: readonly Uint8Array[]): Uint8Array {
  const range = new CompactRange();
  for (const entry of entries) range.append(leafHash(entry));
  return range.root();
}

/** A checkpoint over entries, cosigned unless told otherwise. */
function noteOf(entries: readonly Uint8Array[], signers = [LOG, WITNESS]): Uint8Array {
  const size = BigInt(entries.length);
  const text = printCheckpoint({ origin: LOG.name, size, root: rootOf(entries), extensions: [] });
  return printNote(
    signNote(
      text,
      signers.map((key) => noteSigner(key, () => WITNESSED_AT)),
    ),
  );
}

function proofOf(entries: readonly Uint8Array[], index: number, signers?: SignerKey[]): Uint8Array {
  const path = inclusionSpans(BigInt(index), BigInt(entries.length)).map(({ start, end }) =>
    rootOf(entries.slice(Number(start), Number(end))),
  );
  const checkpoint = noteOf(entries, signers);
  return printProofFile({ extra: entries[index]!, index: BigInt(index), path, checkpoint });
}

const FILLER = ['x', 'y'].map((text) => utf8Bytes(text));
const FIRST = entryBytes(release(1));
const ENTRIES = [...FILLER, FIRST];
const HEAD = { index: 2n, entry: release(1), digest: entryDigest(FIRST) };

function good(changes: Partial<CheckInput> = {}): CheckInput {
  return {
    policy: policy(),
    installed: { members: MANIFEST.members },
    evidence: { proof: proofOf(ENTRIES, 2) },
    seen: { checkpoint: noteOf(ENTRIES) },
    manifest: MANIFEST_BYTES,
    verdicts: [],
    now: WITNESSED_AT + 10n,
    ...changes,
  };
}

const second = (changes: Partial<ReleaseEntry> = {}) =>
  entryBytes(release(2, { prev: entryDigest(FIRST), ...changes }));
const third = entryBytes(release(3, { prev: entryDigest(second()) }));
const FORKED = [...FILLER, utf8Bytes('z'), FIRST];
const verdict = (outcome: 'undeclared' | 'absent') =>
  entryBytes({
    type: 'verdict',
    judge: 'judge.example',
    product: 'pkg:npm/thing',
    claim: digestOf('claim'),
    about: ARTIFACT,
    outcome,
    digest: digestOf('verdict'),
    size: 1,
  });

const CASES: readonly (readonly [string, string, Partial<CheckInput>])[] = [
  ['is what everyone got', 'good', {}],
  ['has no entry', 'not-logged', { evidence: undefined }],
  ['no witness has seen', 'not-logged', { evidence: { proof: proofOf(ENTRIES, 2, [LOG]) } }],
  [
    'a stranger signed the log of',
    'not-logged',
    { evidence: { proof: proofOf(ENTRIES, 2, [{ ...LOG, seed: new Uint8Array(32) }, WITNESS]) } },
  ],
  [
    'has the proof of another entry',
    'not-logged',
    { evidence: { proof: proofOf(ENTRIES, 2), entry: second() } },
  ],
  [
    'has the proof of another product',
    'not-logged',
    { policy: policy({ product: 'pkg:npm/other' }) },
  ],
  [
    'is of a log that showed another tree of the same size',
    'fork',
    { seen: { checkpoint: noteOf([...FILLER, utf8Bytes('other')]) } },
  ],
  [
    'is of a log that does not continue what it showed',
    'fork',
    {
      evidence: { proof: proofOf(FORKED, 3) },
      seen: { checkpoint: noteOf(ENTRIES), proof: [rootOf(FORKED.slice(2, 3))] },
    },
  ],
  ['was seen later than our clock says, which stepped back', 'good', { now: 1n }],
  ['was seen an hour ago', 'stale', { now: WITNESSED_AT + 3601n }],
  [
    'is older than the newest',
    'stale',
    { evidence: { proof: proofOf(ENTRIES, 2), latestNumber: 2 } },
  ],
  [
    'is older than what was seen before',
    'stale',
    {
      seen: { checkpoint: noteOf(ENTRIES), head: { ...HEAD, entry: release(2), digest: ARTIFACT } },
    },
  ],
  [
    'stands under a number that was another',
    'gap',
    { seen: { checkpoint: noteOf(ENTRIES), head: { ...HEAD, digest: ARTIFACT } } },
  ],
  ['lacks a file', 'altered', { installed: { members: MANIFEST.members.slice(1) } }],
  [
    'has a file more',
    'altered',
    { installed: { members: [...MANIFEST.members, { ...MANIFEST.members[0]!, path: 'd.js' }] } },
  ],
  ['comes with another manifest', 'altered', { manifest: utf8Bytes('{}') }],
  [
    'is another archive',
    'altered',
    { installed: { artifact: digestOf('other') }, manifest: undefined as never },
  ],
  ['must be declared, and is not', 'undeclared', { policy: policy({ declaration: 'required' }) }],
  ['has a verdict against it', 'verdict', { verdicts: [verdict('undeclared')] }],
  ['has a verdict that clears it', 'good', { verdicts: [verdict('absent')] }],
];
for (const [what, answer, changes] of CASES) {
  test(`a product that ${what}: ${answer}`, () => {
    const result = check(good(changes));
    assert.equal(result.answer, answer, JSON.stringify(result.faults));
  });
}

test('a chain is followed from what was seen before, and a hole in it is a gap', () => {
  const entries = [...ENTRIES, second(), third];
  const seenProof = consistencySpans(3n, 5n).map(({ start, end }) =>
    rootOf(entries.slice(Number(start), Number(end))),
  );
  const seen = { checkpoint: noteOf(ENTRIES), head: HEAD, proof: seenProof };
  const proof = proofOf(entries, 4);
  assert.equal(check(good({ seen, evidence: { proof, between: [second()] } })).answer, 'good');
  assert.equal(check(good({ seen, evidence: { proof, between: [] } })).answer, 'gap');
});

test('the evidence of a fork has both notes as they were signed', () => {
  const before = noteOf([...FILLER, utf8Bytes('other')]);
  const { fork } = check(good({ seen: { checkpoint: before } }));
  assert.equal(fork?.notes[0], utf8Text(before));
  assert.equal(fork?.notes[1], utf8Text(noteOf(ENTRIES)));
});

test('an altered file is named, and what npm adds beside it is not', () => {
  const members = [
    { ...MANIFEST.members[0]!, digest: ARTIFACT },
    ...MANIFEST.members.slice(1),
    { path: 'node_modules/x/y.js', digest: ARTIFACT, size: 1 },
  ];
  const isIgnored = (path: string) => path.startsWith('node_modules/');
  const { faults } = check(good({ installed: { members, isIgnored } }));
  assert.deepEqual(
    faults.map(({ where }) => where),
    ['a.js'],
  );
});

test('an altered record is named', () => {
  const published = ['A', 'B', 'C'].map((id) => ({ id, digest: digestOf(id) }));
  const manifest = {
    schema: 'avow.update/1',
    databases: [{ path: 'x.cf', format: 'spamassassin', digest: ARTIFACT, size: 1, records: 3 }],
    records: 3,
    root: hashDigest(new RecordTree(published).root),
  } as const;
  const records = published.with(1, { id: 'B', digest: digestOf('evil') });
  const installed = [{ path: 'x.cf', digest: digestOf('file'), records }];
  const wheres = alteredRecords(manifest, installed, published).map(({ where }) => where);
  assert.deepEqual(wheres, ['x.cf', 'B', 'B']);
  const same = [{ path: 'x.cf', digest: digestOf('re-wrapped'), records: published }];
  assert.deepEqual(alteredRecords(manifest, same, published), []);
});

test('a lock file pins what is logged, what is not, and what is other bytes', () => {
  const lock = utf8Bytes(
    JSON.stringify({
      packages: {
        '': { name: 'root', version: '1.0.0' },
        'node_modules/thing': { version: '1.0.0', integrity: 'sha512-good' },
        'node_modules/a/node_modules/thing': { version: '2.0.0', integrity: 'sha512-other' },
        'node_modules/@s/none': { version: '1.0.0', integrity: 'sha512-x' },
        'node_modules/old': { version: '1.0.0', integrity: 'sha1-x' },
        'node_modules/folder': { version: '1.0.0', integrity: 'sha512-x' },
        'node_modules/linked': { link: true },
      },
    }),
  );
  const releases = [
    release(1, { version: '1.0.0', integrity: 'sha512-good' }),
    release(2, { version: '2.0.0', integrity: 'sha512-two' }),
    release(3, { product: 'pkg:npm/old', version: '1.0.0', integrity: 'sha512-old' }),
    release(4, { product: 'pkg:npm/folder', version: '1.0.0' }),
  ];
  const faults = lockfileFaults(parseLockfile(lock), releases);
  assert.deepEqual(
    faults.map(({ kind, where, message }) => `${kind} ${where} ${message.slice(0, 22)}`),
    [
      'altered pkg:npm/thing@2.0.0 the lock file pins sha',
      'not-logged pkg:npm/%40s/none@1.0.0 is not logged',
      'not-logged pkg:npm/old@1.0.0 has no sha512 in the l',
      'not-logged pkg:npm/folder@1.0.0 was logged as a folder',
    ],
  );
  assert.throws(() => parseLockfile(utf8Bytes('{"lockfileVersion":1}')), {
    code: 'check.lockfile',
  });
});

test('all faults of a policy are told at once', () => {
  const bad = { ...POLICY, product: 1, color: 'red', trust: ['quorum'] };
  assert.throws(() => parseCheckPolicy(utf8Bytes(JSON.stringify(bad))), /product.*"color".*trust/s);
  assert.throws(() => parseCheckPolicy(utf8Bytes('null')), { code: 'check.policy' });
});

test('a policy may name a scoped package as people write it', () => {
  const { product } = policy({ product: 'pkg:npm/@scope/thing' });
  assert.equal(product, 'pkg:npm/%40scope/thing');
  assert.throws(() => policy({ product: 'pkg:npm' }), { code: 'check.policy' });
});

test('what the log has instead is named, and what the proof is of', () => {
  const logHas = [
    'pkg:npm/thing on beta',
    ...Array.from({ length: 9 }, (_, i) => `p${i} on stable`),
  ];
  const [unlogged] = check(good({ evidence: undefined, logHas })).faults;
  assert.match(unlogged!.message, /it has pkg:npm\/thing on beta, .* and 5 more$/);
  const [other] = check(good({ policy: policy({ channel: 'beta', maker: 'm' }) })).faults;
  assert.match(other!.message, /channel stable, the policy names beta; maker maker\.example/);
});

test('without witnesses the answer does not say that everyone got the same', () => {
  const trust = [POLICY.trust[0]!, 'quorum none'];
  const result = check(good({ policy: policy({ trust }) }));
  assert.equal(result.answer, 'good');
  assert.match(result.notChecked.join(), /the policy names no witness/);
  assert.doesNotMatch(textReport(result, String), /everyone got/);
  assert.match(check(good()).notChecked.join(), /logged no declaration/);
});

test('each form of the report says the same, and hostile text stays text', () => {
  const members = [...MANIFEST.members, { path: '<evil>"&\u0001', digest: ARTIFACT, size: 1 }];
  const result = check(good({ installed: { members } }));
  assert.match(textReport(result, JSON.stringify), /^ALTERED/);
  const sarif = JSON.parse(sarifReport(result, '1')) as {
    runs: [{ results: { ruleId: string }[] }];
  };
  assert.deepEqual(
    sarif.runs[0].results.map(({ ruleId }) => ruleId),
    ['altered'],
  );
  const junit = junitReport(result);
  assert.match(junit, /failures="1"/);
  assert.match(junit, /&lt;evil&gt;&quot;&amp;\ufffd/);
});
