import type { Random } from './random.ts';

/** Values at which fields of 1, 2, 4 and 8 bytes tip over. */
const EXTREMES: readonly (readonly number[])[] = [
  [0],
  [0xff],
  [0x7f],
  [0x80],
  [0xff, 0xff],
  [0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x80],
  [0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
];

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const at = random.below(bytes.length);
    return written(bytes, at, [(bytes[at] ?? 0) ^ (1 << random.below(8))]);
  },
  function setExtreme(bytes, random) {
    return written(bytes, random.below(bytes.length), random.pick(EXTREMES));
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length));
  },
  function cutOut(bytes, random) {
    const at = random.below(bytes.length);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64)));
  },
  function repeat(bytes, random) {
    const at = random.below(bytes.length);
    const end = Math.min(bytes.length, at + 1 + random.below(600));
    return joined(bytes.subarray(0, end), bytes.subarray(at));
  },
  function copyWithin(bytes, random) {
    const copy = bytes.slice();
    const from = random.below(bytes.length);
    return copy.copyWithin(random.below(bytes.length), from, from + 1 + random.below(64));
  },
];

/** One to four small changes, often none that a checksum would not show. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = bytes;
  for (let left = 1 + random.below(4); left > 0 && changed.length > 0; left--) {
    changed = random.pick(MUTATIONS)(changed, random);
  }
  return changed;
}

function written(bytes: Uint8Array, at: number, value: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(value.slice(0, bytes.length - at), at);
  return copy;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
