import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64Of, utf8Bytes } from '@avow/bytes';
import {
  fsckLog,
  isIncluded,
  leafHash,
  noteSigner,
  noteVerifier,
  openMirror,
  originPath,
  printNote,
  type SignerKey,
  signNote,
  TileEdge,
  type TileSource,
  verifierKeyOf,
} from '../index.ts';

const LOG: SignerKey = { name: 'log.example', type: 'ed25519', seed: new Uint8Array(32).fill(1) };
const MIRROR: SignerKey = {
  name: 'mirror.example',
  type: 'cosignature',
  seed: new Uint8Array(32).fill(2),
};
const STRANGER: SignerKey = { ...MIRROR, seed: new Uint8Array(32).fill(3) };
const ENTRIES = Array.from({ length: 300 }, (_, number) => utf8Bytes(`entry ${number}`));
const verifierOf = (key: SignerKey) => noteVerifier(verifierKeyOf(key));

/** What a mirror of 300 entries serves, its checkpoint signed by `keys`; `changed` may damage it. */
function mirrorOf(
  keys: readonly SignerKey[],
  changed: (files: Map<string, Uint8Array>) => void = () => {},
): TileSource {
  const edge = new TileEdge();
  for (const entry of ENTRIES) edge.append(entry);
  const files = new Map(edge.takeFiles().map(({ path, bytes }) => [path, bytes]));
  const text = `log.example\n${edge.size}\n${base64Of(edge.root())}\n`;
  const signers = keys.map((key) => noteSigner(key, () => 1000n));
  files.set('checkpoint', printNote(signNote(text, signers)));
  changed(files);
  const prefix = `${originPath('log.example')}/`;
  return {
    read: async (path) =>
      path.startsWith(prefix) ? files.get(path.slice(prefix.length)) : undefined,
  };
}

const open = (source: TileSource, origin = 'log.example') =>
  openMirror(source, origin, [verifierOf(LOG)], verifierOf(MIRROR));

test('a log is read from its mirror: its proofs hold, and all of it is derived again', async () => {
  const { tree, checkpoint, source } = await open(mirrorOf([LOG, MIRROR]));
  assert.equal(checkpoint.size, 300n);
  const { proof } = await tree.inclusion(299n);
  const leaf = leafHash(ENTRIES[299]!);
  assert.ok(isIncluded(299n, leaf, 300n, checkpoint.root, proof));
  const report = await fsckLog(source, checkpoint);
  assert.deepEqual([report.entries, report.faults], [300n, []]);
});

const REFUSED: readonly (readonly [string, TileSource, string])[] = [
  ['has no cosignature of its own', mirrorOf([LOG]), 'mirror.not-held'],
  ['is cosigned by another key of its name', mirrorOf([LOG, STRANGER]), 'mirror.not-held'],
  ['lacks the signature of the log', mirrorOf([MIRROR]), 'note.unverified'],
  ['has nothing of this log', { read: async () => undefined }, 'mirror.absent'],
];
for (const [what, source, code] of REFUSED) {
  test(`a mirror that ${what} is not read`, async () => {
    await assert.rejects(open(source), { code });
  });
}

test('a mirror that serves another entry than it cosigned is found out', async () => {
  const damage = (files: Map<string, Uint8Array>) => {
    const path = 'tile/entries/000';
    const bytes = files.get(path)!.slice();
    bytes[10]! ^= 1;
    files.set(path, bytes);
  };
  const { checkpoint, source } = await open(mirrorOf([LOG, MIRROR], damage));
  const { faults } = await fsckLog(source, checkpoint);
  assert.ok(faults.length > 0);
});
