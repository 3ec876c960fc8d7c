/**
 * Vectors of other projects, read where they lie: in Go's module cache (fill it
 * by `npm run interop:fetch`), or in the folder that AVOW_GO_MODULES names.
 */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesOfBase64 } from '@avow/bytes';
import {
  isConsistent,
  isIncluded,
  isSubtree,
  isSubtreeProven,
  leafHash,
  noteVerifier,
  openCheckpoint,
  parseVerifierKey,
  TreeReader,
} from './index.ts';

const MODULES = process.env['AVOW_GO_MODULES'] ?? join(homedir(), 'go', 'pkg', 'mod');
const MERKLE = join(
  MODULES,
  'github.com/transparency-dev/merkle@v0.0.3-0.20260707140218-77df88e508fa/testdata',
);
const TESSERA = join(MODULES, 'github.com/transparency-dev/tessera@v1.0.4/testdata/log');

function skipWithout(folder: string): { skip: string | false } {
  return { skip: existsSync(folder) ? false : `${folder} is not here: npm run interop:fetch` };
}

interface MerkleCase {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly size: number;
  readonly size1: number;
  readonly size2: number;
  readonly start: number;
  readonly end: number;
  readonly root: string;
  readonly root1: string;
  readonly root2: string;
  readonly leafHash: string;
  readonly subtreeRoot: string;
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}

/** A hash of a case; what is not one is an empty hash, which nothing equals. */
function hash(text: string | undefined): Uint8Array {
  return bytesOfBase64(text ?? '') ?? new Uint8Array(0);
}

function casesOf(folder: string): readonly (readonly [string, MerkleCase])[] {
  return globSync(join(MERKLE, folder, '**/*.json'))
    .sort()
    .map((path) => [path, JSON.parse(readFileSync(path, 'utf8')) as MerkleCase]);
}

/** One case a folder accepts roots of 12 bytes that read "dont care 2"; a root here is 32 bytes. */
function isWanted({ wantErr, root1, desc }: MerkleCase): boolean {
  if (hash(root1).length === 32) return !wantErr;
  if (!wantErr) assert.match(desc, /sizes are equal \(one\) and proof is empty/);
  return false;
}

function proofOf({ proof }: MerkleCase): readonly Uint8Array[] {
  return (proof ?? []).map(hash);
}

test('transparency-dev/merkle: inclusion as its 98 cases want it', skipWithout(MERKLE), () => {
  const cases = casesOf('inclusion');
  assert.equal(cases.length >= 90, true, `${cases.length} cases`);
  for (const [path, one] of cases) {
    const size = BigInt(one.treeSize);
    const leaf = hash(one.leafHash);
    const is =
      leaf.length === 32 &&
      isIncluded(BigInt(one.leafIdx), leaf, size, hash(one.root), proofOf(one));
    assert.equal(is, !one.wantErr, path);
  }
});

test('transparency-dev/merkle: consistency as its 98 cases want it', skipWithout(MERKLE), () => {
  const cases = casesOf('consistency');
  assert.equal(cases.length >= 90, true, `${cases.length} cases`);
  for (const [path, one] of cases) {
    const older = { size: BigInt(one.size1), root: hash(one.root1) };
    const newer = { size: BigInt(one.size2), root: hash(one.root2) };
    assert.equal(isConsistent(older, newer, proofOf(one)), isWanted(one), path);
  }
});

test(
  'transparency-dev/merkle: entries of subtrees as its 204 cases want it',
  skipWithout(MERKLE),
  () => {
    const cases = casesOf('subtreeinclusion');
    assert.equal(cases.length >= 200, true, `${cases.length} cases`);
    for (const [path, one] of cases) {
      const span = { start: BigInt(one.start), end: BigInt(one.end) };
      const index = BigInt(one.leafIdx) - span.start;
      const is =
        isSubtree(span) &&
        isIncluded(index, hash(one.leafHash), span.end - span.start, hash(one.root), proofOf(one));
      assert.equal(is, !one.wantErr, path);
    }
  },
);

test('transparency-dev/merkle: subtrees as its 107 cases want it', skipWithout(MERKLE), () => {
  const cases = casesOf('subtreeconsistency');
  assert.equal(cases.length >= 100, true, `${cases.length} cases`);
  for (const [path, one] of cases) {
    const span = { start: BigInt(one.start), end: BigInt(one.end) };
    const is = isSubtreeProven(
      span,
      BigInt(one.size),
      proofOf(one),
      hash(one.root1),
      hash(one.root2),
    );
    assert.equal(is, isWanted(one), path);
  }
});

const TESSERA_KEY =
  'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';

test(
  "tessera's 17 checkpoints open, and each continues the one before",
  skipWithout(TESSERA),
  async () => {
    const keys = [noteVerifier(parseVerifierKey(TESSERA_KEY))];
    const source = {
      read: async (path: string) => {
        const file = join(TESSERA, path);
        return existsSync(file) ? new Uint8Array(readFileSync(file)) : undefined;
      },
    };
    const heads = Array.from({ length: 16 }, (_, size) => {
      const bytes = readFileSync(join(TESSERA, `checkpoint.${size}`));
      return openCheckpoint(bytes, 'example.com/log/testdata', keys).checkpoint;
    });
    for (const [size, head] of heads.entries()) {
      assert.equal(head.size, BigInt(size));
      const tree = new TreeReader(source, head);
      for (const older of heads.slice(0, size)) await tree.consistency(older);
      for (let index = 0n; index < head.size; index++) {
        const { hash } = await tree.inclusion(index);
        assert.deepEqual(leafHash(await tree.entry(index)), hash);
      }
      assert.deepEqual((await tree.edge()).root(), head.root);
    }
  },
);
