import { latin1Bytes, utf8Bytes } from '@avow/bytes';
import type { Word } from './rules.ts';

/**
 * Finds the words of the lists in bytes, all at once, in time linear in the
 * bytes (Aho and Corasick 1975) whatever a record holds.
 *
 * The bytes A to Z count as a to z. A word found counts only where no letter
 * or digit of ASCII touches an end of it that is one itself: `id_rsa` is not
 * in `hid_rsac`.
 */
export class WordFinder {
  readonly words: readonly Word[];
  readonly #classes: Uint8Array;
  readonly #classCount: number;
  readonly #next: Uint16Array;
  /** First pattern that ends in a state, -1 where none does. */
  readonly #ends: Int32Array;
  readonly #patterns: readonly PatternEnd[];

  constructor(words: readonly Word[]) {
    this.words = words;
    const patterns = words.flatMap((word, index) =>
      word.patterns.map((hex) => ({ index, bytes: bytesOfHexText(hex) })),
    );
    this.#classes = classesOf(patterns.map(({ bytes }) => bytes));
    this.#classCount = Math.max(...this.#classes) + 1;
    const trie = trieOf(patterns, this.#classes, this.#classCount);
    this.#next = trie.next;
    this.#ends = trie.ends;
    this.#patterns = trie.patterns;
  }

  /** Indexes into `words` of those found in bytes; undefined where none is, which is nearly always. */
  find(bytes: Uint8Array, length = bytes.length): number[] | undefined {
    const classes = this.#classes;
    const width = this.#classCount;
    const next = this.#next;
    const ends = this.#ends;
    let state = 0;
    let found: number[] | undefined;
    for (let at = 0; at < length; at++) {
      state = next[state * width + classes[bytes[at]!]!]!;
      if (ends[state] !== -1) found = this.#collect(bytes, length, at, state, found);
    }
    return found;
  }

  /** The same in a text. */
  findInText(text: string): number[] | undefined {
    return this.find(/[^\0-\x7f]/.test(text) ? utf8Bytes(text) : latin1Bytes(text));
  }

  #collect(
    bytes: Uint8Array,
    length: number,
    at: number,
    state: number,
    found: number[] | undefined,
  ): number[] | undefined {
    let all = found;
    for (let end = this.#ends[state]!; end !== -1; end = this.#patterns[end]!.further) {
      const { index, size, wide } = this.#patterns[end]!;
      const step = wide ? 2 : 1;
      const start = at - size + 1;
      const stop = at + 1;
      const touches =
        (isWordByte(bytes[start]!) && isWordByte(start >= step ? bytes[start - step]! : 0)) ||
        (isWordByte(bytes[stop - step]!) && isWordByte(stop < length ? bytes[stop]! : 0));
      if (!touches && !all?.includes(index)) (all ??= []).push(index);
    }
    return all;
  }
}

interface PatternEnd {
  readonly index: number;
  readonly size: number;
  readonly wide: boolean;
  /** The next pattern that ends at the same place, -1 where none does. */
  further: number;
}

function isWordByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}

function bytesOfHexText(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );
}

/** Bytes that no pattern has are one class, capitals are of their letter's class: a table small enough to stay near. */
function classesOf(patterns: readonly Uint8Array[]): Uint8Array {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const bytes of patterns) {
    for (const byte of bytes) {
      const folded = byte >= 65 && byte <= 90 ? byte + 32 : byte;
      if (classes[folded] === 0) classes[folded] = count++;
    }
  }
  for (let capital = 65; capital <= 90; capital++) classes[capital] = classes[capital + 32]!;
  return classes;
}

/** States are 16-bit numbers; lists that need more want a wider table, not a wrong one. */
const MAX_STATES = 0xffff;

function trieOf(
  patterns: readonly { readonly index: number; readonly bytes: Uint8Array }[],
  classes: Uint8Array,
  width: number,
): { next: Uint16Array; ends: Int32Array; patterns: PatternEnd[] } {
  const most = patterns.reduce((sum, { bytes }) => sum + bytes.length, 1);
  if (most > MAX_STATES) throw new Error(`word lists of ${most} bytes, ${MAX_STATES} at most`);
  const next = new Uint16Array(most * width);
  const ends = new Int32Array(most).fill(-1);
  const list: PatternEnd[] = [];
  let states = 1;
  for (const { index, bytes } of patterns) {
    let state = 0;
    for (const byte of bytes) {
      const at = state * width + classes[byte]!;
      if (next[at] === 0) next[at] = states++;
      state = next[at]!;
    }
    const wide = bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0;
    list.push({ index, size: bytes.length, wide, further: ends[state]! });
    ends[state] = list.length - 1;
  }
  linkFailures(next, ends, list, states, width);
  return { next: next.slice(0, states * width), ends: ends.slice(0, states), patterns: list };
}

/** Turns the trie into an automaton: where no pattern goes on, the longest other beginning does. */
function linkFailures(
  next: Uint16Array,
  ends: Int32Array,
  list: PatternEnd[],
  states: number,
  width: number,
): void {
  const fail = new Uint16Array(states);
  const queue: number[] = [];
  for (let letter = 0; letter < width; letter++) {
    if (next[letter] !== 0) queue.push(next[letter]!);
  }
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!;
    const back = fail[state]!;
    if (ends[back] !== -1) {
      if (ends[state] === -1) ends[state] = ends[back]!;
      else lastOf(list, ends[state]!).further = ends[back]!;
    }
    for (let letter = 0; letter < width; letter++) {
      const at = state * width + letter;
      const child = next[at]!;
      if (child === 0) next[at] = next[back * width + letter]!;
      else {
        fail[child] = next[back * width + letter]!;
        queue.push(child);
      }
    }
  }
}

function lastOf(list: readonly PatternEnd[], from: number): PatternEnd {
  let end = list[from]!;
  while (end.further !== -1) end = list[end.further]!;
  return end;
}
