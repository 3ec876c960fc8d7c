import type { Digest } from '@avow/bytes';
import { type FeatureId, VOCABULARY } from '@avow/declare';
import type { Examination, Feature } from '../result.ts';
import { isWhole } from '../whole.ts';
import { type DeclarationChange, declarationChange } from './declarations.ts';
import { type FlowChanges, flowChanges } from './flows.ts';
import { type MovedModule, movedFeatures, movedModules } from './moved.ts';

/** What changed from one release to the next: abilities first, then places. */
export interface ExaminationDiff {
  readonly schema: 'avow.diff/1';
  readonly old: DiffedRelease;
  readonly new: DiffedRelease;
  /** Features that one release has somewhere, and the other nowhere. */
  readonly abilities: Changed<Ability>;
  /** Features that both have, and whose recipients differ. */
  readonly recipients: readonly RecipientChange[];
  /** Data that goes where it did not go before: the first thing to look at. */
  readonly flows: FlowChanges;
  /** By id: what one release has, and the other does not have in that function with that recipient. */
  readonly features: Changed<Feature>;
  readonly modules: ModuleChanges;
  /** Where one of them has a declaration. */
  readonly declaration?: DeclarationChange;
}

export interface DiffedRelease {
  readonly target: string;
  readonly digest: Digest;
  /** Everything in it was read and decided; else more may have changed than is said. */
  readonly isWhole: boolean;
}

export interface Changed<T> {
  readonly gained: readonly T[];
  readonly lost: readonly T[];
}

/** A feature, at installation or at any time. */
export interface Ability {
  readonly feature: FeatureId;
  /** `install` where the feature as such is not new, but that it acts at installation is. */
  readonly when?: 'install';
}

export interface RecipientChange extends Changed<string> {
  readonly feature: FeatureId;
}

export interface ModuleChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** The same under another path: by its bytes, or machine code by what it does. */
  readonly moved: readonly MovedModule[];
}

/**
 * Compares two examinations of the same engine and rules, by the ids of features
 * and the digests of modules. What only moved with its module is no news.
 */
export function diffExaminations(before: Examination, after: Examination): ExaminationDiff {
  const declaration = declarationChange(before, after);
  const modules = moduleChanges(before, after);
  const gained = beyond(after.features, before.features);
  const lost = beyond(before.features, after.features);
  const moved = movedFeatures(modules.moved, lost, gained);
  return {
    schema: 'avow.diff/1',
    old: releaseOf(before),
    new: releaseOf(after),
    abilities: {
      gained: abilitiesBeyond(after.features, before.features),
      lost: abilitiesBeyond(before.features, after.features),
    },
    recipients: recipientChanges(before.features, after.features),
    flows: flowChanges(before.flows, after.flows, modules.moved),
    features: {
      gained: gained.filter((feature) => !moved.has(feature)),
      lost: lost.filter((feature) => !moved.has(feature)),
    },
    modules,
    ...(declaration === undefined ? {} : { declaration }),
  };
}

function releaseOf(examination: Examination): DiffedRelease {
  const { target, digest } = examination.product;
  return { target, digest, isWhole: isWhole(examination) };
}

function beyond(features: readonly Feature[], others: readonly Feature[]): Feature[] {
  const ids = new Set(others.map(({ id }) => id));
  return features.filter(({ id }) => !ids.has(id));
}

function abilitiesBeyond(features: readonly Feature[], others: readonly Feature[]): Ability[] {
  const theirs = wordsOf(others);
  const theirsAtInstall = wordsOf(others.filter(isAtInstall));
  const atInstall = wordsOf(features.filter(isAtInstall));
  return sortedWords(wordsOf(features)).flatMap((feature): Ability[] => {
    if (!theirs.has(feature)) return [{ feature }];
    return atInstall.has(feature) && !theirsAtInstall.has(feature)
      ? [{ feature, when: 'install' }]
      : [];
  });
}

function isAtInstall({ when }: Feature): boolean {
  return when === 'install';
}

function wordsOf(features: readonly Feature[]): Set<FeatureId> {
  return new Set(features.map(({ feature }) => feature));
}

function sortedWords(words: Iterable<FeatureId>): FeatureId[] {
  return [...words].sort((a, b) => VOCABULARY[a].number - VOCABULARY[b].number);
}

function recipientChanges(
  before: readonly Feature[],
  after: readonly Feature[],
): RecipientChange[] {
  const old = recipientsByWord(before);
  const now = recipientsByWord(after);
  return sortedWords(now.keys())
    .filter((feature) => old.has(feature))
    .map((feature) => ({
      feature,
      gained: onlyIn(now.get(feature)!, old.get(feature)!),
      lost: onlyIn(old.get(feature)!, now.get(feature)!),
    }))
    .filter(({ gained, lost }) => gained.length + lost.length > 0);
}

function onlyIn(texts: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...texts].filter((text) => !others.has(text)).sort();
}

function recipientsByWord(features: readonly Feature[]): Map<FeatureId, Set<string>> {
  const groups = Map.groupBy(features, ({ feature }) => feature);
  return new Map(
    [...groups].map(([feature, places]) => [
      feature,
      new Set(places.flatMap(({ recipient }) => (recipient === undefined ? [] : [recipient]))),
    ]),
  );
}

function moduleChanges(before: Examination, after: Examination): ModuleChanges {
  const old = new Map(before.modules.map((module) => [module.path, module]));
  const now = new Map(after.modules.map((module) => [module.path, module]));
  const gone = before.modules.filter(({ path }) => !now.has(path));
  const come = after.modules.filter(({ path }) => !old.has(path));
  const moved = movedModules(gone, come, before.features, after.features);
  const left = new Set(moved.map(({ from }) => from));
  const arrived = new Set(moved.map(({ to }) => to));
  return {
    added: come.map(({ path }) => path).filter((path) => !arrived.has(path)),
    removed: gone.map(({ path }) => path).filter((path) => !left.has(path)),
    changed: after.modules
      .filter(({ path, digest }) => old.has(path) && old.get(path)!.digest !== digest)
      .map(({ path }) => path),
    moved,
  };
}
