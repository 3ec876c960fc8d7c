import { digestOf } from '@avow/bytes';
import { VOCABULARY } from '@avow/declare/vocabulary';
import type { PlacedFeature } from './module.ts';

/** Hex digits of an id: enough that two features of one product do not meet. */
const ID_DIGITS = 16;

/** A feature with its id. */
export interface NamedFeature extends PlacedFeature {
  readonly id: string;
}

/**
 * Features in the order of results, with ids that stay while the feature
 * stays: made of feature, recipient, rule, functions around it and the
 * module's path without what releases change; equal ones are numbered in order.
 */
export function named(features: readonly PlacedFeature[]): NamedFeature[] {
  const sorted = [...features].sort(compareFeatures);
  const seen = new Map<string, number>();
  return sorted.map((feature) => {
    const { recipient = '', rule, within, path } = feature;
    const key = [feature.feature, recipient, rule, within.join('/'), stablePath(path)].join('\n');
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const id = digestOf(`${key}\n${ordinal}`).slice('sha256:'.length, 'sha256:'.length + ID_DIGITS);
    return { ...feature, id };
  });
}

function compareFeatures(a: PlacedFeature, b: PlacedFeature): number {
  return (
    compareTexts(a.path, b.path) ||
    a.place.start - b.place.start ||
    a.place.end - b.place.end ||
    VOCABULARY[a.feature].number - VOCABULARY[b.feature].number ||
    compareTexts(a.recipient ?? '', b.recipient ?? '') ||
    compareTexts(a.rule, b.rule)
  );
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A path without versions and content hashes: `chunk-4f2a91bc.js`, `lib-1.2.3/a.js`. */
export function stablePath(path: string): string {
  return path
    .replaceAll(/\d{1,6}\.\d{1,6}\.\d{1,6}(-[\w.]{1,40})?/g, '*')
    .replaceAll(/([-._])(?=[0-9a-fA-F]{0,63}\d)[0-9a-fA-F]{6,64}(?=[-._/]|$)/g, '$1*')
    .replaceAll(/([-._])(?=[\w]{0,9}\d)(?=[\w]{0,9}[A-Z])\w{8,10}(?=\.)/g, '$1*');
}
