import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changeDeclaration,
  compare,
  draftDeclaration,
  type FeatureId,
  type FeaturePart,
  type FlowPart,
  type Parts,
  readDeclaration,
  VOCABULARY,
} from '../index.ts';

/** Mulberry32: the same cases on every run. */
class Chooser {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

const IDS = Object.keys(VOCABULARY) as FeatureId[];
const PATHS = ['a.js', 'lib/b.js', 'lib/%5Bc%5D*.js', 'x%20y/d.js', ''];
const RECIPIENTS = [
  undefined,
  'a.example',
  'b.a.example',
  'https://a.example/x',
  'https://*.example/y',
  '*.example',
  '/tmp/x',
  '/tmp/*',
  'HOME',
  'npm ls *',
  'unresolved',
  'it\'s: "q" #\n',
  ' ',
  '*',
  '127.0.0.1:80',
  'a.example | localhost:1',
  'cat x | sh',
];

function anyParts(seed: number): Parts {
  const choose = new Chooser(seed);
  const few = [
    choose.of(IDS),
    choose.of(IDS),
    choose.of(IDS),
    'net.http',
    'env.named',
  ] as FeatureId[];
  const path = choose.of(PATHS);
  const locator = (line: number): string => {
    const where = choose.below(2) === 0 ? path : choose.of(PATHS);
    return `pkg:npm/a@1.0.0${where === '' ? '' : `#${where}`} @line:${line + 1}`;
  };
  const recipient = (): { recipient?: string } => {
    const chosen = choose.of(RECIPIENTS);
    return chosen === undefined ? {} : { recipient: chosen };
  };
  const features = Array.from({ length: choose.below(8) }, (_, index): FeaturePart => {
    const when = choose.of(['install', 'load', 'call'] as const);
    return {
      id: `f${index}`,
      feature: choose.of(few),
      locator: locator(index),
      when,
      ...recipient(),
    };
  });
  const flows = Array.from({ length: choose.below(4) }, (_, index): FlowPart => {
    const end = choose.below(2) === 0 ? features[0] : undefined;
    const first = { role: 'source', locator: end?.locator ?? locator(50 + index) } as const;
    const last = { role: 'destination', locator: locator(60 + index) } as const;
    const gate = choose.below(3) === 0 ? { gate: 'env:CI & time' } : {};
    const source = choose.of(['env.named', 'screen', 'file.any'] as const);
    const destination = choose.of(['net.http', 'file.write', 'clipboard.write'] as const);
    return { id: `w${index}`, source, destination, hops: [first, last], ...gate, ...recipient() };
  });
  const records = Array.from({ length: choose.below(5) }, (_, index) => ({
    id: `r${index}`,
    locator: `pkg:npm/a@1.0.0#${choose.of(['lists/a.txt', 'b.cf'])} @line:${index + 1}`,
    action: choose.of(['send', 'alert', 'weaken'] as const),
    target: choose.of(['message', 'page'] as const),
    ...recipient(),
  }));
  return { modules: [], features, flows, unknowns: [], records };
}

const HEAD = 'avow: 1\nmaker: M\nproduct: pkg:npm/a\nversions: "*"\ndate: "2026-11-23"\n';

/** Declarations from empty to wide, with promises that are broken. */
const DECLARATIONS = [
  HEAD,
  `${HEAD}entries: [{does: net.http, to: a.example}]\ndatabases: [{database: b.cf, actions: alert}]\n`,
  `${HEAD}entries: [{data: env.named, does: net.*, gate: "env:CI"}]\nnever: [{data: screen}]\n`,
  `${HEAD}entries: [{does: "*", by: a.js, when: call}]\nnever: [{data: "*", does: net.*}, {name: n, does: [code.eval, net.http]}]\n`,
];

test('a draft, accepted as it is, leaves nothing undeclared', () => {
  for (let seed = 0; seed < 1_500; seed += 1) {
    const parts = anyParts(seed);
    const of = { maker: 'M', product: 'pkg:npm/a', version: '1.0.0', date: '2026-11-23' };
    const text = draftDeclaration(parts, of);
    const { findings, entries } = compare(parts, readDeclaration(text));
    assert.deepEqual(findings, [], `${seed}\n${text}`);
    assert.ok(
      entries.every(({ state }) => state === 'found'),
      `${seed}\n${text}`,
    );
    const said = entries.map(({ says }) => says);
    assert.equal(new Set(said).size, said.length, `the same said twice: ${seed}\n${text}`);
  }
});

test('the remedy of each finding removes that finding and no other', () => {
  for (let seed = 0; seed < 1_000; seed += 1) {
    const parts = anyParts(seed);
    const text = DECLARATIONS[seed % DECLARATIONS.length]!;
    const { findings } = compare(parts, readDeclaration(text));
    for (const finding of findings) {
      const changed = changeDeclaration(text, finding.remedy);
      const left = compare(parts, readDeclaration(changed)).findings.map(({ of }) => of);
      const wanted = findings.filter((other) => other !== finding).map(({ of }) => of);
      assert.deepEqual(
        left.sort(),
        wanted.sort(),
        `${seed} ${JSON.stringify(finding)}\n${changed}`,
      );
    }
  }
});

test('the order of features decides nothing but the order of equals', () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const parts = anyParts(seed);
    const declaration = readDeclaration(DECLARATIONS[seed % DECLARATIONS.length]!);
    const turned = { ...parts, features: [...parts.features].reverse() };
    const ids = (p: Parts): string[] =>
      compare(p, declaration).findings.flatMap(({ of, also }) => [of, ...also]);
    assert.deepEqual(ids(parts).sort(), ids(turned).sort());
  }
});
