import type { FeatureId } from '@avow/declare/vocabulary';
import type { Place } from '@avow/locator';
import { locatorPlace, slicePath } from '../native/places.ts';
import type { NativeProductModule } from '../native/product.ts';
import type { NativePlace } from '../native/reading.ts';
import { oneLine, shortened } from '../observe/evidence.ts';
import type { PlacedFeature } from '../product/module.ts';
import type { OutsideMatch, OutsideRules, Unknown } from '../result.ts';
import type { CapaMatch } from './reading.ts';
import type { CapaRules } from './rule/set.ts';
import { type CapaWords, type Doubt, doubtOf, wordOf } from './words.ts';

/** Characters of evidence, as in our own features. */
const MAX_EVIDENCE = 120;

/** What a product is examined with besides our own rules. */
export interface GivenCapa {
  readonly rules: CapaRules;
  readonly words: CapaWords;
}

/** Matches of one module: those that are believed, and those that are set aside, with the reason. */
interface Sorted {
  readonly path: string;
  readonly believed: readonly CapaMatch[];
  readonly doubted: readonly { readonly match: CapaMatch; readonly doubt: Doubt }[];
  readonly left: number;
}

/** What rules of someone else found in a product's native modules. */
export class CapaFindings {
  readonly #given: GivenCapa;
  readonly #print: Print;
  readonly #modules: readonly NativeProductModule[];
  readonly #sorted: readonly Sorted[];

  constructor(given: GivenCapa, modules: readonly NativeProductModule[], print: Print) {
    this.#given = given;
    this.#print = print;
    this.#modules = modules;
    const { words } = given;
    const byName = new Map(given.rules.rules.map((rule) => [rule.name, rule]));
    this.#sorted = modules.flatMap(({ path, kind, reading: { native } }) => {
      if (native?.capa === undefined) return [];
      const believed: CapaMatch[] = [];
      const doubted: { match: CapaMatch; doubt: Doubt }[] = [];
      for (const match of native.capa.matches) {
        const doubt = doubtOf(words, byName.get(match.rule)!, kind);
        if (doubt === undefined) believed.push(match);
        else doubted.push({ match, doubt });
      }
      return [{ path, believed, doubted, left: native.capa.left }];
    });
  }

  /** Matches whose rule has a word of the vocabulary, as features. */
  features(): PlacedFeature[] {
    const { words } = this.#given;
    return this.#sorted.flatMap(({ path, believed }) =>
      believed.flatMap((match) => {
        const feature = wordOf(words, match.rule, match.namespace);
        return feature === undefined ? [] : [placedFeature(path, match, feature)];
      }),
    );
  }

  /** Modules on which rules were not tried, or not on all of their code. */
  unknowns(): Unknown[] {
    return this.#modules.flatMap(({ path, reading }) =>
      (reading.native?.capa?.unknowns ?? []).map((why) => ({
        feature: 'opaque.unanalysed' as const,
        locator: this.#print(path, { kind: 'all' }),
        why,
      })),
    );
  }

  /**
   * The rules that were given and what came of them.
   *
   * @param ids Of features, by the match that each stands for.
   */
  told(ids: ReadonlyMap<CapaMatch, string>): OutsideRules {
    const { rules, words } = this.#given;
    const untried = rules.unsupported.filter(({ state }) => state === 'unsupported').length;
    return {
      format: 'capa',
      digest: rules.digest,
      words: words.digest,
      rules: rules.rules.length + untried,
      tried: rules.rules.length,
      modules: this.#sorted.length,
      matches: this.#sorted.flatMap(({ path, believed }) =>
        believed.map((match) => shownMatch(match, path, ids.get(match), this.#print)),
      ),
      doubtful: this.#doubtful(),
      left: this.#sorted.reduce((all, { left }) => all + left, 0),
      unsupported: rules.unsupported,
      faults: rules.faults,
    };
  }

  #doubtful(): OutsideRules['doubtful'] {
    const all = this.#sorted.flatMap(({ doubted }) => doubted);
    return [...Map.groupBy(all, ({ match }) => match.rule)]
      .map(([rule, group]) => ({ rule, places: group.length, why: group[0]!.doubt.why }))
      .sort((a, b) => (a.rule < b.rule ? -1 : 1));
  }
}

function placedFeature(path: string, match: CapaMatch, feature: FeatureId): PlacedFeature {
  const place = placeOf(match);
  const start = match.address === undefined ? 0 : Number(BigInt(match.address));
  return {
    path: slicePath(path, place),
    place: { start, end: start, line: 0, column: 0 },
    at: locatorPlace(place),
    feature,
    evidence: evidenceOf(match),
    when: match.isLoaded ? 'load' : 'call',
    rule: `capa:${match.rule}`,
    within: match.within,
    match,
  };
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
