/**
 * Holds our matching against the examples of capa's public rules:
 *
 *     AVOW_CAPA_RULES=… AVOW_CAPA_TESTFILES=… node tools/capa/examples.ts [--list]
 *
 * The variables name folders or git directories of mandiant/capa-rules and
 * mandiant/capa-testfiles. THE TEST FILES ARE LIVE MALWARE: they are read as
 * bytes into memory, never written, never run. A rule names a sample and the
 * address where it matches; a pair counts as matched when the rule matches in a
 * function that holds the address. The rest is told by cause.
 */
import {
  type CapaMatch,
  type CapaRule,
  type CompiledRules,
  compileCapaRules,
  functionsAround,
  observeCapa,
  readCapaRules,
} from '@avow/examine/capa';
import { type NativeImage, nativeKindOf, readNative } from '@avow/formats/native';
import { corpusOf, rulesOf, samplesOf } from './corpus.ts';

const WANTED = 0.6;

interface Pair {
  readonly rule: CapaRule;
  readonly address: bigint;
  readonly sample: string;
}

const CAUSES = {
  matched: 'matched in a function that holds the address',
  file: 'a rule about files, matched in the file: it has no function',
  elsewhere: 'matched in other functions alone',
  'no-function': 'no match, and no function of ours holds the address',
  'no-match': 'no match',
  refused: 'the sample cannot be read',
  managed: 'managed code (.NET)',
  other: 'neither PE nor ELF: shellcode, archives, scripts',
  absent: 'the sample is not among the test files',
} as const;

type Cause = keyof typeof CAUSES;

/** capa's analysis puts position-independent ELF files there. */
const ELF_BASE = 0x2000000n;

const rulesCorpus = corpusOf('AVOW_CAPA_RULES');
const samplesCorpus = corpusOf('AVOW_CAPA_TESTFILES');
if (rulesCorpus === undefined || samplesCorpus === undefined) process.exit(0);

const set = readCapaRules(rulesOf(rulesCorpus));
const untried = set.unsupported.filter(({ state }) => state === 'unsupported');
const partly = set.unsupported.length - untried.length;
console.log(
  `${set.rules.length + untried.length} rules: ${set.rules.length} tried, ${partly} of them with alternatives that machine code cannot have; ${untried.length} unsupported; ${set.faults.length} unread`,
);
const rules = compileCapaRules(set);
const outcomes = outcomesOf(rules);
report(outcomes);

function pairsOf(): Pair[] {
  return set.rules.flatMap((rule) =>
    rule.examples.flatMap((example) => {
      const found = /^(.*):(0x[0-9a-f]+)$/i.exec(example);
      if (found === null) return [];
      return [{ rule, address: BigInt(found[2]!), sample: found[1]!.toLowerCase() }];
    }),
  );
}

function outcomesOf(compiled: CompiledRules): Map<Pair, Cause> {
  const names = samplesOf(samplesCorpus!);
  const found = new Map<Pair, Cause>();
  for (const [sample, pairs] of Map.groupBy(pairsOf(), (pair) => pair.sample)) {
    const path = names.get(sample);
    const bytes = path === undefined ? undefined : samplesCorpus!.read(path);
    for (const [pair, cause] of sampleOutcomes(bytes, pairs, compiled)) found.set(pair, cause);
  }
  return found;
}

function sampleOutcomes(
  bytes: Buffer | undefined,
  pairs: readonly Pair[],
  compiled: CompiledRules,
): (readonly [Pair, Cause])[] {
  const all = (cause: Cause) => pairs.map((pair) => [pair, cause] as const);
  if (bytes === undefined) return all('absent');
  const kind = nativeKindOf(bytes);
  if (kind !== 'pe' && kind !== 'elf') return all('other');
  let image: NativeImage;
  try {
    image = readNative(bytes, kind)[0]!.image;
  } catch {
    return all('refused');
  }
  if (image.libraries.some((library) => /^mscoree\.dll$/i.test(library))) return all('managed');
  const { matches } = observeCapa(image, compiled, { withLibrary: true });
  const around = functionsAround(
    image,
    pairs.map(({ address }) => placeIn(image, address)),
  );
  return pairs.map((pair) => [pair, causeOf(pair, image, matches, around)] as const);
}

function placeIn({ format, base }: NativeImage, address: bigint): bigint {
  return format === 'elf' && base === 0n && address >= ELF_BASE ? address - ELF_BASE : address;
}

function causeOf(
  { rule, address }: Pair,
  image: NativeImage,
  matches: readonly CapaMatch[],
  around: ReadonlyMap<bigint, readonly string[]>,
): Cause {
  const own = matches.filter((match) => match.rule === rule.name);
  const place = placeIn(image, address);
  const holders = around.get(place)!;
  const isThere = ({ address: at, inside }: CapaMatch): boolean =>
    at === `0x${place.toString(16)}` || (inside !== undefined && holders.includes(inside));
  if (own.some(isThere)) return 'matched';
  if (own.length > 0) return rule.scope === 'file' ? 'file' : 'elsewhere';
  return holders.length === 0 ? 'no-function' : 'no-match';
}

function report(found: ReadonlyMap<Pair, Cause>): void {
  const counts = new Map<Cause, number>();
  for (const cause of found.values()) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  for (const [cause, says] of Object.entries(CAUSES)) {
    console.log(`${String(counts.get(cause as Cause) ?? 0).padStart(5)}  ${says}`);
  }
  if (process.argv.includes('--list')) {
    for (const [{ rule, address, sample }, cause] of found) {
      if (cause === 'matched') continue;
      console.log(`${cause}: ${rule.name} (${rule.file}) ${sample}:0x${address.toString(16)}`);
    }
  }
  const outside: readonly Cause[] = ['absent', 'other', 'managed'];
  const native = [...found.values()].filter((cause) => !outside.includes(cause)).length;
  const share = (counts.get('matched') ?? 0) / native;
  console.log(
    `${counts.get('matched')} of ${native} pairs in native PE and ELF matched: ${(share * 100).toFixed(1)} %, ${WANTED * 100} % wanted`,
  );
  process.exitCode = share >= WANTED ? 0 : 1;
}
