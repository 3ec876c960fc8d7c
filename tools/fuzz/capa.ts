/**
 * Fuzzes the matching of rules in capa's language: node tools/fuzz/capa.ts
 * [--seconds N] [--seed S] [--kind KIND]. What it finds it prints with the seed
 * that makes it again, and ends with status 1.
 *
 * Whatever an image or a rule's text is, a reading, a fault or `Refused` comes
 * out, in time.
 */
import { parseArgs } from 'node:util';
import { latin1Text, Refused } from '@avow/bytes';
import {
  type CompiledRules,
  compileCapaRules,
  observeCapa,
  readCapaRule,
  readCapaRules,
} from '@avow/examine/capa';
import { readNative } from '@avow/formats/native';
import { elfOf } from '../../packages/formats/src/module/native/testdata/elf.ts';
import { peOf } from '../../packages/formats/src/module/native/testdata/pe.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

export type CapaFuzzKind = 'pe' | 'elf' | 'rule';

export const FUZZED_CAPA: readonly CapaFuzzKind[] = ['pe', 'elf', 'rule'];

/** Milliseconds for one image of four kilobytes, or one rule. */
const MAX_MILLISECONDS = 4000;

/** One rule with a feature of every kind, so that all of them are looked for. */
const RULE = `rule:
  meta:
    name: everything
    namespace: a/b
    scopes:
      static: function
      dynamic: call
    examples:
      - sample:0x401000
  features:
    - or:
      - api: kernel32.CreateFile
      - string: /C:.*x/i
      - string: HOME
      - substring: OM
      - bytes: 48 8D 0D
      - number: 0x80000000
      - offset: 0x10
      - operand[1].number: 2
      - characteristic: loop
      - characteristic: nzxor
      - characteristic: calls to
      - characteristic: stack string
      - characteristic: cross section flow
      - count(basic blocks): 3 or more
      - count(mnemonic(mov)): (2, 10)
      - basic block:
        - characteristic: tight loop
      - instruction:
        - mnemonic: cmp
        - not:
          - number: 3
      - call:
        - and:
          - api: getenv
          - string: HOME
      - span of calls:
        - 2 or more:
          - api: getenv
          - api: CreateFile
          - number: 1
`;

const FILE_RULE = RULE.replace('static: function', 'static: file')
  .replace(/ {4}- or:[\s\S]*/, '')
  .replace('everything', 'in file')
  .concat(
    '    - or:\n      - characteristic: embedded pe\n      - match: a\n      - import: getenv\n',
  );

const compiled: CompiledRules = compileCapaRules(
  readCapaRules([
    { path: 'a.yml', text: RULE },
    { path: 'b.yml', text: FILE_RULE },
  ]),
);

/** Makes the input of a seed, and throws where anything comes out of it that may not. */
export function fuzzCapa(kind: CapaFuzzKind, seed: number): void {
  const random = new Random(seed);
  const started = performance.now();
  try {
    if (kind === 'rule') fuzzRule(random);
    else {
      const bytes = mutate(kind === 'pe' ? peOf() : elfOf({ base: 0x400000 }), random);
      for (const { image } of readNative(bytes, kind)) observeCapa(image, compiled);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  const took = performance.now() - started;
  if (took > MAX_MILLISECONDS) throw new Error(`took ${Math.round(took)} ms`);
}

function fuzzRule(random: Random): void {
  const text = latin1Text(mutate(new TextEncoder().encode(RULE), random));
  if ('rule' in readCapaRule('a.yml', text)) {
    compileCapaRules(readCapaRules([{ path: 'a.yml', text }]));
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      kind: { type: 'string' },
    },
  });
  const kinds = FUZZED_CAPA.filter((kind) => values.kind === undefined || values.kind === kind);
  const until = performance.now() + Number(values.seconds) * 1000;
  let seed = Number(values.seed);
  for (; performance.now() < until; seed += 1) {
    for (const kind of kinds) {
      try {
        fuzzCapa(kind, seed);
      } catch (error) {
        console.error(`--kind ${kind} --seed ${seed}:`, error);
        process.exit(1);
      }
    }
  }
  console.log(`seeds ${values.seed} to ${seed - 1} of ${kinds.join(', ')}: nothing found`);
}
