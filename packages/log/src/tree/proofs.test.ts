import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8Bytes } from '@avow/bytes';
import {
  CompactRange,
  EMPTY_ROOT,
  isConsistent,
  isIncluded,
  isSubtree,
  isSubtreeProven,
  leafHash,
  nodeHash,
  proofSpans,
  type Span,
} from '../index.ts';

const MOST = 70;
const LEAVES = Array.from({ length: MOST }, (_, index) => leafHash(utf8Bytes(`entry ${index}`)));

/** MTH(D[start:end]) as RFC 6962, 2.1 writes it. */
function rootOf(start: number, end: number): Uint8Array {
  if (end === start) return EMPTY_ROOT;
  if (end - start === 1) return LEAVES[start]!;
  let k = 1;
  while (k * 2 < end - start) k *= 2;
  return nodeHash(rootOf(start, start + k), rootOf(start + k, end));
}

function proofOf(span: Span, size: number): Uint8Array[] {
  return proofSpans(span, BigInt(size)).map((part) => rootOf(Number(part.start), Number(part.end)));
}

function* subtrees(): Generator<{ span: Span; size: number }> {
  for (let size = 1; size <= MOST; size++) {
    for (let start = 0; start < size; start++) {
      for (let end = start + 1; end <= size; end++) {
        const span = { start: BigInt(start), end: BigInt(end) };
        if (isSubtree(span)) yield { span, size };
      }
    }
  }
}

function flipped(hash: Uint8Array): Uint8Array {
  const other = hash.slice();
  other[7]! ^= 0x10;
  return other;
}

test('a growing tree has the root that RFC 6962 defines, at every size', () => {
  const range = new CompactRange();
  for (let size = 0; size <= MOST; size++) {
    assert.deepEqual(range.root(), rootOf(0, size), `${size} entries`);
    if (size < MOST) range.append(LEAVES[size]!);
  }
});

test('every subtree of every tree up to 70 entries is proven, and none when anything is changed', () => {
  let proven = 0;
  for (const { span, size } of subtrees()) {
    const hash = rootOf(Number(span.start), Number(span.end));
    const root = rootOf(0, size);
    const proof = proofOf(span, size);
    const at = `[${span.start}, ${span.end}) of ${size}`;
    assert.ok(isSubtreeProven(span, BigInt(size), proof, hash, root), at);
    assert.ok(!isSubtreeProven(span, BigInt(size), proof, flipped(hash), root), `${at}: hash`);
    assert.ok(!isSubtreeProven(span, BigInt(size), proof, hash, flipped(root)), `${at}: root`);
    assert.ok(!isSubtreeProven(span, BigInt(size), [...proof, hash], hash, root), `${at}: longer`);
    if (proof.length > 0) {
      assert.ok(!isSubtreeProven(span, BigInt(size), proof.slice(1), hash, root), `${at}: shorter`);
      const broken = proof.with(proof.length >> 1, flipped(proof[proof.length >> 1]!));
      assert.ok(!isSubtreeProven(span, BigInt(size), broken, hash, root), `${at}: broken`);
    }
    proven++;
  }
  // The reference counts 8,909 subtrees with n up to 70.
  assert.equal(proven, 8_909);
});

test('an entry at another index, or beyond the tree, is not included', () => {
  const root = rootOf(0, 15);
  for (let index = 0; index < 15; index++) {
    const proof = proofOf({ start: BigInt(index), end: BigInt(index + 1) }, 15);
    for (let claimed = -1; claimed < 17; claimed++) {
      const isRight = isIncluded(BigInt(claimed), LEAVES[index]!, 15n, root, proof);
      assert.equal(isRight, claimed === index, `${index} as ${claimed}`);
    }
  }
});

test('a tree continues nothing by an empty proof, and no tree continues a larger one', () => {
  const older = { size: 0n, root: EMPTY_ROOT };
  const newer = { size: 7n, root: rootOf(0, 7) };
  assert.ok(isConsistent(older, newer, []));
  assert.ok(!isConsistent(older, newer, [EMPTY_ROOT]));
  assert.ok(!isConsistent(newer, { size: 6n, root: rootOf(0, 6) }, []));
});

test('sizes beyond 2^53 keep every digit', () => {
  const size = (1n << 60n) + 1n;
  const spans = proofSpans({ start: size - 1n, end: size }, size);
  assert.deepEqual(spans, [{ start: 0n, end: 1n << 60n }]);
  const left = LEAVES[0]!;
  const leaf = LEAVES[1]!;
  assert.ok(isIncluded(size - 1n, leaf, size, nodeHash(left, leaf), [left]));
  assert.ok(!isIncluded(size - 2n, leaf, size, nodeHash(left, leaf), [left]));
});
