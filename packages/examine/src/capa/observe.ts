import { type NativeImage, sweepCode } from '@avow/formats/native';
import { hexAddress } from '../native/address.ts';
import { FunctionNames } from '../native/function-names.ts';
import { CallGraph, loadedFunctions } from '../native/graph.ts';
import { withEntryAsCode } from './code/ranges.ts';
import type { CompiledRules } from './match/compile.ts';
import { WHOLE } from './match/test.ts';
import type { CapaGround, CapaMatch, CapaReading } from './reading.ts';
import { shownFeature } from './rule/feature.ts';
import { type PlacedMatch, scanImage } from './scan.ts';

/** Places of one rule in one image; what has more has it everywhere. */
const MAX_PLACES = 200;

/** Characters of a ground: a long pattern is known by its beginning. */
const MAX_GROUND = 100;

export interface CapaOptions {
  /** `arm64`: the slice of a fat file. */
  readonly slice?: string;
  /** Rules that only serve others are told too. */
  readonly withLibrary?: boolean;
}

/** What the rules say of an image. */
export function observeCapa(
  given: NativeImage,
  rules: CompiledRules,
  { slice, withLibrary = false }: CapaOptions = {},
): CapaReading {
  const image = withEntryAsCode(given);
  const code = sweepCode(image);
  const names = new FunctionNames(image, code);
  const graph = new CallGraph(image, code);
  const loaded = loadedFunctions(image, graph);
  const matches: CapaMatch[] = [];
  const counts = new Map<string, number>();
  const told = new Set<string>();
  let left = 0;
  const tell = ({ rule, place, inside, grounds }: PlacedMatch): void => {
    if (rule.isLibrary && !withLibrary) return;
    // Functions may share code: what stands there is told once.
    const key = `${place} ${rule.name}`;
    if (told.has(key)) return;
    told.add(key);
    const count = (counts.get(rule.name) ?? 0) + 1;
    counts.set(rule.name, count);
    if (count > MAX_PLACES) {
      left += 1;
      return;
    }
    const index = inside === undefined ? -1 : graph.startingAt(inside);
    matches.push({
      rule: rule.name,
      namespace: rule.namespace,
      scope: rule.scope,
      ...(place === WHOLE ? {} : { address: hexAddress(image, place) }),
      ...(inside === undefined ? {} : { inside: hexAddress(image, inside) }),
      within: index < 0 ? [] : [names.nameOf(index)],
      grounds: grounds.map((ground) => groundOf(image, rules, ground)),
      attack: rule.attack,
      mbc: rule.mbc,
      ...(slice === undefined ? {} : { slice }),
      isLoaded: loaded.has(index),
    });
  };
  const walked = scanImage(image, code, rules, tell);
  return {
    matches: matches.sort(compareMatches),
    left,
    functions: walked?.functions ?? 0,
    instructions: walked?.instructions ?? 0,
    unknowns: unknownsOf(image, rules, walked),
  };
}

function groundOf(
  image: NativeImage,
  { asked }: CompiledRules,
  { id, place }: PlacedMatch['grounds'][number],
): CapaGround {
  const feature = asked.featureOf(id);
  const what = feature === undefined ? 'part' : shownFeature(feature).slice(0, MAX_GROUND);
  return place === WHOLE ? { what } : { what, address: hexAddress(image, place) };
}

function unknownsOf(
  image: NativeImage,
  { asked, tried }: CompiledRules,
  walked: ReturnType<typeof scanImage>,
): CapaReading['unknowns'] {
  const unknowns: { code: string; message: string }[] = [];
  if (asked.texts.isCut || asked.fileTexts.isCut) {
    const message = 'patterns of rules were not tried on all texts';
    unknowns.push({ code: 'capa.too-much-text', message });
  }
  if (walked === undefined) {
    const message = `${tried.code} of ${tried.all} rules are about code, and are not tried on that for ${image.machine}`;
    return [...unknowns, { code: 'capa.machine', message }];
  }
  if (image.libraries.some((library) => /^mscoree\.dll$/i.test(library))) {
    const message = 'rules are not tried on the managed code of this module';
    unknowns.push({ code: 'capa.managed', message });
  }
  if (walked.isCut) {
    const message = `rules were tried on the first ${walked.instructions} instructions alone`;
    unknowns.push({ code: 'capa.too-much-code', message });
  }
  if (walked.cut > 0) {
    const message = `${walked.cut} functions are too long to be followed to their end`;
    unknowns.push({ code: 'capa.long-function', message });
  }
  return unknowns;
}

function compareMatches(a: CapaMatch, b: CapaMatch): number {
  return addressOrder(a.address, b.address) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

/** The file before its places. */
function addressOrder(a: string | undefined, b: string | undefined): number {
  const [left, right] = [BigInt(a ?? -1), BigInt(b ?? -1)];
  return left < right ? -1 : left > right ? 1 : 0;
}
