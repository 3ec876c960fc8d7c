import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Guard,
  type Locator,
  type Place,
  parseLocator,
  printLocator,
  readLoose,
} from './index.ts';

/** Mulberry32: the same cases on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ALPHABET = [...'aZ09.-_~:()+@!/#?%& \'"<>|\\\u0001é漢😀=,;*$^[]{}`'];

class Chooser {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  text(alphabet = ALPHABET): string {
    return Array.from({ length: 1 + this.below(8) }, () => this.of(alphabet)).join('');
  }

  segment(): string {
    const text = this.text(ALPHABET.filter((character) => character !== '/'));
    return text === '.' || text === '..' ? 'dot' : text;
  }

  address(): bigint {
    return BigInt(this.below(2 ** 32)) << BigInt(this.below(33));
  }
}

function anyPlace(choose: Chooser): Place {
  const offset = choose.below(2) === 0 ? {} : { offset: choose.address() };
  const kinds: readonly (() => Place)[] = [
    () => ({ kind: choose.of(['rva', 'va', 'off'] as const), address: choose.address() }),
    () => ({ kind: 'off', address: 0n, length: 1 + choose.below(100) }),
    () => ({ kind: 'sec', name: choose.text(), offset: choose.address() }),
    () => ({ kind: 'sym', name: choose.text(), ...offset }),
    () => ({ kind: 'il', token: choose.below(2 ** 32), ...offset }),
    () => ({ kind: 'wasm', func: choose.below(2 ** 32), ...offset }),
    () => ({ kind: 'line', start: { line: 1 + choose.below(9) } }),
    () => ({
      kind: 'line',
      start: { line: 1, column: 1 + choose.below(9) },
      end: { line: 2 + choose.below(9), column: 1 },
    }),
    () => ({ kind: 'rec', id: choose.text() }),
    () => ({ kind: 'all' }),
  ];
  return choose.of(kinds)();
}

function anyLocator(choose: Chooser): Locator {
  const guards: Guard[] = [];
  if (choose.below(3) === 0) guards.push({ kind: 'sha256', sha256: '0f'.repeat(32) });
  if (choose.below(3) === 0) guards.push({ kind: 'id', id: 'Go_id/x-1' });
  const path = Array.from({ length: 1 + choose.below(3) }, () =>
    Array.from({ length: 1 + choose.below(3) }, () => choose.segment()),
  );
  const target: Locator['target'] = {
    kind: 'purl',
    purl: {
      type: choose.of(['npm', 'generic', 'vscode-extension']),
      namespace: choose.below(2) === 0 ? [] : [choose.segment()],
      name: choose.segment(),
      version: choose.text(),
      qualifiers: choose.below(2) === 0 ? {} : { arch: choose.text(), os: choose.text() },
    },
    ...(choose.below(3) === 0 ? {} : { path }),
  };
  return { target, place: anyPlace(choose), guards };
}

test('what is printed is read back as it was, whatever names hold', () => {
  for (let seed = 0; seed < 5_000; seed += 1) {
    const locator = anyLocator(new Chooser(seed));
    const text = printLocator(locator);
    assert.deepEqual(parseLocator(text), locator, text);
    assert.equal(printLocator(parseLocator(text)), text);
  }
});

test('a locator cut, doubled or changed anywhere is read or refused, never thrown at', () => {
  for (let seed = 0; seed < 20_000; seed += 1) {
    const choose = new Chooser(seed);
    const text = printLocator(anyLocator(choose));
    const at = choose.below(text.length);
    const changed = choose.of([
      text.slice(0, at),
      text.slice(0, at) + choose.of(ALPHABET) + text.slice(at + 1),
      text.slice(0, at) + text,
      `${text} ${text}`,
    ]);
    try {
      assert.equal(printLocator(parseLocator(changed)), changed);
    } catch (error) {
      assert.equal((error as Error).name, 'Refused', `${changed}: ${(error as Error).stack}`);
    }
    readLoose(changed);
  }
});

const HOSTILE: Readonly<Record<string, string>> = {
  'one long token': 'a'.repeat(1_000_000),
  'only spaces': ' '.repeat(1_000_000),
  'a deep path': `pkg:npm/a@1#${'a/'.repeat(500_000)} @all`,
  'a path of containers': `pkg:npm/a@1#${'a!/'.repeat(300_000)} @all`,
  'frames that never close': `at ${'('.repeat(2_000)}\n`.repeat(500),
  'lines full of signs': `${'+0x1'.repeat(500)}\n`.repeat(500),
  'lines of dots and digits': `${'A.'.repeat(1_000)}-1\n`.repeat(500),
  colons: `${'a:1'.repeat(680)}\n`.repeat(500),
};

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`a megabyte is turned back at once: ${name}`, () => {
    const start = process.cpuUsage();
    assert.throws(() => parseLocator(text), { name: 'Refused' });
    readLoose(text);
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 1_000_000, `${(user + system) / 1_000} ms`);
  });
}
