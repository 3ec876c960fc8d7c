import { encodeSegment, type Locator, printLocator } from '@avow/locator';
import { aroundLine, featuresOf } from './around.ts';
import type { Intake } from './intake.ts';
import { type Lack, lack } from './lack.ts';
import { nearestNames, nearestOrFirst } from './nearest.ts';
import type { ReasonCode } from './reasons.ts';
import { printSaid, type Said } from './said.ts';
import { memberOf, productOf, type Release, releaseOf, type Stored, targetOf } from './stored.ts';

/** What is known besides the products that a claim names: it only helps to say what may have been meant. */
export interface Nearby {
  /** Other releases and updates of the same products. */
  readonly releases?: readonly Release[];
  /** Products of which something is kept: `npm/x`. */
  readonly names?: readonly string[];
}

/** What may have been meant, for each thing that a text lacks. */
export function lackOf(
  reason: ReasonCode,
  intake: Intake,
  all: readonly Stored[],
  { releases: others = [], names = [] }: Nearby,
): Lack {
  const releases = [...all.map(releaseOf), ...others];
  const [said] = intake.said;
  const own = releases[0];
  switch (reason) {
    case 'missing-product':
    case 'missing-version': {
      const targets = [...new Set(releases.map(({ target }) => target))];
      return lack(reason, '', targets.length > 0 ? targets : namesLike(intake, names));
    }
    case 'missing-module':
      return lack(reason, '', own === undefined ? [] : modulesOf(own, said));
    case 'missing-place': {
      const [module] = intake.modules;
      const path = own?.files.find((one) => one.path === module || one.path.endsWith(`/${module}`));
      const found = own === undefined ? [] : featuresOf(own, said, path?.path);
      const near =
        found.length > 0 || own === undefined || path === undefined
          ? found
          : aroundLine(path.path, 1, own);
      const ids = recordsLike({ ...intake, words: intake.words.filter(isIdLike) }, releases);
      return { reason, says: asked(intake), candidates: [...ids.slice(0, 3), ...near] };
    }
    case 'missing-record':
      return lack(reason, asked(intake), recordsLike(intake, releases));
    case 'ambiguous': {
      const meant = intake.locators.map(printLocator);
      const choices = intake.questions.flatMap((one) => one.choices);
      const says = intake.said.length > 1 ? intake.said.map(printSaid).join(' or ') : '';
      return {
        reason,
        says: [asked(intake), says].filter((one) => one !== '').join(' '),
        candidates: (meant.length > 0 ? meant : choices).slice(0, 20),
      };
    }
    default:
      return lack(reason, '', []);
  }
}

function asked({ questions }: Intake): string {
  return questions.map(({ asks }) => asks).join(' ');
}

/** Files that have what is said, else files that have code. */
function modulesOf(release: Release, said: Said | undefined): readonly string[] {
  const found = said === undefined ? [] : featuresOf(release, said);
  if (found.length > 0) return found;
  return (release.examination?.modules ?? release.files).map(({ path }) => path);
}

/** Plain words are in every sentence; ids have capitals, digits or joints within. */
function isIdLike(word: string): boolean {
  return /[A-Z0-9_.:-]/.test(word.slice(1)) && !/^\d+$|[/\\]|\.[a-z]{1,4}$/.test(word);
}

/** Ids like those that the text has: a signature id without its revision is the beginning of one. */
function recordsLike({ words }: Intake, releases: readonly Release[]): readonly string[] {
  const ids = releases.flatMap(({ records, target }) =>
    records.filter(({ id }) => id !== '').map(({ id }) => ({ id, target })),
  );
  const parts = words.filter((word) => word.length >= 4);
  const within = ids.filter(({ id }) => parts.some((part) => id.includes(part)));
  const near = parts.flatMap((part) => nearestNames(part, new Set(ids.map(({ id }) => id)), 2));
  return [...new Set([...within.map(({ id, target }) => `${id} in ${target}`), ...near])];
}

/** Products whose name is a word of the text, else the first that there are. */
function namesLike({ words }: Intake, names: readonly string[]): readonly string[] {
  const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const told = names.filter((name) => words.some((word) => word.toLowerCase() === last(name)));
  return (told.length > 0 ? told : names).map(purlOf);
}

function purlOf(name: string): string {
  return `pkg:${name.split('/').map(encodeSegment).join('/')}`;
}

/** Of a product that is not there: names like it, of which some release is. */
export function withNames(one: Lack, { target }: Locator, { names = [] }: Nearby): Lack {
  if (one.reason !== 'no-such-product' || target.kind !== 'purl' || one.candidates.length > 0) {
    return one;
  }
  const { type, namespace, name } = target.purl;
  const near = nearestOrFirst([type, ...namespace, name].join('/'), names);
  return { ...one, candidates: near.map(purlOf) };
}

/** Of a product that is there and a place that is not: where in it the same is found. */
export function withSaid(
  one: Lack,
  locator: Locator,
  said: Said | undefined,
  all: readonly Stored[],
): Lack {
  const stored = all.find((known) => targetOf(known) === productOf(locator));
  if (said === undefined || stored === undefined || !PLACES.has(one.reason)) return one;
  const found = featuresOf(releaseOf(stored), said).filter(
    (text) => !one.candidates.includes(text),
  );
  return { ...one, candidates: [...found, ...one.candidates] };
}

const PLACES: ReadonlySet<ReasonCode> = new Set([
  'outside-image',
  'no-such-module',
  'no-such-symbol',
  'missing-module',
]);

/** Of a place that is there, and of which nothing is said: what was found at it. */
export function withFeatures(one: Lack, locator: Locator, stored: Stored | undefined): Lack {
  if (one.reason !== 'missing-feature' || stored === undefined) return one;
  return lack(one.reason, '', featuresOf(releaseOf(stored), undefined, memberOf(locator)));
}

/** Files named that the product does not have: the nearest that it has. */
export function modulesUnknown(intake: Intake, all: readonly Stored[]): Lack[] {
  const paths = all.flatMap(({ files }) => files.map(({ path }) => path));
  return intake.modules
    .map((module) => ({ module, near: nearestNames(module, paths) }))
    .filter(({ near, module }) => !paths.includes(module) && near.length > 0)
    .slice(0, 5)
    .map(({ module, near }) => ({
      reason: 'no-such-module' as const,
      says: `no stored product has a file ${module}`,
      candidates: near,
    }));
}
