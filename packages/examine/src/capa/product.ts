import type { Place } from '@avow/locator';
import { locatorPlace, slicePath } from '../native/places.ts';
import type { NativeProductModule } from '../native/product.ts';
import type { NativePlace } from '../native/reading.ts';
import { oneLine, shortened } from '../observe/evidence.ts';
import type { PlacedFeature } from '../product/module.ts';
import type { OutsideMatch, OutsideRules, Unknown } from '../result.ts';
import type { CapaMatch } from './reading.ts';
import type { CapaRules } from './rule/set.ts';
import { type CapaWords, wordOf } from './words.ts';

/** Characters of evidence, as in our own features. */
const MAX_EVIDENCE = 120;

/** What a product is examined with besides our own rules. */
export interface GivenCapa {
  readonly rules: CapaRules;
  readonly words: CapaWords;
}

/** Matches whose rule has a word of the vocabulary, as features. */
export function capaFeatures(
  { path, reading }: NativeProductModule,
  words: CapaWords,
): PlacedFeature[] {
  return (reading.native?.capa?.matches ?? []).flatMap((match) => {
    const feature = wordOf(words, match.rule, match.namespace);
    if (feature === undefined) return [];
    const place = placeOf(match);
    const start = match.address === undefined ? 0 : Number(BigInt(match.address));
    return [
      {
        path: slicePath(path, place),
        place: { start, end: start, line: 0, column: 0 },
        at: locatorPlace(place),
        feature,
        evidence: evidenceOf(match),
        when: match.isLoaded ? 'load' : 'call',
        rule: `capa:${match.rule}`,
        within: match.within,
        match,
      },
    ];
  });
}

function placeOf({ address, slice }: CapaMatch): NativePlace {
  const inSlice = slice === undefined ? {} : { slice };
  return address === undefined ? { kind: 'all', ...inSlice } : { kind: 'va', address, ...inSlice };
}

/** `create TCP socket [T1095 C0001.011]: api socket at 0x401020, …`. */
function evidenceOf({ rule, attack, mbc, grounds }: CapaMatch): string {
  const ids = [...attack, ...mbc];
  const named = ids.length === 0 ? rule : `${rule} [${ids.join(' ')}]`;
  const shown = grounds.map(({ what, address }) =>
    address === undefined ? what : `${what} at ${address}`,
  );
  const text = shown.length === 0 ? named : `${named}: ${shown.join(', ')}`;
  return shortened(oneLine(text), MAX_EVIDENCE);
}

type Print = (path: string, place: Place) => string;

/**
 * The rules that were given and what came of them.
 *
 * @param ids Of features, by the match that each stands for.
 */
export function outsideOf(
  { rules, words }: GivenCapa,
  modules: readonly NativeProductModule[],
  ids: ReadonlyMap<CapaMatch, string>,
  print: Print,
): OutsideRules {
  const read = modules.flatMap(({ path, reading: { native } }) =>
    native?.capa === undefined ? [] : [{ path, capa: native.capa }],
  );
  const untried = rules.unsupported.filter(({ state }) => state === 'unsupported').length;
  return {
    format: 'capa',
    digest: rules.digest,
    words: words.digest,
    rules: rules.rules.length + untried,
    tried: rules.rules.length,
    modules: read.length,
    matches: read.flatMap(({ path, capa }) =>
      capa.matches.map((match) => shownMatch(match, path, ids.get(match), print)),
    ),
    left: read.reduce((all, { capa }) => all + capa.left, 0),
    unsupported: rules.unsupported,
    faults: rules.faults,
  };
}

function shownMatch(
  match: CapaMatch,
  path: string,
  feature: string | undefined,
  print: Print,
): OutsideMatch {
  const { rule, namespace, scope, within, grounds, attack, mbc } = match;
  const place = placeOf(match);
  return {
    rule,
    namespace,
    scope,
    locator: print(slicePath(path, place), locatorPlace(place)),
    ...(within[0] === undefined || within[0] === '' ? {} : { within: within[0] }),
    grounds,
    attack,
    mbc,
    ...(feature === undefined ? {} : { feature }),
  };
}

/** Modules on which rules were not tried, or not on all of their code. */
export function capaUnknowns(modules: readonly NativeProductModule[], print: Print): Unknown[] {
  return modules.flatMap(({ path, reading }) =>
    (reading.native?.capa?.unknowns ?? []).map((why) => ({
      feature: 'opaque.unanalysed' as const,
      locator: print(path, { kind: 'all' }),
      why,
    })),
  );
}
